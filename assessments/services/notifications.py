"""Notifying members of what was decided, each time anew, and deleting notifications that a stage has ended."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Assessment, Stage
from partnerships.models import Membership, Notification
from partnerships.notifications import notify


def notify_memberships(
    assessment: Assessment,
    kind: str,
    memberships: Iterable[Membership] | None = None,
    url: str | None = None,
    **context,
) -> None:
    """Notify the people of some memberships, or of all in force; `url` is the overview's unless named."""
    if memberships is None:
        memberships = assessment.partnership.memberships.in_force().select_related("user")
    notify(
        kind,
        {membership.user for membership in memberships},
        url=reverse("assessments:overview", args=[assessment.code]) if url is None else url,
        dedupe=f"{assessment.code}:{timezone.now():%Y-%m-%dT%H:%M:%S.%f}",
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        **context,
    )


# The notifications that ask for something, with the stages at which they do.
ASKS = {
    "assessments.started": (Stage.COLLECTING, Stage.VOTING),
    "assessments.vote_open": (Stage.VOTING,),
    "assessments.rating_open": (Stage.RATING,),
    "assessments.rating_begun": (Stage.RATING,),
    "assessments.caucus_open": (Stage.RATING,),
    "assessments.reminder": (Stage.RATING,),
    "assessments.reminder_sent": (Stage.RATING,),
    "assessments.caucus_reminder": (Stage.RATING,),
    "assessments.rating_closes": (Stage.RATING,),
    "assessments.rating_stays_open": (Stage.RATING,),
    "assessments.due_moved": (Stage.RATING,),
    "assessments.session_open": (Stage.JOINT,),
    "assessments.agenda_sent": (Stage.JOINT,),
    "assessments.readback": (Stage.FINAL_REVIEW,),
    "assessments.reply_reminder": (Stage.FINAL_REVIEW,),
}


def clear_over(assessment: Assessment) -> None:
    """Delete the notifications about what is over at the stage that an assessment has come to."""
    over = [kind for kind, stages in ASKS.items() if assessment.stage not in stages]
    _of(assessment).filter(kind__in=over, url__contains=f"/{assessment.code}/").delete()


def clear_of_action(action: Action) -> None:
    """Delete the notifications that ask about an action, once it has another status."""
    waits = action.status in (Action.Status.PLANNED, Action.Status.STARTED)
    over = ["assessments.confirm_action", *([] if waits else ["assessments.action_due"])]
    _of(action.assessment).filter(kind__in=over, dedupe__startswith=f"{action.code}:").delete()


def _of(assessment: Assessment) -> QuerySet[Notification]:
    """Return the notifications of everyone who is or was a member, found by their recipients."""
    return Notification.objects.filter(recipient__memberships__partnership=assessment.partnership_id)
