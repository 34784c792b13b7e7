"""Signing in, staying signed in and being signed out; passwords, codes and second steps."""

import hashlib
import re
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import time
from typing import ClassVar

import pytest
from allauth.account import app_settings
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from partnerships import sessions
from tests.factories import PASSWORD
from tests.security import secondstep

SIGN_IN, CHANGE, RESET = "/accounts/login/", "/accounts/password/change/", "/accounts/password/reset/"
SESSIONS, END = "/accounts/sessions/", "/accounts/sessions/end/"
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


def numbers(browser: Client) -> list[str]:
    """Return the sessions that the page offers to end."""
    return re.findall(r'name="session"\s+value="(\d+)"', browser.get(SESSIONS).content.decode())


def test_one_session_is_ended_and_no_other(otto):
    here, there, elsewhere = signed_in(otto), signed_in(otto), signed_in(otto)
    assert len(numbers(here)) == 2
    number = str(UserSession.objects.get(session_key=key(there)).pk)
    assert number in numbers(here)
    assert here.post(END, {"session": number}).status_code == 302
    assert here.post(END, {"session": number}).status_code == 302  # pressed twice
    assert (knows(here), knows(there), knows(elsewhere)) == (True, False, True)
    assert not Session.objects.filter(pk=key(there)).exists()


BEGINS = "Mozilla/5.0 "
ON_ANDROID = "(Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
USER_AGENTS = {
    BEGINS + "(Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0": "Firefox on Android",
    BEGINS + ON_ANDROID + "Chrome/130.0.0.0 Mobile Safari/537.36": "Chrome on Android",
    BEGINS + ON_ANDROID + "SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
    BEGINS
    + "(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 "
    + "Edg/130.0.0.0": "Edge on Windows",
    BEGINS
    + "(iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    + "Mobile/15E148 Safari/604.1": "Safari on iPhone",
    BEGINS + "(X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0": "Firefox",
    "Wget/1.21.3": "Unknown browser",
    "": "Unknown browser",
}


@pytest.mark.parametrize(("user_agent", "name"), USER_AGENTS.items())
def test_each_session_names_its_browser_in_words(otto, user_agent, name):
    here, there = signed_in(otto), signed_in(otto)
    UserSession.objects.filter(session_key=key(there)).update(user_agent=user_agent)
    page = here.get(SESSIONS).content.decode()
    assert f'<summary class="nowrap">{name}</summary>' in page
    assert f'Sign out<span class="visually-hidden">: {name}</span>' in page
    assert user_agent in page, "what the browser said is there, too"


@pytest.mark.parametrize("wrong", ["", "x", "-1", "9" * 30])
def test_a_session_of_somebody_else_is_not_ended(otto, cast, wrong):
    cast.observer.set_password(PASSWORD)
    cast.observer.save()
    other = signed_in(cast.observer)
    number = UserSession.objects.get(session_key=key(other)).pk
    browser = signed_in(otto)
    for sent in (str(number), wrong):
        assert browser.post(END, {"session": sent}).status_code == 302
    assert knows(browser)
    assert knows(other)


def test_each_session_says_on_which_day_it_was_last_used(otto):
    here, there = signed_in(otto), signed_in(otto)
    found = UserSession.objects.filter(session_key=key(there))
    found.update(last_seen_at=timezone.now() - timedelta(days=40))
    day = date_format(timezone.now() - timedelta(days=40), "DATE_FORMAT")
    sessions.noted.clear()  # as another process
    assert day in here.get(SESSIONS).content.decode()
    knows(there)
    assert day not in here.get(SESSIONS).content.decode()
    assert found.get().last_seen_at == sessions.begin_of_day()
    sessions.noted.clear()
    before = found.get().last_seen_at
    knows(there)
    assert found.get().last_seen_at == before


def test_the_day_of_last_use_costs_a_statement_a_day(otto, django_assert_num_queries):
    browser = signed_in(otto)
    found = UserSession.objects.filter(session_key=key(browser))
    found.update(last_seen_at=timezone.now() - timedelta(days=2))
    knows(browser)
    assert found.get().last_seen_at.date() < timezone.now().date()  # this process noted it at signing in
    sessions.noted.clear()
    for statements in (1, 0):
        with django_assert_num_queries(statements):
            sessions.note_use(key(browser))


def test_a_session_ends_after_thirty_days(otto):
    browser = signed_in(otto)
    found = Session.objects.filter(pk=key(browser))
    assert found.get().expire_date <= timezone.now() + timedelta(days=30)
    assert browser.cookies[configured.SESSION_COOKIE_NAME]["max-age"] <= 30 * 24 * 60 * 60
    assert knows(browser)
    found.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not knows(browser)


@pytest.mark.parametrize("hours", [11.9, 12.1])
def test_sessions_of_staff_end_after_twelve_hours(client, cast, monkeypatch, hours):
    secondstep.sign_in(client, cast.staff)
    session = key(client)
    assert client.get("/staff/").status_code == 200
    begun = time()
    monkeypatch.setattr(sessions.time, "time", lambda: begun + hours * 3600)
    assert client.get("/staff/").status_code == (200 if hours < 12 else 302)
    assert Session.objects.filter(pk=session).exists() == (hours < 12)


def test_who_becomes_staff_signs_in_anew(otto):
    browser = signed_in(otto)
    assert knows(browser)
    otto.is_staff = True
    otto.save()
    assert not knows(browser)
    assert knows(signed_in(otto))


class Leaked(BaseHTTPRequestHandler):
    """A list of leaked passwords: it knows one, and one that only pads its answers."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        ends = [(digest_of("I have leaked once"), 3), (digest_of("I only pad the list"), 0)]
        self.send_response(200)
        self.end_headers()
        lines = [f"{digest[5:]}:{count}" for digest, count in ends if self.path == f"/range/{digest[:5]}"]
        self.wfile.write("\r\n".join(["0" * 35 + ":1", *lines]).encode())

    def log_message(self, *_words: object) -> None:
        pass


def digest_of(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()  # noqa: S324


@pytest.fixture
def leaked(settings):
    with HTTPServer(("127.0.0.1", 0), Leaked) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.PASSWORD_RANGE_URL = f"http://127.0.0.1:{server.server_port}/range/"
        leaked = {"NAME": "partnerships.passwords.LeakedValidator"}
        settings.AUTH_PASSWORD_VALIDATORS = [*settings.AUTH_PASSWORD_VALIDATORS, leaked]
        Leaked.asked.clear()
        yield Leaked.asked
        server.shutdown()


def test_a_leaked_password_is_refused_and_never_sent(leaked):
    with pytest.raises(ValidationError, match="has been stolen"):
        validate_password("I have leaked once")
    for other in ("I only pad the list", "nobody else has this one"):
        validate_password(other)
    assert len(leaked) == 3
    assert all(re.fullmatch(r"/range/[0-9A-F]{5}", path) for path in leaked)


@pytest.mark.django_db
def test_no_hint_on_passwords_is_empty_where_no_list_is_asked(client):
    hints = client.get(reverse("account_signup")).content.decode()
    assert "Use at least 12 characters." in hints
    assert "<li></li>" not in hints


@pytest.mark.django_db
def test_a_hint_says_that_leaked_passwords_are_refused(client, leaked):
    hints = client.get(reverse("account_signup")).content.decode()
    assert "<li>Do not use a password that has been stolen from another website.</li>" in hints
    assert "<li></li>" not in hints


def test_a_list_that_does_not_answer_keeps_nobody_out(leaked, settings, caplog):
    settings.PASSWORD_RANGE_URL = "http://127.0.0.1:9/range/"
    validate_password("I have leaked once")
    assert "does not answer" in caplog.text
    settings.PASSWORD_RANGE_URL = ""
    validate_password("I have leaked once")
    assert leaked == []


def test_a_list_that_answers_no_http_keeps_nobody_out(leaked, monkeypatch, caplog):
    monkeypatch.setattr(Leaked, "do_GET", lambda self: self.wfile.write(b"this is no HTTP\r\n"))
    validate_password("I have leaked once")
    assert "does not answer" in caplog.text
