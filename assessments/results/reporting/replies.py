"""Replies of organisations, and comments and remarks of people."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment


def replies_of(assessment: Assessment) -> list[dict[str, Any]]:
    participants = assessment.participants.filter(reply__isnull=False).select_related("reply")
    return [{"by": participant.name, "text": participant.reply.text} for participant in participants]


def remarks_of(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "by": _("%(author)s, facilitator") % {"author": remark.said_by}
            if remark.by_facilitator
            else remark.said_by,
            "text": remark.text,
        }
        for remark in assessment.remarks.select_related("membership__user")
    ]
