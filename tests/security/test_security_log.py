"""What is let in and what is refused is a line in the log, with the name of the address, and nobody's name on it."""

import logging

import pytest
from django.urls import reverse

from partnerships import limits
from tests.factories import PASSWORD
from tests.interface.asking import ask
from tests.security import secondstep

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"


@pytest.fixture
def told(caplog, settings):
    """Return the lines since the last look."""
    settings.ACCOUNT_RATE_LIMITS = False
    caplog.set_level(logging.INFO, "powertool.security")

    def look() -> list[str]:
        lines = [each.getMessage() for each in caplog.records if each.name == "powertool.security"]
        caplog.clear()
        return lines

    return look


def test_signing_in_and_out_and_what_was_wrong(client, otto, told):
    for password in ("not it at all", PASSWORD):
        client.post(SIGN_IN, {"login": otto.email, "password": password})
    client.post("/accounts/logout/")
    assert told() == [
        "Password or code refused at account_login", "Signed in at account_login", "Signed out at account_logout",
    ]  # fmt: skip


def test_a_second_step_and_its_wrong_code(client, otto, told):
    device = secondstep.set_up(otto)
    client.post(SIGN_IN, {"login": otto.email, "password": PASSWORD})
    assert told() == []  # not in yet
    for code in ("000000", secondstep.code_of(device)):
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert told() == ["Password or code refused at mfa_authenticate", "Signed in at mfa_authenticate"]


def test_a_new_password_and_a_wrong_old_one(client, otto, told):
    client.post(SIGN_IN, {"login": otto.email, "password": PASSWORD})
    told()
    new = {"password1": "other-words-42", "password2": "other-words-42"}
    for old in ("not it at all", PASSWORD):
        client.post("/accounts/password/change/", {"oldpassword": old} | new)
    assert told()[:2] == [
        "Password or code refused at account_change_password", "Password changed at account_change_password",
    ]  # fmt: skip


def test_wrong_codes_tokens_and_what_comes_too_often(client, cast, told, monkeypatch):
    monkeypatch.setattr(limits, "time", lambda: 0.0)  # all searches are in one minute
    client.post(reverse("partnerships:resume"), {"code": "abcd-efgh-jkmn-pqrs"})
    assert told() == ["Wrong code (resume) at partnerships:resume"]
    ask("partnerships", token="pat_wrong")
    assert told() == ["Wrong code (api) at api:partnerships"]
    client.force_login(cast.outsider)
    told()
    for _time in range(61):
        client.get(reverse("community:search"))
    assert told() == ["Too often (search) at community:search"]


def test_of_concerns_nothing_is_told(client, told):
    client.post(reverse("assessments:concern-answer"), {"code": "abcd-efgh-jkmn"})
    assert told() == []
