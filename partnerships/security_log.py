"""Security events, one line each in the log: what was allowed or refused, and at which URL name. Never who.

The request's id is on the line. The pages of concerns write no line, so that no one learns who visited them.
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
REFUSAL_CODES = {"incorrect_code", "email_password_mismatch", "incorrect_password", "enter_current_password"}


def log_event(request: HttpRequest | None, what: str, level: int = logging.WARNING) -> None:
    """Log what happened, and at which URL name."""
    match = request.resolver_match if request else None
    name = (match.view_name or "unnamed") if match else "unknown"
    if "concern" not in name:
        log.log(level, "%s at %s", what, name)


def connect_signals() -> None:
    """Log the signals that Django and allauth send when people sign in or change how they do."""
    for signal, what in SIGNALS.items():
        signal.connect(_handler_for(what), weak=False, dispatch_uid=f"tell {what}")


def _handler_for(what: str) -> Any:
    return lambda request=None, **_kwargs: log_event(request, what, logging.INFO)


class LogsRefusals:
    """For an adapter of allauth: logs passwords and codes that were wrong."""

    request: HttpRequest | None

    def validation_error(self, code: str, *args: Any) -> Any:
        if code in REFUSAL_CODES:
            log_event(self.request, "Password or code refused")
        return super().validation_error(code, *args)  # type: ignore[misc]
