"""The tables of facts: the sides' shares and influence by subject, only where both sides let them leave (METHOD §6)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments import fact_list
from assessments.exports import Table
from assessments.results.beside_influence import facts_that_leave
from assessments.results.presenters import Results
from assessments.results.tables.columns import make_table, rounded
from assessments.scoring.levels import SIDES


def fact_tables(results: Results) -> Iterator[Table]:
    """Yield the shares of each fact and the decisions of each subject, without partners and amounts."""
    facts = facts_that_leave(results)
    if not facts:
        return
    yield make_table(
        results.assessment,
        "facts",
        _("Facts and influence"),
        "subject fact question fact_kind fact_unit held_north held_south held_other given missing",
        (
            (
                *(row["domain"], row["fact"], fact_list.question_of(row["fact"], row["question"])),
                *(row["kind"], row["unit"] or None),
                *(rounded(row[side]) for side in SIDES),  # type: ignore[literal-required]
                *(row["n"], row["missing"]),
            )
            for row in facts["shares"]
        ),
    )
    yield make_table(
        results.assessment,
        "influence",
        _("Decisions by subject"),
        "subject side decides decisions",
        ((row["domain"], row["side"], row["k"], row["n"]) for row in facts["influence"]),
    )
