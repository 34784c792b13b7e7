"""The next dates of an assessment as a calendar that anybody's own calendar can read (iCalendar, RFC 5545)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from assessments.models import Action, Assessment, Outcome, ReplyDay, Stage

SESSION = timedelta(hours=3)


def calendar_of(assessment: Assessment) -> bytes:
    """Return the session, the last day to answer, open actions, review dates, and the last day for replies."""
    calendar = Calendar()
    calendar.add("prodid", "-//Power Awareness Tool//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", assessment.title)
    pretend = assessment.partnership.is_rehearsal
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    if assessment.session_at and assessment.stage != Stage.CLOSED:
        calendar.add_component(_session(assessment, assessment.session_at, host))
    for name, day, title, url in _dates(assessment):
        event = Event()
        event.add("uid", f"{assessment.code}-{name}@{host}")
        event.add("dtstamp", assessment.closed_at or assessment.readback_at or assessment.created_at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", _("Rehearsal: %(event)s") % {"event": title} if pretend else title)
        event.add("url", f"{settings.BASE_URL}{url}")
        calendar.add_component(event)
    return calendar.to_ical()


def _session(assessment: Assessment, at: datetime, host: str) -> Event:
    """Return the session, as long as sessions usually are."""
    event, title = Event(), _("Session: %(assessment)s") % {"assessment": assessment.title}
    event.add("uid", f"{assessment.code}-session@{host}")
    event.add("dtstamp", assessment.created_at)
    event.add("dtstart", at)
    event.add("dtend", at + SESSION)
    pretend = assessment.partnership.is_rehearsal
    event.add("summary", _("Rehearsal: %(event)s") % {"event": title} if pretend else title)
    event.add("location", assessment.session_place)
    event.add("url", f"{settings.BASE_URL}{assessment.get_absolute_url()}")
    return event


def _dates(assessment: Assessment) -> Iterator[tuple[str, date, str, str]]:
    code = assessment.code
    if assessment.stage == Stage.RATING and assessment.rating_due:
        title = _("Last day to answer: %(assessment)s") % {"assessment": assessment.title}
        yield "answers", assessment.rating_due, title, reverse("assessments:overview", args=[code])
    waiting = [Action.Status.PLANNED, Action.Status.STARTED]
    for action in assessment.actions.filter(status__in=waiting).select_related("owner").order_by("due", "pk"):
        title = _("%(owner)s: %(action)s") % {"owner": action.owner.name, "action": action.text}
        yield f"action-{action.code}", action.due, title, reverse("assessments:action", args=[code, action.code])
    reviews = Outcome.objects.filter(decision__assessment=assessment, review_on__isnull=False)
    for outcome in reviews.select_related("decision").order_by("review_on", "decision__number"):
        if outcome.review_on is None:
            continue
        title = _("Look again at “%(decision)s”") % {"decision": outcome.decision.wording_for_reader}
        closing = reverse("assessments:closing", args=[code])
        yield f"review-{outcome.decision.number}", outcome.review_on, title, closing
    for row in ReplyDay.objects.filter(assessment=assessment, assessment__stage=Stage.FINAL_REVIEW):
        title = _("Last day for replies: %(assessment)s") % {"assessment": assessment.title}
        yield "replies", row.due, title, reverse("assessments:closing", args=[code])
