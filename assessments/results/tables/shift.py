"""The table of agreed levels that changed since the assessment before."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.exports import Table
from assessments.results.presenters import Results
from assessments.results.tables.columns import make_table


def shift_tables(results: Results) -> Iterator[Table]:
    if results.compared:
        rows = ((c["decision"], c["partner"], c["before"], c["after"]) for c in results.compared["cells"])
        title = _("Changes since the last assessment")
        yield make_table(results.assessment, "shift", title, "decision partner before after", rows)
