"""The next dates as a file that calendars read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assessments.services.followup import planned_actions
from assessments.services.session import joint
from partnerships.access import member_roles_of
from tests.assessments.making import in_session, step

pytestmark = pytest.mark.django_db


def test_actions_reviews_and_the_last_day_for_replies_go_into_ones_own_calendar(client, cast):
    assessment, today = in_session(cast), timezone.localdate()
    facilitator = member_roles_of(cast.north_facilitator, cast.partnership)
    first, second = assessment.decisions.order_by("number")
    owner = {"owner": assessment.participants.get(acronym="N1"), "confirmer": None}
    for text, days in (("Share the budget, early; in full", 30), ("Dropped since", 40)):
        planned_actions.plan(assessment, facilitator, first, text=text, due=today + timedelta(days=days), **owner)
    dropped = assessment.actions.get(text="Dropped since")
    planned_actions.follow_up(assessment, facilitator, dropped, "dropped", "No longer needed.")
    review = {"agree": False, "route": "trial", "review_on": today + timedelta(days=90)}
    joint.record_outcome(assessment, facilitator, second, 0, review)
    assessment = step(cast, assessment, "read_back")
    client.force_login(cast.observer)
    response = client.get(reverse("assessments:dates", args=[assessment.code]))
    assert response["Content-Type"].startswith("text/calendar")
    found = {str(e["summary"]): e["dtstart"].dt for e in Calendar.from_ical(response.content).walk("VEVENT")}
    assert found == {
        "North 1: Share the budget, early; in full": today + timedelta(days=30),
        "Look again at “Hiring the coordinator”": today + timedelta(days=90),
        "Last day for replies: How we decide": today + timedelta(days=14),
    }
    client.force_login(cast.outsider)
    assert client.get(reverse("assessments:dates", args=[assessment.code])).status_code == 404
