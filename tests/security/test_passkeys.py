"""What a browser sends of a passkey is read with care: the library expects that a browser made it."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests.security import secondstep
from tests.security.fuzzing import undone
from tests.security.passkeys import Passkey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient")]
ADD, AGAIN, SIGN_IN = (reverse(f"mfa_{name}") for name in ("add_webauthn", "reauthenticate_webauthn", "login_webauthn"))
WRONG: tuple[Any, ...] = (None, "", "AAAA", "a\x00b", "\ud800", 0, -1, 10**30, float("inf"), [], {}, {"a": [1]})
EXTENSIONS = ("clientExtensionResults", "credProps", "rk")
TEXTS = ("attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle")
PARTS = (
    *((name,) for name in ("id", "rawId", "type", "response")),
    *(("response", name) for name in TEXTS),
    *(EXTENSIONS[:depth] for depth in (1, 2, 3)),
)


def broken(credential: str) -> Iterator[str]:
    """Yield answers of a passkey in which one part is missing or wrong."""
    for *above, name in PARTS:
        for wrong in (*WRONG, KeyError):
            whole = deepcopy(json.loads(credential))
            inside = whole
            for each in above:
                inside = inside.get(each, {})
            if name in inside:
                inside.update({name: wrong}) if wrong is not KeyError else inside.pop(name)
                yield json.dumps(whole)


@pytest.fixture
def browser(otto) -> Client:
    browser = Client(raise_request_exception=False)
    secondstep.sign_in_now(browser, otto)
    return browser


@pytest.fixture
def passkey(browser) -> Passkey:
    """A passkey that was added."""
    made = Passkey()
    browser.post(ADD, {"name": "Phone", "credential": registration(browser, made)})
    return made


def registration(browser, passkey: Passkey) -> str:
    return passkey.registration(browser.get(ADD).context["js_data"]["creation_options"])


def statuses(browser, page: str, credential: str) -> set[int]:
    return {
        undone(browser, lambda sent=sent: browser.post(page, {"credential": sent}).status_code)
        for sent in (*broken(credential), "null", "[]", "[" * 9, '"a"')
    }


def test_a_broken_passkey_is_refused_not_failed(browser):
    credential = registration(browser, Passkey())
    assert max(statuses(browser, ADD, credential)) < 500
    assert browser.post(ADD, {"credential": credential}).status_code == 302


def test_a_broken_signature_is_refused_not_failed(browser, otto, passkey):
    signed = passkey.signature(browser.get(AGAIN).context["js_data"]["request_options"], otto)
    assert statuses(browser, AGAIN, signed) == {302}
    assert browser.post(AGAIN, {"credential": signed}).headers["Location"] == "/"


def test_a_broken_answer_signs_no_one_in(browser, otto, passkey):
    visitor = Client(raise_request_exception=False)
    asked = visitor.get(SIGN_IN, headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"]
    signed = passkey.signature(asked, otto)
    assert statuses(visitor, SIGN_IN, signed) == {302}
    visitor.post(SIGN_IN, {"credential": signed})
    assert visitor.session["_auth_user_id"] == str(otto.pk)


def test_of_a_passkey_only_what_is_read_is_stored(browser, otto):
    sent = json.loads(registration(browser, Passkey()))
    sent |= {"more": "a\x00b", "clientExtensionResults": {"credProps": {"rk": True, "more": "\ud800"}}}
    browser.post(ADD, {"credential": json.dumps(sent)})
    stored = Authenticator.objects.get(user=otto, type=Authenticator.Type.WEBAUTHN)
    assert set(stored.data["credential"]) == {"id", "rawId", "type", "response", "clientExtensionResults"}
    assert stored.wrap().is_passwordless is True
