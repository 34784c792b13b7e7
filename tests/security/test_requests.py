"""Requests that no browser of a person makes: other hosts, other sites, other methods, other people's objects."""

import io
import json
import logging
import re

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.urls import reverse

import assessments.forms
import community.forms
import partnerships.forms
from assessments.models import Assessment
from assessments.services.setup import decisions, opening
from tests.assessments import making
from tests.factories import PASSWORD
from tests.security.fuzzing import digest
from tests.security.test_sources import modules_of

EVIL = "evil.example"


@pytest.mark.parametrize("headers", [{"HTTP_HOST": EVIL}, {"HTTP_HOST": "localhost:80@evil.example"}])
def test_a_foreign_host_is_refused(db, headers):
    assert Client().post("/accounts/password/reset/", {"email": "a@example.org"}, **headers).status_code == 400
    assert EVIL not in Client(HTTP_X_FORWARDED_HOST=EVIL).get("/accounts/email/").headers["Location"]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_next_leads_to_no_other_site(client, cast, back):
    cast.outsider.set_password(PASSWORD)
    cast.outsider.save()
    said = client.post("/language/", {"language": "fr", "next": back}).headers["Location"]
    signed_in = client.post(f"/accounts/login/?next={back}", {"login": cast.outsider.email, "password": PASSWORD})
    out = client.post("/accounts/logout/", {"next": back}).headers["Location"]
    assert [said, signed_in.headers["Location"], out] == ["/", "/", "/"]


def test_posts_need_the_token_also_by_htmx(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.north_facilitator)
    address = reverse("partnerships:account")
    assert browser.post(address, {"name": "X"}, HTTP_HX_REQUEST="true").status_code == 403
    token = re.search(r'"X-CSRFToken": ?"(\w+)"', browser.get(address).content.decode().replace("&quot;", '"'))[1]
    asks = {"HTTP_HX_REQUEST": "true", "HTTP_X_CSRFTOKEN": token}
    assert browser.post(address, {"name": "Freek", "language": "en"}, **asks).status_code == 302


def test_a_post_from_another_site_is_refused(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.north_facilitator)
    address = reverse("partnerships:account")
    browser.get(address)
    token = browser.cookies["csrftoken"].value
    data = {"name": "Freek", "language": "en", "csrfmiddlewaretoken": token}
    assert browser.post(address, data, HTTP_ORIGIN=f"https://{EVIL}").status_code == 403
    assert browser.post(address, data, HTTP_ORIGIN="http://testserver").status_code == 302


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
def test_methods_that_nobody_needs_are_refused(client, db, method):
    answer = client.generic(method, "/", HTTP_COOKIE="sessionid=secret")
    assert answer.status_code == 405
    assert b"secret" not in answer.content


@pytest.mark.parametrize("path", ["/.git/config", "/static/", "/static/../powertool/settings.py", "/media/", "/.env"])
def test_nothing_of_the_source_is_served(client, db, path):
    assert client.get(path).status_code == 404


def test_a_line_of_the_log_cannot_be_forged(client, cast):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.getLogger().handlers[0].formatter if logging.getLogger().handlers else None)
    for name in ("django.request", "powertool.access"):
        logging.getLogger(name).addHandler(handler)
    try:
        client.get("/nowhere%0a2026-01-01 CRITICAL forged%0d%0a/", headers={"x-request-id": "a\nforged"})
        client.get("/staff/%E2%80%A8forged/")
    finally:
        for name in ("django.request", "powertool.access"):
            logging.getLogger(name).removeHandler(handler)
    lines = written.getvalue().splitlines()
    assert lines
    assert not [line for line in lines if line.lstrip().startswith(("2026-01-01 CRITICAL", "forged"))]


def test_an_error_tells_nothing(cast, monkeypatch):
    browser = Client(raise_request_exception=False)
    monkeypatch.setattr("powertool.home.needs", lambda user: 1 / 0)
    browser.force_login(cast.outsider)
    answer = browser.get("/")
    assert answer.status_code == 500
    told = answer.content.decode()
    assert not [word for word in ("Traceback", "ZeroDivision", "home.py", settings.SECRET_KEY) if word in told]


# --- objects


def form_classes() -> list[type]:
    found = []
    for package in (assessments.forms, community.forms, partnerships.forms):
        for module in modules_of(package):
            found += [each for each in vars(module).values() if isinstance(each, type)]
    ours = [each for each in dict.fromkeys(found) if each.__module__.startswith(("assess", "commun", "partner"))]
    return [each for each in ours if issubclass(each, forms.BaseForm)]


OWN = {"id", "pk", "code", "stage", "partnership", "created_by", "author", "user", "state", "is_staff", "is_superuser"}
OWN |= {"is_active", "is_guest", "email", "version", "rating_closed_at", "closed_at", "mode", "admitted_at"}


def test_forms_take_named_fields_only():
    """A form of rows names their fields, and none that says whose a row is or what became of it."""
    of_rows = [each for each in form_classes() if issubclass(each, forms.BaseModelForm)]
    assert len(of_rows) > 3
    for each in of_rows:
        meta = each._meta
        assert isinstance(meta.fields, list | tuple), each
        assert not OWN & set(meta.fields), each


def test_what_a_form_did_not_ask_for_changes_nothing(client, cast):
    assessment = making.make_assessment(cast)
    client.force_login(cast.north_facilitator)
    more = {"stage": "closed", "code": "mine", "partnership": cast.other_partnership.pk}
    more |= {"rating_closed_at": "2020-01-01"}
    data = {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "k": 3}
    assert client.post(reverse("assessments:settings", args=[assessment.code]), data | more).status_code == 302
    now = Assessment.objects.get(pk=assessment.pk)
    assert now.title == "T"
    assert (now.stage, now.code, now.partnership_id) == (assessment.stage, assessment.code, assessment.partnership_id)
    assert now.rating_closed_at is None


def test_objects_of_elsewhere_are_no_choice(client, cast):
    """A facilitator here, with the codes and keys of there, in every form that chooses among objects."""
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    other = cast.other_partnership.partners.first()
    theirs = opening.create_assessment(cast.other_partnership, cast.other_facilitator, title="Theirs")
    decisions.propose(theirs, cast.other_partnership.memberships.get(), "Their words")
    foreign = theirs.decisions.get()
    client.force_login(cast.north_facilitator)
    here, there = [cast.partnership.code], [assessment.code]
    partner = {"name": "New", "acronym": "NEW", "country": "KE", "side": "south", "kind": "national"}
    setup = {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "k": 3}
    plan = {"text": "Share", "owner": other.pk, "due": "2030-01-01", "confirmer": other.pk}
    collecting = making.make_assessment(cast, title="The next one")
    own = collecting.decisions.first()
    posts = [
        (reverse("partnerships:add_partner", args=here), partner | {"receives_through": other.code}, 200),
        (reverse("partnerships:invite", args=here), {"role": "observer", "channel": "link", "partner": other.pk}, 200),
        (
            reverse("partnerships:confirm_all", args=here),
            {"membership": cast.other_partnership.memberships.get().code},
            302,
        ),
        (reverse("assessments:create", args=here), setup | {"funders": other.pk}, 200),
        (reverse("assessments:session-plan", args=[*there, 1]), plan, 200),
        (reverse("assessments:decision-merge", args=[collecting.code, own.code]), {"into": foreign.code}, 404),
        (reverse("assessments:decision", args=[collecting.code, foreign.code]), {"wording": "Mine"}, 404),
    ]
    for address, data, status in posts:
        before = digest()
        assert client.post(address, data).status_code == status, address
        assert digest() == before, address


def test_who_to_tell_of_a_hole(client, db, settings):
    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    settings.OPERATOR_EMAIL = "ops@example.org"
    told = client.get(address).content.decode()
    assert "Contact: mailto:ops@example.org\n" in told
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", told, re.MULTILINE)


def test_json_in_place_of_a_form_is_a_form_without_fields(client, cast):
    client.force_login(cast.north_facilitator)
    address = reverse("partnerships:settings", args=[cast.partnership.code])
    before = digest()
    assert client.post(address, json.dumps({"name": "X"}), content_type="application/json").status_code == 200
    assert digest() == before
