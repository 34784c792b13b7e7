"""The tables of what the group agreed: the means of each decision, and every level."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from assessments import sentences
from assessments.exports import Table, Value
from assessments.results.presenters import Results
from assessments.results.tables.columns import NOT_DISCUSSED, make_table, rounded, yes_or_no

MEANS = ("level", "north", "south", "gap", "balance")
WISHES = ("north_desired", "south_desired")


def agreed_tables(results: Results) -> Iterator[Table]:
    """Yield what the group agreed: the means of each decision, and every cell."""
    if results.agreed is None:
        return
    assessment, scores = results.assessment, results.scores
    outcomes = {row["decision"]: row for row in scores["outcomes"]}
    groups = sentences.groups_by_decision(scores, results.names)
    yield make_table(
        assessment,
        "agreed",
        _("Agreed levels of Northern and Southern partners"),
        "decision level north south gap balance holders north_desired south_desired "
        "agree no_common_wish route review_on note",
        (
            (
                row["decision"],
                *(rounded(row[name]) for name in MEANS),
                sentences.holder_code(groups.get(row["decision"])),
                *(rounded(row[name]) for name in WISHES),
                *_outcome(outcomes.get(row["decision"])),
            )
            for row in scores["decisions"]
        ),
    )
    cells = {(cell["decision"], cell["partner"]): cell for cell in scores["cells"]}
    yield make_table(
        assessment,
        "levels",
        _("Every partner in every decision"),
        "decision partner side state actual desired one_view other_view",
        (
            (decision, p["number"], p["side"], *_level(cells.get((decision, p["number"]))))
            for decision in results.names["decisions"]
            for p in results.partners
        ),
    )


def _outcome(outcome: dict[str, Any] | None) -> tuple[Value, ...]:
    if outcome is None:
        return None, None, None, None, None
    no_wish = yes_or_no(outcome.get("no_common_wish") or None)
    agree, route = yes_or_no(outcome["agree"]), outcome["route"] or None
    return agree, no_wish, route, outcome["review_on"], outcome["note"] or None


def _level(cell: dict[str, Any] | None) -> tuple[Value, ...]:
    if cell is None:
        return NOT_DISCUSSED, None, None, None, None
    return cell["state"], cell["actual"], cell["desired"], cell["one_view"] or None, cell["other_view"] or None
