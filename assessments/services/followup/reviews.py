"""Review dates: on this day the partners look again at a decision on which they did not agree."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.models import Outcome
from assessments.workflow.actions import MEMBERS
from partnerships.models import User
from partnerships.notifications import notify

AHEAD = timedelta(days=14)
SHOWN_FOR = timedelta(days=30)  # afterwards it is history


def due(today: date | None = None) -> QuerySet[Outcome]:
    """Return the outcomes whose review date is near or has just passed, soonest first."""
    today = today or timezone.localdate()
    outcomes = Outcome.objects.filter(review_on__range=(today - SHOWN_FOR, today + AHEAD))
    return outcomes.select_related("decision__assessment__partnership").order_by("review_on", "pk")


def url_of(outcome: Outcome) -> str:
    return reverse("assessments:closing", args=[outcome.decision.assessment.code])


def remind(today: date | None = None) -> int:
    """Remind facilitators and representatives ahead of a review date and on it, once each; return of how many."""
    today = today or timezone.localdate()
    outcomes = list(due(today))
    for outcome in outcomes:
        _remind(outcome, today)
    return len(outcomes)


def _remind(outcome: Outcome, today: date) -> None:
    day, assessment = outcome.review_on, outcome.decision.assessment
    if day is None:
        return
    moment = "soon" if today < day else "now"
    notify(
        "assessments.review_due",
        _people(outcome),
        url=url_of(outcome),
        dedupe=f"{assessment.code}:{outcome.decision_id}:{day}:{moment}",
        decision=outcome.decision.wording,
        assessment=assessment.title,
        due=day.isoformat(),
    )


def _people(outcome: Outcome) -> set[User]:
    memberships = outcome.decision.assessment.partnership.memberships.in_force().filter(role__in=MEMBERS)
    return {membership.user for membership in memberships.select_related("user")}
