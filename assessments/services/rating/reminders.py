"""Reminders while rating is open: the same text for all representatives, so that they tell nothing of anybody."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import Notification, User
from partnerships.notifications import notify

AT_MOST_EVERY = timedelta(days=1)
COPY = "assessments.reminder_sent"


@transaction.atomic
def remind(assessment: Assessment, member: MemberRoles) -> bool:
    """Remind every representative, at most once a day; say whether a reminder went out now.

    Every facilitator gets the same copy in the app. It is what tells that today's reminder is out.
    """
    locked = lock_and_require(assessment, member, WorkflowAction.REMIND)
    since = timezone.now() - AT_MOST_EVERY
    if Notification.objects.filter(kind=COPY, dedupe__startswith=f"{locked.code}:", created_at__gt=since).exists():
        return False
    memberships = locked.partnership.memberships.in_force()
    asked = memberships.representatives().filter(partner__in=locked.participants.values("partner_id"))
    kind, url_name = ("caucus_reminder", "caucus") if locked.answers_by_side else ("reminder", "rate")
    _notify(
        locked, f"assessments.{kind}", User.objects.filter(memberships__in=asked).distinct(), f"assessments:{url_name}"
    )
    facilitators = User.objects.filter(memberships__in=memberships.facilitators()).distinct()
    _notify(locked, COPY, facilitators, "assessments:overview", mail=False)
    return True


def _notify(assessment: Assessment, kind: str, users, url_name: str, mail: bool = True) -> None:
    notify(
        kind,
        users,
        url=reverse(url_name, args=[assessment.code]),
        dedupe=f"{assessment.code}:{timezone.now():%Y-%m-%dT%H:%M:%S}",
        mail=mail,
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        due=assessment.rating_due.isoformat() if assessment.rating_due else "",
    )
