"""The reader's language: which one a page speaks, who may change it, and where corrections go."""

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from partnerships import services
from partnerships.models import Invitation, Role, User
from partnerships.tasks import send_notifications

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def spoken(client, path: str = "/", **headers) -> str:
    """Return the language and direction that a page says it has."""
    html = client.get(path, headers=headers).content.decode()
    start = html.index("<html")
    return " ".join(html[start : html.index(">", start)].split()[1:3])


def test_a_browser_is_answered_in_its_language(client):
    assert spoken(client) == 'lang="en" dir="ltr"'
    assert spoken(client, accept_language="pt-BR,en;q=0.5") == 'lang="pt" dir="ltr"'
    assert spoken(client, accept_language="ar") == 'lang="ar" dir="rtl"'
    assert spoken(client, accept_language="sw") == 'lang="en" dir="ltr"'


def test_a_link_says_the_language_and_the_browser_remembers_it(client):
    assert spoken(client, "/?lang=fr", accept_language="nl") == 'lang="fr" dir="ltr"'
    assert spoken(client, "/", accept_language="nl") == 'lang="fr" dir="ltr"'


@pytest.mark.parametrize("nonsense", ["xx", "../etc", "", "en" * 300])
def test_a_link_with_a_language_that_is_none_changes_nothing(client, nonsense):
    assert spoken(client, f"/?lang={nonsense}") == 'lang="en" dir="ltr"'
    assert COOKIE not in client.cookies


def test_an_account_is_answered_in_its_language_on_every_device(client, cast):
    User.objects.filter(pk=cast.guest.pk).update(language="nl")
    client.force_login(cast.guest)
    client.cookies[COOKIE] = "fr"
    assert spoken(client) == 'lang="nl" dir="ltr"'
    assert spoken(client, "/?lang=ar") == 'lang="ar" dir="rtl"'


def test_the_buttons_change_browser_and_account_and_lead_back(client, cast):
    client.force_login(cast.guest)
    response = client.post(reverse("language"), {"language": "ar", "next": "/join?x=1"})
    assert response.headers["Location"] == "/join?x=1"
    assert (client.cookies[COOKIE].value, User.objects.get(pk=cast.guest.pk).language) == ("ar", "ar")


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_buttons_lead_to_no_other_site(client, away):
    response = client.post(reverse("language"), {"language": "fr", "next": away})
    assert response.headers["Location"] == reverse("home")


def test_the_buttons_know_only_our_languages(client, cast):
    client.force_login(cast.guest)
    client.post(reverse("language"), {"language": "<b>", "next": "/"})
    assert COOKIE not in client.cookies
    assert User.objects.get(pk=cast.guest.pk).language == ""


def test_a_guest_keeps_the_language_in_which_she_came(cast, client):
    invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER, language="fr")
    address = services.address(invitation)
    assert address.endswith(f"{invitation.code}?lang=fr")
    path = reverse("partnerships:invitation", args=[invitation.code])
    assert spoken(client, f"{path}?lang=fr") == 'lang="fr" dir="ltr"'
    code = services.new_resume_code()
    client.post(path, {"how": "guest", "name": "Awa", "resume_code": code, "employer": "None"})
    membership = Invitation.objects.get(pk=invitation.pk).used_by
    assert membership.user.language == "fr"


def test_an_invitation_is_mailed_in_its_language(cast):
    membership = cast.membership(cast.north_facilitator)
    services.invite(membership, "email", Role.OBSERVER, email="a@example.org", language="nl")
    services.invite(membership, "email", Role.OBSERVER, email="b@example.org")
    send_notifications()
    in_dutch, plain = mail.outbox
    assert "?lang=nl" in in_dutch.body
    assert "?lang=" not in plain.body
    assert plain.subject == "Freek North has invited you"


def test_the_page_on_translations_hands_out_each_catalogue(client):
    page = client.get(reverse("translations")).content.decode()
    for code, name in settings.LANGUAGES:
        assert name in page
        link = reverse("catalogue", args=[code])
        assert (link in page) == (code != "en")
        assert client.get(link).status_code == (404 if code == "en" else 200)
    assert page.count("Not yet reviewed") == len(settings.LANGUAGES) - 1
    assert client.get("/translations/xx.po").status_code == 404
