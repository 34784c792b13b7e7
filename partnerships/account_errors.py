"""Errors of the account pages in our own words: the library's are not in all six languages, nor in one register."""

from django.utils.translation import gettext_lazy as _

WRONG_CODE = _("This code is not correct. Check it and type it again, or ask for a new one.")

OF_ACCOUNTS = {
    "account_inactive": _("This account has been closed. Contact the organisation that runs this website."),
    "cannot_remove_primary_email": _("You cannot remove your main e-mail address. Choose another main address first."),
    "duplicate_email": _("Your account already has this e-mail address."),
    "email_password_mismatch": _("The e-mail address or the password is not correct. Check both and try again."),
    "email_taken": _(
        "This e-mail address belongs to another account. Sign in to that account, or use another address."
    ),
    "enter_current_password": _("Type your current password."),
    "incorrect_code": WRONG_CODE,
    "incorrect_password": _("This password is not correct. Check it and type it again."),
    "invalid_or_expired_key": _("This link is no longer valid. Ask for a new one."),
    "invalid_login": _("We could not sign you in. Start again on the sign-in page."),
    "invalid_password_reset": _("This password link is no longer valid. Ask for a new one."),
    "max_email_addresses": _("You cannot add more than %d e-mail addresses. Remove one first."),
    "too_many_login_attempts": _("There have been too many failed attempts to sign in. Try again later."),
    "unknown_email": _("No account has this e-mail address. Check the address, or create an account."),
    "unverified_primary_email": _("Your main e-mail address is not confirmed. Confirm it first."),
    "select_only_one": _("Select only one option."),
    "same_as_current": _("This entry is the same as before. Enter something different."),
    "rate_limited": _("You have sent too many requests. Wait a moment, then try again."),
}
OF_SECOND_STEPS = {
    "add_email_blocked": _("Turn off your second step for signing in before you add an e-mail address."),
    "cannot_delete_authenticator": _("You cannot turn off this second step."),
    "cannot_generate_recovery_codes": _("Set up a second step before you create recovery codes."),
    "incorrect_code": WRONG_CODE,
    "unverified_email": _("Confirm your e-mail address before you set up a second step for signing in."),
}
