"""The pages of accounts and of staff, with one field wrong at a time."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD
from tests.security import secondstep
from tests.security.fuzzing import Post, all_faults, digest

SIGN_UP = {"email": "new@example.org", "name": "New", "password1": "unrelated-words-42"}
ANOTHER = {"password1": "other-words-42", "password2": "other-words-42"}
POSTS = {
    "account_login": Post("a", {"login": "{email}", "password": PASSWORD, "remember": "on"}),
    "account_logout": Post("o"),
    "account_signup": Post("a", SIGN_UP),
    "account_reauthenticate": Post("o", {"password": PASSWORD}),
    "account_email": Post("o", {"email": "more@example.org", "action_add": ""}),
    "account_change_password": Post("o", {"oldpassword": PASSWORD} | ANOTHER),
    "account_set_password": Post("o", ANOTHER),
    "account_reset_password": Post("a", {"email": "{email}"}),
    "account_reset_password_from_key": Post("a", ANOTHER),
    "account_request_login_code": Post("a", {"email": "{email}"}),
    "account_confirm_login_code": Post("a", {"code": "ABCD-EFGH"}),
    "account_confirm_email": Post("a", status=404),
    "mfa_authenticate": Post("a", {"code": "123456"}),
    "mfa_reauthenticate": Post("s", {"code": "123456"}),
    "mfa_activate_totp": Post("o", {"code": "123456"}),
    "mfa_deactivate_totp": Post("s"),
    "mfa_generate_recovery_codes": Post("s"),
    "mfa_add_webauthn": Post("o", {"name": "Phone", "credential": "{}"}),
    "mfa_remove_webauthn": Post("o"),
    "mfa_edit_webauthn": Post("o", {"name": "Phone"}),
    "mfa_login_webauthn": Post("a", {"credential": "{}"}),
    "mfa_reauthenticate_webauthn": Post("o", {"credential": "{}"}),
    "usersessions_list": Post("o"),
    "my-data": Post("g"),
    "erase-me": Post("g", {"name": "Guest Gathoni"}),
    "staff-failed": Post("s", {"work": "work-1", "sure": "yes"}),
    "admin:partnerships_seat_changelist": Post("s", {"action": "take_back", "_selected_action": "{seat}"}),
}
KEYS = {
    "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
    "account_confirm_email": {"key": "nothing"},
    "mfa_remove_webauthn": {"pk": 1},
    "mfa_edit_webauthn": {"pk": 1},
}


@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast):
    for person in (cast.outsider, cast.staff):
        person.set_password(PASSWORD)
        person.save()
    secondstep.set_up(cast.staff)
    people = {"a": None, "o": cast.outsider, "s": cast.staff, "g": cast.guest}
    addresses = {name: reverse(name, kwargs=KEYS.get(name)) for name in POSTS}
    seat = cast.seat(cast.south_facilitator)
    codes = {"foreign": "nothing-here", "email": cast.outsider.email, "seat": str(seat.pk), "": "{}"}
    assert not (wrong := all_faults(POSTS, people, addresses, codes)), wrong


def test_the_digest_sees_one_changed_row(cast):
    before = digest()
    assert digest() == before
    cast.outsider.name = "Somebody else"
    cast.outsider.save()
    assert digest() != before
