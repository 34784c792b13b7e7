"""Facts beside influence in the report: the sides' shares, only where both sides let them leave (METHOD §6)."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import numbers
from assessments.charts.facts import rows_of
from assessments.results.beside_influence import beside_influence, facts_that_leave
from assessments.results.presenters import Results
from partnerships.models import Side


def declared_facts_of(results: Results) -> dict[str, Any] | None:
    """Return sentences and a table of shares; None where facts are off or do not leave the assessment."""
    facts = facts_that_leave(results)
    found = beside_influence(results) if facts else None
    if not facts or not found:
        return None
    return {
        "title": _("Facts and influence"),
        "said": [" ".join(map(str, subject["said"])) for subject in found["subjects"] if subject["said"]],
        "heads": [_("Fact"), *(results.names["sides"][side] for side in Side.values), _("Partners that answered")],
        "rows": [line for subject in found["subjects"] for line in _lines(subject)],
        "bars": [_bar(words, shares) for words, shares in rows_of(facts)],
        "note": _("Both sides can co-decide in the same decision, so their shares can add up to more than 100%."),
    }


def _lines(subject: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a subject: its facts, then the decisions."""
    held = [
        [_with_problem(row), *(row["sides"][side] for side in Side.values), str(row["n"])] for row in subject["rows"]
    ]
    words = _("%(subject)s: decisions in which each side decides or co-decides") % {
        "subject": capfirst(subject["title"])
    }
    return [*held, [words, *(subject["decided"][side] for side in Side.values), ""]]


def _bar(words: str, shares: dict[str, float | None]) -> dict[str, Any]:
    """Return a row of the chart: the shares of both sides as printed, and as drawn."""
    return {"label": words, "raw": shares, **{side: numbers.share(share) for side, share in shares.items()}}


def _with_problem(row: dict[str, Any]) -> str:
    return f"{row['words']} ({row['problem']})" if row["problem"] else row["words"]
