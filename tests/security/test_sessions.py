"""Signing in, staying signed in and being signed out; passwords, codes and second steps."""

import re

import pytest
from allauth.account import app_settings
from django.conf import settings as configured
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD
from tests.security import secondstep

SIGN_IN, CHANGE, RESET = "/accounts/login/", "/accounts/password/change/", "/accounts/password/reset/"
ANOTHER = "unrelated words 42"


def signed_in(user, password=PASSWORD, browser=None) -> Client:
    browser = browser or Client()
    browser.post(SIGN_IN, {"login": user.email, "password": password})
    return browser


def knows(browser: Client) -> bool:
    return browser.get("/accounts/email/").status_code == 200


def key(browser: Client) -> str:
    return browser.cookies[configured.SESSION_COOKIE_NAME].value


def test_signing_in_takes_a_new_session(otto):
    browser = Client()
    browser.post(reverse("language"), {"language": "fr"})
    session = browser.session
    session["planted"] = True
    session.save()
    browser.cookies[configured.SESSION_COOKIE_NAME] = before = session.session_key
    signed_in(otto, browser=browser)
    assert knows(browser)
    assert key(browser) != before
    assert not Session.objects.filter(pk=before).exists()
    assert re.fullmatch(r"[a-z0-9]{32}", key(browser))


def test_signed_out_is_out(otto):
    browser = signed_in(otto)
    old = key(browser)
    browser.post("/accounts/logout/")
    thief = Client()
    thief.cookies[configured.SESSION_COOKIE_NAME] = old
    assert not knows(browser)
    assert not knows(thief)


def test_all_others_are_signed_out(otto):
    here, there = signed_in(otto), signed_in(otto)
    assert knows(there)
    listed = here.get("/accounts/sessions/").content.decode()
    assert listed.count("127.0.0.1") == 2
    here.post("/accounts/sessions/")
    assert knows(here)
    assert not knows(there)


def test_a_closed_account_is_out_at_once(otto):
    browser = signed_in(otto)
    otto.is_active = False
    otto.save()
    assert not knows(browser)
    assert not knows(signed_in(otto))


def test_a_new_password_ends_the_other_sessions(otto):
    here, there = signed_in(otto), signed_in(otto)
    here.post(CHANGE, {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER})
    assert knows(here)
    assert not knows(there)
    assert knows(signed_in(otto, ANOTHER))


def test_changing_the_password_asks_for_the_old_one(otto):
    browser = signed_in(otto)
    browser.post(CHANGE, {"oldpassword": "not it at all", "password1": ANOTHER, "password2": ANOTHER})
    otto.refresh_from_db()
    assert otto.check_password(PASSWORD)


def test_second_steps_are_set_up_by_who_proves_herself_again(otto):
    browser = Client()
    browser.force_login(otto)  # long ago
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        assert browser.get(reverse(name)).headers["Location"].startswith("/accounts/reauthenticate/")
    browser.post("/accounts/email/", {"action_add": "", "email": "more@example.org"})
    assert not otto.emailaddress_set.filter(email="more@example.org").exists()


@pytest.mark.parametrize(
    "password",
    [
        "short words",
        "password1234",
        "qwertyuiop123",
        "123456789012",
        "partnership2026!",
        "ShiftThePower2",
        "PowerTool-Power",
    ],
)
def test_passwords_that_are_easy_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", [f" {PASSWORD} ", "ällerlei Wörter für alle", "x y" * 60, "onlylowerletterstoo"])
def test_passwords_are_taken_as_typed(otto, password):
    signed_in(otto).post(CHANGE, {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert knows(signed_in(otto, password))
    assert not knows(signed_in(otto, password.strip().upper()))


@pytest.mark.django_db
def test_passwords_are_masked_and_may_be_pasted(client):
    for page in (SIGN_IN, "/accounts/signup/"):
        html = client.get(page).content.decode()
        fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", html)
        assert len(fields) == 1
        assert "autocomplete=" in fields[0]
        assert "onpaste" not in html
        assert "question" not in html.lower()


@pytest.mark.django_db
def test_unknown_addresses_answer_alike(client, otto):
    known = client.post(SIGN_IN, {"login": otto.email, "password": "not it at all"})
    unknown = client.post(SIGN_IN, {"login": "nobody@example.org", "password": "not it at all"})
    assert known.context["form"].errors == unknown.context["form"].errors
    answers = [client.post(RESET, {"email": email}) for email in (otto.email, "nobody@example.org")]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


def test_guessing_is_slowed_down(client, otto):
    for _n in range(5):
        client.post(SIGN_IN, {"login": otto.email, "password": "not it at all"})
    assert not knows(signed_in(otto, browser=client))  # even with the right one, for a while
    resets = [client.post(RESET, {"email": otto.email}).status_code for _n in range(6)]
    assert resets[-1] == 429


def test_a_code_works_once(otto, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # so that no half minute ends in between
    device = secondstep.set_up(otto)
    code = secondstep.code_of(device)
    first, second = signed_in(otto), signed_in(otto)
    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert knows(first)
    assert not knows(second)


def test_a_reset_does_not_spare_the_second_step(client, otto):
    secondstep.set_up(otto)
    client.post(RESET, {"email": otto.email})
    address = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))[0]
    form = client.get(address).headers["Location"]
    client.post(form, {"password1": ANOTHER, "password2": ANOTHER})
    browser = signed_in(otto, ANOTHER)
    assert not knows(client)
    assert not knows(browser)
    assert browser.get(reverse("mfa_authenticate")).status_code == 200


def test_mailed_codes_are_long_and_run_out(client, otto):
    client.post("/accounts/login/code/", {"email": otto.email})
    code = re.search(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$", str(mail.outbox[-1].body), re.MULTILINE)[0]
    assert app_settings.LOGIN_BY_CODE_TIMEOUT <= 600
    elsewhere = Client()
    elsewhere.post("/accounts/login/code/confirm/", {"code": code})
    assert not knows(elsewhere)
    for _n in range(app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS):
        client.post("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"})
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not knows(client)
