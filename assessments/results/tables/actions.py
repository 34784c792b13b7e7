"""The table of planned actions."""

from django.utils.translation import gettext as _

from assessments.exports import Table
from assessments.models import Assessment
from assessments.results.tables.columns import make_table


def actions_table(assessment: Assessment) -> Table:
    actions = assessment.actions.select_related("decision", "owner", "confirmer")
    return make_table(
        assessment,
        "actions",
        _("Planned actions"),
        "action decision text owner confirmer due status",
        (
            (
                action.code,
                action.decision.number,
                action.text,
                action.owner.number,
                action.confirmer.number if action.confirmer else None,
                action.due.isoformat(),
                action.status,
            )
            for action in actions
        ),
    )
