"""Guessing keeps nobody else out, nobody causes many mails, secrets are stored nowhere, and errors are plain."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.management.commands import changepassword
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from assessments.models import TrustedPerson
from assessments.services.safeguards import concern, trusted_person
from community.services.groups import memberships
from partnerships import account_limits, limits, services
from partnerships.access import member_roles_of
from partnerships.models import Role
from partnerships.services import Refused, guests, invitations, tokens
from tests.assessments import making
from tests.community.making import lead, make_finding, member
from tests.factories import PASSWORD, UserFactory
from tests.security import secondstep

pytestmark = pytest.mark.django_db
SIGN_IN, SIGN_UP, CHANGE = "/accounts/login/", "/accounts/signup/", "/accounts/password/change/"
CODE, RESET = "/accounts/login/code/", "/accounts/password/reset/"
HERE, THERE, ELSEWHERE = "10.0.0.1", "10.0.0.2", "10.0.0.3"
ANOTHER = "unrelated words 42"


def tries(otto, network: str, password=ANOTHER, browser=None) -> bool:
    """Try to sign in from a network; return whether it worked."""
    browser = browser or Client()
    browser.post(SIGN_IN, {"login": otto.email, "password": password}, REMOTE_ADDR=network)
    return browser.get("/accounts/email/").status_code == 200


def asks(page: str, email: str, network: str, browser=None) -> int:
    return (browser or Client()).post(page, {"email": email}, REMOTE_ADDR=network).status_code


# --- accounts


def test_wrong_passwords_from_one_network_keep_nobody_out_of_another(otto):
    for _n in range(6):
        tries(otto, HERE)
    assert not tries(otto, HERE, PASSWORD)
    assert tries(otto, THERE, PASSWORD)


def test_wrong_passwords_in_the_same_network_do_not_keep_a_known_device_out(otto):
    hers = Client()
    assert tries(otto, HERE, PASSWORD, hers)
    hers.post("/accounts/logout/")
    for _n in range(6):
        tries(otto, HERE)
    assert not tries(otto, HERE, PASSWORD)
    assert tries(otto, HERE, PASSWORD, hers)


@pytest.mark.parametrize("page", [CODE, RESET])
def test_mails_asked_for_from_one_network_do_not_stop_those_of_another(otto, page):
    answers = [asks(page, otto.email, HERE) for _n in range(6)]
    assert answers == [302] * 5 + [429]
    assert asks(page, otto.email, THERE) == 302


@pytest.mark.parametrize("page", [CODE, RESET])
def test_unknown_addresses_are_limited_alike(page, db):
    assert [asks(page, "nobody@example.org", HERE) for _n in range(6)] == [302] * 5 + [429]


def test_many_networks_together_bind_unknown_devices_only(otto, monkeypatch):
    monkeypatch.setattr(account_limits, "MOST_BY_UNKNOWN_DEVICES", 3)
    hers = Client()
    assert tries(otto, HERE, PASSWORD, hers)
    hers.post("/accounts/logout/")
    for n in range(3):
        tries(otto, f"10.1.0.{n}")
    assert not tries(otto, ELSEWHERE, PASSWORD)
    assert tries(otto, ELSEWHERE, PASSWORD, hers)


def test_many_networks_together_stop_mails_to_unknown_devices_only(otto, monkeypatch):
    monkeypatch.setattr(account_limits, "MOST_BY_UNKNOWN_DEVICES", 3)
    hers = Client()
    assert tries(otto, HERE, PASSWORD, hers)
    hers.post("/accounts/logout/")
    answers = [asks(CODE, otto.email, f"10.1.0.{n}") for n in range(4)]
    assert answers == [302, 302, 302, 429]
    assert asks(CODE, otto.email, ELSEWHERE, hers) == 302


def test_one_network_does_not_use_up_what_all_have_together(otto, monkeypatch):
    monkeypatch.setattr(account_limits, "MOST_BY_UNKNOWN_DEVICES", 6)
    for _n in range(20):
        asks(CODE, otto.email, HERE)
        tries(otto, HERE)
    assert asks(CODE, otto.email, THERE) == 302
    assert tries(otto, THERE, PASSWORD)


def test_a_device_is_known_by_its_own_account_only(otto, cast):
    hers = Client()
    assert tries(otto, HERE, PASSWORD, hers)
    cookie = hers.cookies[configured.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/accounts/", "Lax")
    assert str(otto.pk) not in cookie.value.split(".")
    request = hers.get(SIGN_IN).wsgi_request
    request.COOKIES[configured.DEVICE_COOKIE_NAME] = cookie.value
    known = [account_limits.devices.is_known(request, one.email) for one in (otto, cast.observer)]
    assert known == [True, False]
    request.COOKIES[configured.DEVICE_COOKIE_NAME] = "0" * 64
    assert not account_limits.devices.is_known(request, otto.email)


def token_of(user):
    secret = tokens.make(user, "A script", 30, uuid.uuid4())
    assert tokens.find(secret)
    return secret


def test_a_new_password_ends_tokens_for_programs(otto):
    secret = token_of(otto)
    browser = Client()
    assert tries(otto, HERE, PASSWORD, browser)
    browser.post(CHANGE, {"oldpassword": "wrong at all", "password1": ANOTHER, "password2": ANOTHER})
    assert tokens.find(secret)
    browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER})
    assert tokens.find(secret) is None


def reset_link(email: str, **headers) -> str:
    Client(**headers).post(RESET, {"email": email})
    return re.search(r"http\S+/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))[0]


def sets(link: str, password: str) -> None:
    browser = Client()
    path = link[link.index("/accounts") :]
    form = browser.get(path).headers.get("Location")
    if form:
        browser.post(form, {"password1": password, "password2": password})


def test_a_reset_ends_tokens_for_programs(otto):
    secret = token_of(otto)
    sets(reset_link(otto.email), ANOTHER)
    otto.refresh_from_db()
    assert otto.check_password(ANOTHER)
    assert tokens.find(secret) is None


def test_a_password_changed_by_command_ends_sessions_and_tokens(otto, monkeypatch):
    secret, browser = token_of(otto), Client()
    assert tries(otto, HERE, PASSWORD, browser)
    monkeypatch.setattr(changepassword.Command, "_get_pass", lambda *_asked: ANOTHER)
    call_command("changepassword", otto.email)
    assert tokens.find(secret) is None
    assert browser.get("/accounts/email/").status_code == 302


def test_a_new_hash_of_the_same_password_ends_no_token(otto, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    secret, before = token_of(otto), otto.password
    assert otto.check_password(PASSWORD)
    otto.refresh_from_db()
    assert otto.password != before
    assert tokens.find(secret)


@pytest.mark.parametrize("email", ["known", "nobody@example.org"])
def test_links_in_mails_come_from_our_own_address(otto, settings, email):
    settings.BASE_URL = "https://power.example"
    Client(HTTP_HOST="127.0.0.1").post(RESET, {"email": otto.email if email == "known" else email})
    Client(HTTP_HOST="127.0.0.1").post(SIGN_UP, {"email": otto.email, "name": "X", "password1": ANOTHER})
    links = re.findall(r"https?://\S+", "".join(str(one.body) for one in mail.outbox))
    assert len(links) == 2
    assert all(link.startswith("https://power.example/accounts/") for link in links)


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_a_reset_link_lives_one_hour(otto, monkeypatch, minutes, works):
    link = reset_link(otto.email)
    later = datetime.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: later)
    sets(link, ANOTHER)
    otto.refresh_from_db()
    assert otto.check_password(ANOTHER) is works


def test_the_cache_keeps_no_address(otto, monkeypatch):
    kept = []
    monkeypatch.setattr(limits, "_add_one", lambda name, seconds: kept.append(name) or 1)
    tries(otto, HERE)
    asks(CODE, otto.email, HERE)
    assert len(kept) > 2
    assert "@" not in "".join(kept)


# --- codes


@pytest.fixture
def guessed(monkeypatch):
    """Let somebody behind the same address have guessed codes of every kind too often."""
    monkeypatch.setattr(limits, "MOST", 2)

    def guess(client, *pages):
        return [client.get(page).status_code for page in pages for _n in range(3)]

    return guess


def test_wrong_codes_of_others_do_not_close_a_right_link(client, cast, guessed):
    link = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    short = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.OBSERVER)
    page = reverse("partnerships:invitation", args=[link.code])
    assert guessed(client, "/i/000000000000") == [404, 404, 429]
    assert client.get(page).status_code == 200
    assert client.post(reverse("partnerships:join"), {"code": link.code}).status_code == 302
    assert client.get(reverse("partnerships:invitation", args=[short.code])).status_code == 429


def test_wrong_codes_of_others_do_not_keep_a_guest_from_coming_back(client, cast, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    code = guests.new_resume_code()
    cast.guest.guest_key = guests.GuestKey.objects.create(user=cast.guest, digest=guests.digest(code))
    resume = reverse("partnerships:resume")
    assert [client.post(resume, {"code": "0000"}).status_code for _n in range(3)] == [200, 200, 429]
    assert client.post(resume, {"code": code}).status_code == 302


def test_wrong_codes_of_others_do_not_close_a_concern_to_its_people(client, cast, guessed):
    assessment = making.make_assessment(cast)
    person = making.trust(cast, assessment)
    code = concern.raise_concern(assessment, "The budget was changed.", person.mark)
    assert guessed(client, reverse("assessments:concern-read", args=["0" * 32])) == [404, 404, 429]
    assert client.get(reverse("assessments:concern-read", args=[person.to_mail])).status_code == 200
    answer = reverse("assessments:concern-answer")
    assert client.post(answer, {"code": code}).status_code == 200
    assert client.post(answer, {"code": "0" * 20}).status_code == 429


def test_keys_of_feeds_are_not_guessed(client, guessed):
    mina = member()
    make_finding(mina, "Budgets")
    feed = reverse("community:feed", args=["understanding"])
    assert guessed(client, f"{feed}?key=000000000000") == [404, 404, 429]
    memberships.profile_of(mina.user)
    mina.user.refresh_from_db()
    assert client.get(feed, {"key": mina.user.profile.feed_key}).status_code == 200


def test_invitations_into_groups_are_not_guessed(client, guessed):
    boss, otto = lead(), UserFactory()
    made = memberships.invite(boss.group, boss.user)
    client.force_login(otto)
    assert guessed(client, reverse("community:invitation", args=["000000000000"])) == [404, 404, 429]
    assert client.get(reverse("community:invitation", args=[made.code])).status_code == 200


# --- mails that people cause


def test_one_address_gets_few_invitations_a_day(cast, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_TO_ONE", 2)
    by = (cast.membership(cast.north_facilitator), cast.other_partnership.memberships.get())
    for one in by:
        services.invite(one, "email", Role.OBSERVER, email="sara@example.org")
    with pytest.raises(Refused, match="to this address today"):
        services.invite(by[0], "email", Role.OBSERVER, email="SARA@example.org")
    services.invite(by[0], "email", Role.OBSERVER, email="somebody.else@example.org")
    services.invite(by[0], "link", Role.OBSERVER)


def test_one_person_invites_and_names_a_limited_number(cast, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_PER_DAY", 1)
    monkeypatch.setattr(trusted_person, "MOST_NAMED", 1)
    by, member = cast.membership(cast.north_facilitator), member_roles_of(cast.north_facilitator, cast.partnership)
    services.invite(by, "email", Role.OBSERVER, email="a@example.org")
    with pytest.raises(Refused):
        services.invite(by, "email", Role.OBSERVER, email="b@example.org")
    assessment = making.make_assessment(cast)
    trusted_person.name_person(assessment, member, "Ada", "ada@example.org")
    with pytest.raises(Refused):
        trusted_person.name_person(assessment, member, "Bea", "bea@example.org")


def test_one_address_is_named_a_limited_number_of_times(cast, monkeypatch):
    monkeypatch.setattr(trusted_person, "MOST_MAILED", 1)
    assessments = [making.make_assessment(cast), making.make_assessment(cast)]
    sides = [member_roles_of(one, cast.partnership) for one in (cast.north_facilitator, cast.south_facilitator)]
    trusted_person.name_person(assessments[0], sides[0], "Ada", "ada@example.org")
    with pytest.raises(Refused):
        trusted_person.name_person(assessments[1], sides[1], "Ada", "Ada@example.org")
    assert TrustedPerson.objects.count() == 1


def signs_up(email: str, network=HERE, browser=None):
    data = {"email": email, "name": "Somebody", "password1": ANOTHER}
    return (browser or Client()).post(SIGN_UP, data, REMOTE_ADDR=network)


def test_signing_up_again_and_again_mails_one_address_a_few_times(db):
    answers = [signs_up("sara@example.org") for _n in range(6)]
    assert len(mail.outbox) == 5
    assert answers[-1].context["form"].errors["email"]
    signs_up("sara@example.org", THERE)
    assert len(mail.outbox) == 6


def test_signing_in_again_and_again_mails_an_unconfirmed_address_a_few_times(db):
    signs_up("sara@example.org")
    for _n in range(8):
        Client().post(SIGN_IN, {"login": "sara@example.org", "password": ANOTHER}, REMOTE_ADDR=HERE)
    assert len(mail.outbox) == 5


def test_one_network_and_one_account_cause_a_limited_number_of_mails(otto, monkeypatch):
    monkeypatch.setattr(account_limits, "MAILS_OF_NETWORK", 2)
    monkeypatch.setattr(account_limits, "MAILS_OF_PERSON", 2)
    for n in range(4):
        signs_up(f"person{n}@example.net")
    assert len(mail.outbox) == 2
    browser = Client()
    assert tries(otto, HERE, PASSWORD, browser)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for n in range(4):
        browser.post("/accounts/email/", {"action_add": "", "email": f"more{n}@example.net"})
    assert len(mail.outbox) == 4


# --- secrets, strange requests, errors


def test_pages_with_codes_and_keys_are_stored_nowhere(client, cast, otto):
    boss = lead()
    link = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    here = [cast.partnership.code, link.code]
    for user, pages in {
        boss.user: [reverse("community:people", args=[boss.group.kind]), reverse("community:preferences")],
        cast.north_facilitator: [
            *(reverse(f"partnerships:{name}", args=here) for name in ("invitation_shown", "projector", "qr")),
            reverse("partnerships:tokens"),
            *(reverse(f"mfa_{name}") for name in ("view_recovery_codes", "download_recovery_codes")),
            *(reverse(name) for name in ("mfa_activate_totp", "mfa_index", "account_email", "usersessions_list")),
        ],
    }.items():
        secondstep.sign_in(client, user)
        for page in pages:
            answer = client.get(page)
            assert "no-store" in answer.headers.get("Cache-Control", ""), page
    client.logout()
    for page in (SIGN_IN, RESET, reverse("partnerships:resume"), reverse("partnerships:invitation", args=[link.code])):
        assert "no-store" in client.get(page).headers["Cache-Control"], page
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "idna", "hex", "unknown-8bit", "\xff", "utf-8-sig"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", "application/json", "text/plain"])
def test_a_form_in_another_coding_is_a_plain_400(client, db, charset, kind):
    client.raise_request_exception = False
    answer = client.generic("POST", SIGN_IN, b"login=a", f"{kind}; charset={charset}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF-8", '; charset="utf-8"'])
def test_a_form_in_utf_8_is_read(client, db, charset):
    assert client.post(SIGN_IN, b"login=a", content_type=FORM + charset).status_code == 200


NAMES = re.compile(r"(Error|Exception|DoesNotExist)\b")


@pytest.mark.parametrize(
    "body", [b"[]", b'{"d": 1}', b"{}", b'{"m": 1, "d": 1, "b": 0, "p": 1, "l": 1, "t": 1}', b"\xff", b"{"]
)
def test_errors_name_no_exception(client, cast, body):
    assessment = making.rating(cast)
    client.force_login(cast.north_representative)
    for page in ("rate-answer", "rate-hand-in"):
        answer = client.post(
            reverse(f"assessments:{page}", args=[assessment.code]), body, content_type="application/json"
        )
        assert answer.status_code == 400
        assert not NAMES.search(answer.content.decode())
