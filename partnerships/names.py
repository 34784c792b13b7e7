"""Names of people: which look the same to a reader, and which one somebody had at a moment."""

import unicodedata
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

# Letters of other scripts that look like Latin ones.
LOOKALIKES = str.maketrans("аеорсухіјѕԁԛԝһӏοανρτικ", "aeopcyxijsdqwhloavptik")


class Named(Protocol):
    def name_at(self, at: datetime) -> str: ...

    def get_full_name(self) -> str: ...


def comparable_name(name: str) -> str:
    """Return a name for comparison: without case, look-alike letters and invisible characters."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).translate(LOOKALIKES).split())


def former_name(former: list[dict[str, str]], at: datetime) -> str | None:
    """Return the name at a moment, from a list of former names. None if it is today's name."""
    return next((entry["name"] for entry in former if at < datetime.fromisoformat(entry["until"])), None)


def signature(who: Named | None, at: datetime) -> str:
    """Return the name that an author had at a moment, followed by today's name if it differs."""
    if who is None:
        return _("Someone who has left")
    return with_name_of_today(who.name_at(at), who.name_at(at), who.get_full_name())


def with_name_of_today(written: str, then: str, today: str) -> str:
    """Return a signature as it was written, with today's name behind it if that differs."""
    return written if then == today else _("%(name)s (now: %(today)s)") % {"name": written, "today": today}
