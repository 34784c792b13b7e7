"""Refusing passwords that are made of words about this site."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The tool's names and what it is about, in the languages of its users.
SITE_WORDS = (
    *("power", "awareness", "tool", "powertool", "partos", "partnership", "partner", "north", "south", "northern"),
    *("southern", "session", "assessment", "shift", "shiftthepower", "facilitator", "representative", "password"),
    *("pouvoir", "partenariat", "partenaire", "poder", "alianza", "parceria", "macht", "welcome", "admin", "staff"),
)
ONLY_SITE_WORDS = re.compile(f"(?:{'|'.join(sorted(SITE_WORDS, key=len, reverse=True))})+")


class SiteWordsValidator:
    """Refuse a password that is nothing but words about this site, digits and signs."""

    def validate(self, password: str, user=None) -> None:
        letters = "".join(sign for sign in password.lower() if sign.isalpha())
        if not letters or ONLY_SITE_WORDS.fullmatch(letters):
            raise ValidationError(_("This password is made of words that everybody here would try. Add others."))

    def get_help_text(self) -> str:
        return _("Not only words about this site and its subject.")
