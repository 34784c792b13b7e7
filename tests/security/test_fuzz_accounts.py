"""The pages of accounts and of staff, with one field wrong at a time; and that no URL that takes posts is left out."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from assessments.models import Job
from assessments.workflow import jobs
from partnerships.models import User, WrongText
from tests.assessments import making
from tests.factories import PASSWORD
from tests.security import (
    secondstep,
    test_fuzz_assessments,
    test_fuzz_community,
    test_fuzz_evidence,
    test_fuzz_measures,
    test_fuzz_papers,
    test_fuzz_partnerships,
)
from tests.security.fuzzing import Post, Scene, all_faults, digest
from tests.security.passkeys import Passkey
from tests.security.queries import TEXTS, noted, query_faults, wrong_with  # noqa: F401 (a fixture)
from tests.test_permissions import urls

CODE = r"^[A-Z0-9]{4}-[A-Z0-9]{4}$"  # alone on its line of a mail
AJAX = {"X-Requested-With": "XMLHttpRequest"}
Codes = dict[str, Any]
SIGN_UP = {"email": "new@example.org", "name": "New", "password1": "unrelated-words-42"}
ANOTHER = {"password1": "other-words-42", "password2": "other-words-42"}


def sign_in(browser: Client, scene: Scene, who: str) -> User:
    """Let somebody give their address and their password."""
    browser.post(scene.addresses["account_login"], {"login": scene.people[who].email, "password": PASSWORD})
    return scene.people[who]


def another_session(scene: Scene) -> Codes:
    """Let the person with an account be signed in on another device as well."""
    person = sign_in(Client(), scene, "o")
    return {"session": str(UserSession.objects.get(user=person).pk)}


def asked_again(scene: Scene) -> None:
    """Let staff have given their password again."""
    scene.browsers["s"].post(scene.addresses["account_reauthenticate"], {"password": PASSWORD})


def no_password(scene: Scene) -> None:
    """Let the person have no password, as after signing up with an organisation's account."""
    person = User.objects.get(pk=scene.people["o"].pk)
    person.set_unusable_password()
    person.save()
    secondstep.sign_in_now(scene.browsers["o"], person)


def in_mail(pattern: str) -> str:
    return re.search(pattern, str(mail.outbox[-1].body), re.MULTILINE)[0]


def mailed_link(scene: Scene) -> Codes:
    """Let the link to a new password be mailed and opened."""
    browser = scene.browsers["a"]
    browser.post(scene.addresses["account_reset_password"], {"email": scene.codes["email"]})
    opened = browser.get(urlsplit(in_mail(r"http\S+")).path)
    return {"at account_reset_password_from_key": opened.headers["Location"]}


def mailed_code(scene: Scene) -> Codes:
    """Let a code to sign in be mailed."""
    scene.browsers["a"].post(scene.addresses["account_request_login_code"], {"email": scene.codes["email"]})
    return {"code": in_mail(CODE)}


def signed_up(scene: Scene) -> Codes:
    """Let somebody sign up, whose address waits to be confirmed by a code."""
    scene.browsers["a"].post(scene.addresses["account_signup"], SIGN_UP)
    return {"code": in_mail(CODE)}


def gave_password(scene: Scene) -> Codes:
    """Let somebody have given the password of an account that has a second step."""
    staff = sign_in(scene.browsers["a"], scene, "s")
    return {"code": secondstep.code_of(Authenticator.objects.get(user=staff, type=Authenticator.Type.TOTP))}


def shown_secret(scene: Scene) -> Codes:
    """Let the page show the secret of a new authenticator app."""
    shown = scene.browsers["o"].get(scene.addresses["mfa_activate_totp"])
    return {"code": secondstep.code_of(Authenticator(data={"secret": shown.context["form"].secret}))}


def offered_passkey(scene: Scene) -> Codes:
    """Let the page have offered to add a passkey, and the device have made one."""
    shown = scene.browsers["o"].get(scene.addresses["mfa_add_webauthn"])
    return {"credential": Passkey().registration(shown.context["js_data"]["creation_options"])}


def a_passkey(scene: Scene) -> Codes:
    """Let the person have a passkey, and the pages that sign in by it have asked for it."""
    key, person, browser = Passkey(), scene.people["o"], scene.browsers["o"]
    page = scene.addresses["mfa_add_webauthn"]
    options = browser.get(page).context["js_data"]["creation_options"]
    browser.post(page, {"name": "Phone", "credential": key.registration(options)})
    asked = scene.browsers["a"].get(scene.addresses["mfa_login_webauthn"], headers=AJAX).json()["request_options"]
    again = browser.get(scene.addresses["mfa_reauthenticate_webauthn"]).context["js_data"]["request_options"]
    made = person.authenticator_set.get(type=Authenticator.Type.WEBAUTHN).pk
    return {
        "login": key.signature(asked, person),
        "again": key.signature(again, person),
        "at mfa_remove_webauthn": reverse("mfa_remove_webauthn", args=[made]),
        "at mfa_edit_webauthn": reverse("mfa_edit_webauthn", args=[made]),
    }


def failed_job(scene: Scene) -> Codes:
    """Let the results of an assessment have failed to be made."""
    jobs.request(making.make_assessment(scene.cast), Job.Kind.AGREED)
    Job.objects.update(state=Job.State.FAILED)
    return {"task": f"job-{Job.objects.get().pk}"}


def connected_account(scene: Scene) -> None:
    """Let the account be connected with an account of the organisation."""
    SocialAccount.objects.create(user=scene.people["o"], provider="oxfam", uid="ada")


POSTS = {
    "account_login": Post("a", {"login": "{email}", "password": PASSWORD, "remember": "on"}),
    "account_logout": Post("o", shows="'Location': '/'"),
    "account_signup": Post("a", SIGN_UP),
    "account_reauthenticate": Post("o", {"password": PASSWORD}, shows="'Location': '/'"),
    "account_email": Post(
        "o", {"email": "more@example.org", "action_add": ""}, shows="'Location': '/accounts/confirm-email/"
    ),
    "account_change_password": Post("o", {"oldpassword": PASSWORD} | ANOTHER),
    "account_set_password": Post("o", ANOTHER, state=no_password),
    "account_reset_password": Post("a", {"email": "{email}"}, shows="/accounts/password/reset/done/"),
    "account_reset_password_from_key": Post("a", ANOTHER, state=mailed_link),
    "account_request_login_code": Post("a", {"email": "{email}"}, shows="/accounts/login/code/confirm/"),
    "account_confirm_login_code": Post("a", {"code": "{code}"}, state=mailed_code),
    "account_email_verification_sent": Post("a", {"code": "{code}"}, state=signed_up),
    "mfa_authenticate": Post("a", {"code": "{code}"}, state=gave_password),
    "mfa_reauthenticate": Post("s", {"code": "{recovery}"}),
    "mfa_activate_totp": Post("o", {"code": "{code}"}, state=shown_secret),
    "mfa_deactivate_totp": Post("s", state=asked_again),
    "mfa_generate_recovery_codes": Post("s", state=asked_again),
    "mfa_add_webauthn": Post("o", {"name": "Phone", "credential": "{credential}"}, state=offered_passkey),
    "mfa_remove_webauthn": Post("o", state=a_passkey),
    "mfa_edit_webauthn": Post("o", {"name": "Tablet"}, state=a_passkey),
    "mfa_login_webauthn": Post("a", {"credential": "{login}"}, state=a_passkey),
    "mfa_reauthenticate_webauthn": Post("o", {"credential": "{again}"}, state=a_passkey, shows="'Location': '/'"),
    "openid_connect_login": Post("a", {"next": "/partnerships/"}, shows="/authorize?"),
    "openid_connect_disconnect": Post("o", state=connected_account),
    "usersessions_list": Post("o", state=another_session),
    "usersessions_end": Post("o", {"session": "{session}"}, state=another_session),
    "my-data": Post("g", shows="attachment"),
    "erase-me": Post("g", {"name": "Guest Gathoni"}),
    "staff-failed": Post("s", {"task": "{task}", "sure": "yes"}, state=failed_job),
    "staff-texts": Post("s", {"report": "{report}", "handled": "yes"}),
    "translations": Post("a", {"language": "fr", "page": "Home", "present_text": "Mot", "better_text": "Mots"}),
    "admin:partnerships_user_changelist": Post(
        "s",
        {"action": "sign_out", "_selected_action": "{person}"},
        state=another_session,
        shows="'Location': '/staff/partnerships/user/'",
    ),
    "admin:partnerships_membership_changelist": Post("s", {"action": "take_back", "_selected_action": "{membership}"}),
}
KEYS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "mfa_remove_webauthn": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
    "openid_connect_login": {"provider_id": "oxfam"},
    "openid_connect_disconnect": {"provider_id": "oxfam"},
}
READ_ONLY = {"mfa_download_recovery_codes", "staff-usage", "staff-moderation"}  # which answer posts like any request
OF_OTHERS = ("admin:", "api", "schema")  # Django's own; and the interface for programs, whose own fuzz reads its schema


def test_every_url_that_takes_posts_is_tried(client, cast):
    client.force_login(cast.outsider)
    modules = (test_fuzz_assessments, test_fuzz_partnerships, test_fuzz_community, test_fuzz_measures, test_fuzz_papers)
    tried = set(POSTS) | READ_ONLY | {"language"}
    for module in (*modules, test_fuzz_evidence):
        app = module.__name__.rsplit("_", 1)[1]
        app = app if app in ("assessments", "partnerships") else "community"
        tried |= {f"{app}:{name.split()[0]}" for name in module.POSTS}
    left = set()
    for name, pattern in urls().items():
        if name in tried or name.startswith(OF_OTHERS):
            continue
        kinds = pattern.pattern.converters
        made = KEYS.get(name) or {
            key: 1 if type(kind).__name__ == "IntConverter" else "x" for key, kind in kinds.items()
        }
        if client.post(reverse(name, kwargs=made)).status_code != 405:
            left.add(name)
    assert not left, sorted(left)


@pytest.mark.usefixtures("patient", "says")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast):
    for person in (cast.outsider, cast.staff):
        person.set_password(PASSWORD)
        person.save()
    secondstep.set_up(cast.staff)
    people = {"a": None, "o": cast.outsider, "s": cast.staff, "g": cast.guest}
    addresses = {name: reverse(name, kwargs=KEYS.get(name)) for name in POSTS}
    membership = cast.membership(cast.south_facilitator)
    codes = {
        "foreign": "nothing-here",
        "email": cast.outsider.email,
        "recovery": RecoveryCodes.activate(cast.staff).get_unused_codes()[0],
        "membership": str(membership.pk),
        "person": str(cast.outsider.pk),
        "report": WrongText.objects.create(language="fr", present_text="Mot").code,
    }
    assert not (wrong := all_faults(POSTS, people, addresses, codes, cast=cast)), wrong


ALSO = (
    "home",
    "api",
    "staff-usage",
    "staff-moderation",
    "admin:index",
    "admin:partnerships_user_changelist",
)


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(cast, noted):  # noqa: F811
    secondstep.set_up(cast.staff)
    people = {"a": None, "o": cast.outsider, "s": cast.staff, "g": cast.guest}
    pages = {name: {post.who: 200} for name, post in POSTS.items()} | {name: {"s": 200} for name in ALSO}
    pages |= {f"{name} signed in": {"o": 200} for name in ("account_login", "account_signup", "account_logout")}
    addresses = {name: reverse(name.split()[0], kwargs=KEYS.get(name)) for name in pages}
    names, wrong = query_faults(pages, people, addresses, noted)
    assert not wrong, wrong
    assert names["account_login signed in"] >= {"next"}


@pytest.mark.django_db
def test_no_wrong_language_breaks_a_page(client):
    wrong = [(value, fault) for value in TEXTS if (fault := wrong_with(client.get(f"/privacy/?lang={value}")))]
    assert not wrong, wrong


def test_the_digest_sees_one_changed_row(cast):
    before = digest()
    assert digest() == before
    cast.outsider.name = "Somebody else"
    cast.outsider.save()
    assert digest() != before
