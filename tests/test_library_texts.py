"""Errors of the libraries: no reader of another language meets them in English."""

import re
from html import unescape

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.forms import fields
from django.test import Client
from django.utils import translation

from partnerships.account_adapter import AccountAdapter, StepAdapter
from partnerships.models import User

pytestmark = pytest.mark.django_db
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
EMAIL, PASSWORD = "ama@example.org", "unrelated-words-42"
LIBRARY = (DefaultAccountAdapter, DefaultMFAAdapter)
NOBODY_HERE = {"username", "phone"}  # accounts have neither
SIGN_UP = {"email": "esi@example.org", "name": "Esi", "password1": PASSWORD}
WRONG = {
    "signup": [
        {},
        SIGN_UP | {"email": "nowhere"},
        SIGN_UP | {"email": "a" * 300 + "@example.org", "name": "n" * 500},
        *(SIGN_UP | {"password1": password} for password in ("short", "password1234", "esi@example.org", "powertool")),
    ],
    "login": [{}, {"login": "nowhere", "password": "x"}, {"login": EMAIL, "password": "not-this-one-42"}],
    "login/code": [{}, {"email": "nowhere"}],
    "password/reset": [{}, {"email": "nowhere"}],
}
WRONG_INSIDE = {
    "email": [{"action_add": ""}, {"action_add": "", "email": "nowhere"}, {"action_add": "", "email": EMAIL}],
    "password/change": [
        {},
        {"oldpassword": "not-this-one-42", "password1": PASSWORD, "password2": "other-words-4242"},
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    ],
    "2fa/totp/activate": [{}, {"code": "000000"}],
    "reauthenticate": [{}, {"password": "not-this-one-42"}],
}


@pytest.fixture(scope="module")
def in_english() -> re.Pattern:
    """A pattern of every English text that the libraries have for an error."""
    found = {str(text) for adapter in LIBRARY for text in adapter.error_messages.values()}
    for one in vars(fields).values():
        if isinstance(one, type) and issubclass(one, fields.Field):
            found |= {str(text) for text in one.default_error_messages.values()}
    found |= {"This password is too short. It must", password_validation.CommonPasswordValidator().get_error_message()}
    found |= {"The password is too similar", "Please type your current", "You must type the same password each time"}
    with translation.override("en"):
        return re.compile("|".join(re.sub(r"%.*", "", text).replace("(", "\\(") for text in found if len(text) > 9))


@pytest.fixture
def inside(django_user_model) -> Client:
    ama = User.objects.create_user(EMAIL, PASSWORD, name="Ama")
    EmailAddress.objects.create(user=ama, email=EMAIL, verified=True, primary=True)
    client = Client()
    client.force_login(ama, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def faults(client: Client, forms: dict[str, list[dict]], language: str, in_english: re.Pattern) -> list[str]:
    found = []
    for address, tries in forms.items():
        for data in tries:
            page = client.post(f"/accounts/{address}/", data, headers={"Accept-Language": language})
            assert page.status_code in (200, 429), (address, data)
            found += [f"{address}: {text}" for text in in_english.findall(unescape(page.content.decode()))]
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_no_error_of_an_entrance_is_in_english(client, language, in_english):
    assert faults(client, WRONG, language, in_english) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_error_of_an_account_is_in_english(inside, language, in_english):
    assert faults(inside, WRONG_INSIDE, language, in_english) == []


@pytest.mark.parametrize(
    ("ours", "library"), [(AccountAdapter, DefaultAccountAdapter), (StepAdapter, DefaultMFAAdapter)]
)
def test_every_error_that_a_person_can_meet_is_a_text_of_ours(ours, library):
    same = {key for key, text in library.error_messages.items() if ours.error_messages[key] == text}
    assert {key for key in same if not NOBODY_HERE & set(key.split("_"))} == set()


def test_a_password_like_ones_address_or_name_is_refused_in_our_words(client):
    like_address = SIGN_UP | {"email": "wanjirukamau@example.org", "password1": "wanjirukamau7"}
    said = "too similar to your name or e-mail address"
    assert said in client.post("/accounts/signup/", like_address).content.decode()
    with pytest.raises(ValidationError, match=said):
        password_validation.validate_password("Wanjiru Kamau 7", User(name="Wanjiru Kamau"))
