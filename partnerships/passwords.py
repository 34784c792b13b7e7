"""Refusing passwords that are made of words about this site, and passwords that have leaked elsewhere."""

import hashlib
import logging
import re
from http.client import HTTPException
from urllib.request import Request, urlopen

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
PATIENCE = 3  # seconds
LONGEST = 200_000  # bytes of an answer
# The tool's names and what it is about, in the languages of its users.
SITE_WORDS = (
    *("power", "awareness", "tool", "powertool", "partos", "partnership", "partner", "north", "south", "northern"),
    *("southern", "session", "assessment", "shift", "shiftthepower", "facilitator", "representative", "password"),
    *("pouvoir", "partenariat", "partenaire", "poder", "alianza", "parceria", "macht", "welcome", "admin", "staff"),
)
ONLY_SITE_WORDS = re.compile(f"(?:{'|'.join(sorted(SITE_WORDS, key=len, reverse=True))})+")


class LengthValidator(MinimumLengthValidator):
    """Refuse a short password, in our own words: Django's are not in all our languages."""

    def get_error_message(self) -> str:
        return _("This password is too short. Use at least %(least)s characters.") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("Use at least %(least)s characters.") % {"least": self.min_length}


class CommonValidator(CommonPasswordValidator):
    """Refuse a password that very many people use, in our own words."""

    def get_error_message(self) -> str:
        return _("Many people use this password. Choose a different one.")

    def get_help_text(self) -> str:
        return _("Do not use a password that many people use.")


class SimilarValidator(UserAttributeSimilarityValidator):
    """Refuse a password that is nearly the person's name or e-mail address, in our own words."""

    def get_error_message(self) -> str:
        return _("This password is too similar to your name or e-mail address. Choose a different one.")

    def get_help_text(self) -> str:
        return _("Use a password that is not similar to your name or e-mail address.")


class SiteWordsValidator:
    """Refuse a password that is nothing but words about this site, digits and signs."""

    def validate(self, password: str, user=None) -> None:
        letters = "".join(sign for sign in password.lower() if sign.isalpha())
        if not letters or ONLY_SITE_WORDS.fullmatch(letters):
            raise ValidationError(
                _("This password is easy to guess because it contains only words about this website. Add other words.")
            )

    def get_help_text(self) -> str:
        return _("Your password must not consist only of words about this website and its subject.")


class LeakedValidator:
    """Refuse a password that a list of leaked passwords has (`PASSWORD_RANGE_URL`).

    The list gets the first five digits of the password's digest and answers with all that begin alike, so that it does
    not learn the password. If it does not answer, nobody is kept from an account.
    """

    def validate(self, password: str, user=None) -> None:
        if settings.PASSWORD_RANGE_URL and has_leaked(password):
            raise ValidationError(_("This password has been stolen from another website. Choose a different one."))

    def get_help_text(self) -> str:
        return _("Do not use a password that has been stolen from another website.")


def has_leaked(password: str) -> bool:
    """Return whether the list has this password; one that is there zero times only pads the answer."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()  # as such lists are made
    try:
        lines = ask(digest[:5]).split()
    except (OSError, HTTPException):  # away, or answers no HTTP
        log.warning("The list of leaked passwords does not answer")
        return False
    counts = dict(line.upper().split(":", 1) for line in lines if ":" in line)
    return counts.get(digest[5:], "0") != "0"


def ask(beginning: str) -> str:
    """Return the endings and their counts that the list has for the beginning of a digest."""
    request = Request(settings.PASSWORD_RANGE_URL + beginning, headers={"Add-Padding": "true"})  # noqa: S310
    with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
        return response.read(LONGEST).decode("ascii", "replace")
