"""The tables of what was assessed: partners and decisions."""

from django.utils.translation import gettext as _

from assessments.exports import Table
from assessments.results.presenters import Results
from assessments.results.tables.columns import make_table


def partners_table(results: Results) -> Table:
    kinds = dict(results.assessment.participants.values_list("number", "kind"))
    return make_table(
        results.assessment,
        "partners",
        _("Who took part"),
        "partner name acronym side kind",
        ((p["number"], p["name"], p["acronym"], p["side"], kinds[p["number"]]) for p in results.partners),
    )


def decisions_table(results: Results) -> Table:
    rows = tuple(results.names["decisions"].items())
    return make_table(results.assessment, "decisions", _("Decisions"), "decision wording", rows)
