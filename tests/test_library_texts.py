"""Errors of the libraries: no reader of another language meets them in English."""

import re
from collections.abc import Iterator
from html import unescape
from importlib import import_module
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BaseForm, BaseFormSet, fields
from django.test import Client
from django.utils import translation
from django.utils.module_loading import import_string

from assessments.forms.followup.actions import ActionForm
from partnerships.account_adapter import AccountAdapter, StepAdapter
from partnerships.models import User
from tests.assessments.making import make_assessment
from tests.english import OTHERS
from tests.english import in_english as left_in_english

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "ama@example.org", "unrelated-words-42"
APPS = {"powertool", "community", "assessments", "partnerships", "allauth"}
LIBRARY = (DefaultAccountAdapter, DefaultMFAAdapter)
NOTHING = BLANK_CHOICE_DASH[0][1]  # what Django shows where nothing is chosen
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


class Anything(dict):
    """Values for whatever an error fills in."""

    def __missing__(self, _name: str) -> int:
        return 2


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def forms_of_the_site() -> set[type]:
    """Return every form and form of lines that an address leads to, ours and those of the library of accounts."""
    import_module(settings.ROOT_URLCONF)
    for name in settings.ACCOUNT_FORMS.values():
        import_string(name)
    found = {*below(BaseForm), *(lines for lines in below(BaseFormSet) if hasattr(lines, "form"))}
    return {one for one in found if any(kind.__module__.split(".")[0] in APPS for kind in one.__mro__)}


def errors_of(form: type) -> Iterator[Any]:
    """Yield each error that a form can show before its own rules are asked."""
    if issubclass(form, BaseFormSet):
        possible = {"missing_management_form", "too_many_forms", *(["too_few_forms"] if form.validate_min else [])}
        yield from (text for name, text in form().error_messages.items() if name in possible)
        return
    for field in form.base_fields.values():
        yield from field.error_messages.values()
        yield from (check.message for check in field.validators if hasattr(check, "message"))


def test_every_kind_of_form_is_looked_at():
    found = {form.__name__ for form in forms_of_the_site()}
    assert found >= {"SetupForm", "GroupForm", "ErasureForm", "PartnerLineFormSet", "SignUpForm", "ActivateTOTPForm"}


def test_no_choice_of_any_field_is_only_dashes(cast):
    """Those of an action are filled when its form is made."""
    fields_of = {form: getattr(form, "form", form).base_fields for form in forms_of_the_site()}
    dashes = {
        (form.__name__, name)
        for form, listed in fields_of.items()
        for name, field in listed.items()
        if NOTHING in field.widget.render(name, None)
    }
    assert dashes == {("ActionForm", "owner"), ("ActionForm", "confirmer")}
    assert NOTHING not in str(ActionForm(assessment=make_assessment(cast)))


@pytest.mark.parametrize("language", OTHERS)
def test_no_error_of_any_field_is_in_english(language):
    with translation.override(language):
        errors = {
            (form.__name__, text)
            for form in forms_of_the_site()
            for error in errors_of(form)
            for text in ValidationError(error, params=Anything(n=2)).messages
        }
    assert [(form, text) for form, text in sorted(errors) if left_in_english(text, language)] == []


@pytest.mark.parametrize(("language", "english"), [("pt", 1), ("fr", 0)])
def test_a_text_that_a_library_left_in_english_is_found(language, english):
    assert len(left_in_english("<li>“7” is not a valid value.</li>", language)) == english


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
