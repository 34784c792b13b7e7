"""Security events, a line each in the log: what was let in or refused, and at which address by its name; never whose.

The request's id is on the line. Where somebody raises a concern, no line tells that she was there.
"""

import logging
from typing import Any

from allauth.account import signals as of_accounts
from allauth.mfa import signals as of_steps
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import Signal
from django.http import HttpRequest

log = logging.getLogger("powertool.security")
SIGNALS: dict[Signal, str] = {
    user_logged_in: "Signed in",
    user_logged_out: "Signed out",
    of_accounts.password_changed: "Password changed",
    of_accounts.password_reset: "Password changed by a mailed link",
    of_accounts.email_confirmed: "Address confirmed",
    of_accounts.email_removed: "Address removed",
    of_steps.authenticator_added: "Second step added",
    of_steps.authenticator_removed: "Second step removed",
}
CODES = {"incorrect_code", "email_password_mismatch", "incorrect_password", "enter_current_password"}


def tell(request: HttpRequest | None, what: str, level: int = logging.WARNING) -> None:
    """Write what happened, and at which address."""
    match = request.resolver_match if request else None
    name = (match.view_name or "unnamed") if match else "unknown"
    if "concern" not in name:
        log.log(level, "%s at %s", what, name)


def listen() -> None:
    """Tell of what the libraries of signing in say."""
    for signal, what in SIGNALS.items():
        signal.connect(_teller(what), weak=False, dispatch_uid=f"tell {what}")


def _teller(what: str) -> Any:
    return lambda request=None, **_kwargs: tell(request, what, logging.INFO)


class LogsRefusals:
    """For an adapter of the library of signing in: tells of passwords and codes that were wrong."""

    request: HttpRequest | None

    def validation_error(self, code: str, *args: Any) -> Any:
        if code in CODES:
            tell(self.request, "Password or code refused")
        return super().validation_error(code, *args)  # type: ignore[misc]
