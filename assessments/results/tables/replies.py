"""The table of what organisations replied."""

from django.utils.translation import gettext as _

from assessments.exports import Table
from assessments.models import Assessment
from assessments.results.tables.columns import make_table


def replies_table(assessment: Assessment) -> Table:
    participants = assessment.participants.filter(reply__isnull=False).select_related("reply")
    rows = ((participant.number, participant.reply.text) for participant in participants)
    return make_table(assessment, "replies", _("Replies from organisations"), "partner reply", rows)
