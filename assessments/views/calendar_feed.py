"""The next dates, for one's own calendar."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.services.calendar_feed import calendar_of
from assessments.views.attachments import attached
from assessments.views.decorators import assessment_required
from partnerships.access import MemberRoles
from partnerships.limits import limited


@require_safe
@limited("export", 60)
@assessment_required()
def calendar(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Hand out the dates as a file."""
    return attached(calendar_of(assessment), "text/calendar; charset=utf-8", "dates.ics")
