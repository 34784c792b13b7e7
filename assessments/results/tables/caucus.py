"""The tables of what each side answered in the open."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.exports import Table
from assessments.results.presenters import Results
from assessments.results.tables.columns import make_table, rounded, yes_or_no
from assessments.scoring.levels import SIDES


def caucus_tables(results: Results) -> Iterator[Table]:
    """Yield each side's open answer; what a side did not answer is empty."""
    data, assessment = results.data, results.assessment
    agreed = {row["decision"]: row for row in data["agreements"]}
    yield make_table(
        assessment,
        "sides",
        _("What each side answered"),
        "decision answer_of own_gap agree",
        (
            (row["decision"], side, rounded(row[side]), yes_or_no(agreed.get(row["decision"], {}).get(side)))
            for row in data["decisions"]
            for side in SIDES
            if any(partner["side"] == side for partner in results.partners)
        ),
    )
    yield make_table(
        assessment,
        "side_levels",
        _("All levels according to each side"),
        "decision partner answer_of answer",
        ((c["decision"], c["partner"], c["side"], c["level"]) for c in data["cells"]),
    )
