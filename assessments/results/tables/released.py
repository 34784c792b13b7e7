"""The tables of what was released of the private answers, by the mode of the assessment."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from assessments.exports import Table, Value
from assessments.models import Mode
from assessments.results.presenters import Results
from assessments.results.tables.caucus import caucus_tables
from assessments.results.tables.columns import HIDDEN, hidden_note, make_table, rounded
from assessments.scoring.levels import BOTH_SIDES


def release_tables(results: Results) -> Iterator[Table]:
    """Yield what was released of the private answers, as far as it is shown; each row says if it hides a number."""
    if results.release is None:
        return
    if results.release.mode == Mode.CAUCUS:
        yield from caucus_tables(results)
        return
    data, assessment = results.data, results.assessment
    overall = data["assessment"]
    if data["mode"] == Mode.ALL_TOGETHER:
        yield make_table(assessment, "answers", _("Who answered"), "answered", [(overall["answered"]["all"],)])
        yield _bands(results)
    else:
        yield from _by_side(results)
    if data["mode"] == Mode.NAMED:
        yield from _named(results)
    yield _agreements(results)


def _seen(row: dict[str, Any]) -> tuple[Value, ...]:
    return tuple(row[name] for name in ("north", "south", "difference"))


def _by_side(results: Results) -> Iterator[Table]:
    data, assessment = results.data, results.assessment
    overall = data["assessment"]
    whole = (*_seen(overall), overall["agreement"], *(overall["answered"][side] for side in BOTH_SIDES))
    title, seen = _("What the private answers show"), "seen_by_north seen_by_south difference"
    rows = ((row["decision"], *_seen(row), hidden_note(*_seen(row))) for row in data["decisions"])
    yield make_table(assessment, "seen", title, f"decision {seen} {HIDDEN}", rows)
    yield make_table(
        assessment,
        "seen_overall",
        _("What the private answers show across all decisions"),
        f"{seen} agreement answered_north answered_south {HIDDEN}",
        [(*whole, hidden_note(*whole))],
    )


def _bands(results: Results) -> Table:
    bands = {(cell["decision"], cell["partner"]): cell["band"] for cell in results.data["cells"]}
    cells = (
        (decision, p["number"], bands.get((decision, p["number"])))
        for decision in results.names["decisions"]
        for p in results.partners
    )
    title = _("What the private answers show")
    rows = ((*row, hidden_note(row[-1])) for row in cells)
    return make_table(results.assessment, "bands", title, f"decision partner band {HIDDEN}", rows)


def _agreements(results: Results) -> Table:
    assert results.release is not None  # noqa: S101 (for the type checker)
    code_by_answer = {"all agree": "yes", "not all agree": "no"}
    rows = [(row["decision"], code_by_answer.get(row["agree"])) for row in results.release.agreements]
    return make_table(
        results.assessment,
        "private_agreement",
        _("Private answers to “Do we agree?”"),
        f"decision agree {HIDDEN}",
        ((*row, hidden_note(*row)) for row in rows),
    )


def _named(results: Results) -> Iterator[Table]:
    """Yield the tables that every organisation accepted before rating opened."""
    assessment, data = results.assessment, results.data
    yield make_table(
        assessment,
        "named_answers",
        _("Every organisation's answers"),
        f"decision partner rater median {HIDDEN}",
        (
            (m["decision"], m["partner"], m["rater_partner"], m["level"], hidden_note(m["level"]))
            for m in data.get("medians", [])
        ),
    )
    yield make_table(
        assessment,
        "self_gaps",
        _("How organisations see themselves"),
        f"partner self_gap {HIDDEN}",
        ((row["partner"], rounded(row["self_gap"]), hidden_note(row["self_gap"])) for row in data.get("self_gaps", [])),
    )
