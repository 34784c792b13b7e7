"""The pages of accounts and of staff, with one field wrong at a time; and that no URL that takes posts is left out."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse

from partnerships.models import WrongText
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
from tests.security.fuzzing import Post, all_faults, digest
from tests.security.queries import TEXTS, noted, query_faults, wrong_with  # noqa: F401 (a fixture)
from tests.test_permissions import urls

SIGN_UP = {"email": "new@example.org", "name": "New", "password1": "unrelated-words-42"}
ANOTHER = {"password1": "other-words-42", "password2": "other-words-42"}
POSTS = {
    "account_login": Post("a", {"login": "{email}", "password": PASSWORD, "remember": "on"}),
    "account_logout": Post("o"),
    "account_signup": Post("a", SIGN_UP),
    "account_reauthenticate": Post("o", {"password": PASSWORD}),
    "account_email": Post("o", {"email": "more@example.org", "action_add": ""}),
    "account_change_password": Post("o", {"oldpassword": PASSWORD} | ANOTHER),
    "account_set_password": Post("o", ANOTHER, accepted=False),
    "account_reset_password": Post("a", {"email": "{email}"}, shows="/accounts/password/reset/done/"),
    "account_reset_password_from_key": Post("a", ANOTHER, accepted=False),
    "account_request_login_code": Post("a", {"email": "{email}"}),
    "account_confirm_login_code": Post("a", {"code": "ABCD-EFGH"}, accepted=False),
    "account_email_verification_sent": Post("a", {"code": "ABCD-EFGH"}, accepted=False),
    "mfa_authenticate": Post("a", {"code": "123456"}, accepted=False),
    "mfa_reauthenticate": Post("s", {"code": "{recovery}"}),
    "mfa_activate_totp": Post("o", {"code": "123456"}),
    "mfa_deactivate_totp": Post("s"),
    "mfa_generate_recovery_codes": Post("s"),
    "mfa_add_webauthn": Post("o", {"name": "Phone", "credential": "{}"}),
    "mfa_remove_webauthn": Post("o"),
    "mfa_edit_webauthn": Post("o", {"name": "Phone"}),
    "mfa_login_webauthn": Post("a", {"credential": "{}"}, accepted=False),
    "mfa_reauthenticate_webauthn": Post("o", {"credential": "{}"}, accepted=False),
    # Without a provider there is nothing to speak with: tests/security/test_organisations.py has one.
    "openid_connect_login": Post("a", {"next": "/partnerships/"}, accepted=False),
    "openid_connect_disconnect": Post("o"),
    "usersessions_list": Post("o", accepted=False),
    "usersessions_end": Post("o", {"session": "1"}, accepted=False),
    "my-data": Post("g", shows="attachment"),
    "erase-me": Post("g", {"name": "Guest Gathoni"}),
    "staff-failed": Post("s", {"work": "work-1", "sure": "yes"}, accepted=False),
    "staff-texts": Post("s", {"report": "{report}", "handled": "yes"}),
    "translations": Post("a", {"language": "fr", "page": "Home", "present_text": "Mot", "better_text": "Mots"}),
    "admin:partnerships_user_changelist": Post("s", {"action": "sign_out", "_selected_action": "{person}"}),
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


@pytest.mark.usefixtures("patient")
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
        "person": str(cast.guest.pk),
        "report": WrongText.objects.create(language="fr", present_text="Mot").code,
        "": "{}",
    }
    assert not (wrong := all_faults(POSTS, people, addresses, codes)), wrong


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
