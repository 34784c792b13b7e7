"""Names of people: which are the same to a reader, and under which one something was written."""

import unicodedata
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

# Letters of other scripts that look like Latin ones.
LOOKALIKES = str.maketrans("аеорсухіјѕԁԛԝһӏοανρτικ", "aeopcyxijsdqwhloavptik")


class Named(Protocol):
    def name_at(self, at: datetime) -> str: ...

    def get_full_name(self) -> str: ...


def plain(name: str) -> str:
    """Return a name as a reader's eye compares it: without case, forms of letters, and signs that nobody sees."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).translate(LOOKALIKES).split())


def past(former: list[dict[str, str]], at: datetime) -> str | None:
    """Return the name of a moment, from the names that were changed later; None if it is today's."""
    return next((entry["name"] for entry in former if at < datetime.fromisoformat(entry["until"])), None)


def signed(who: Named | None, at: datetime) -> str:
    """Return the name under which somebody wrote at a moment, and today's if it is another one."""
    if who is None:
        return _("Somebody who left")
    return with_today(who.name_at(at), who.name_at(at), who.get_full_name())


def with_today(written: str, then: str, today: str) -> str:
    """Return a signature as it was written, with today's name behind it if that differs."""
    return written if then == today else _("%(name)s (today: %(today)s)") % {"name": written, "today": today}
