"""After "no": what has no plan is visible in results, report and final review, and leads to measures that fit."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Outcome
from assessments.results.reporting.content import content_of
from assessments.services.followup import planned_actions
from partnerships.access import member_roles_of
from tests.assessments.example import make_example
from tests.assessments.making import agree_levels, in_session
from tests.factories import make_cast

pytestmark = pytest.mark.django_db

NO_PLAN = "No plan yet"


def shown(client, user, assessment, name) -> str:
    client.force_login(user)
    return client.get(reverse(f"assessments:{name}", args=[assessment.code])).content.decode()


@pytest.mark.parametrize("name", ["dashboard", "report"])
def test_results_and_report_mark_each_no_without_a_plan(client, name):
    example = make_example()
    text = shown(client, example.observer, example.assessment, name)
    marked = re.findall(rf"{NO_PLAN}</span>\s*(\d+)\.", text)
    assert marked == ["1", "10"]


def test_each_no_leads_to_measures_for_its_topic(client):
    example = make_example()
    text = shown(client, example.observer, example.assessment, "dashboard")
    links = re.findall(r'href="([^"]+)">Find measures for decision (\d+)', text)
    refused = example.assessment.decisions.filter(outcome__agree=False).order_by("number")
    address = reverse("community:measures")
    assert links == [(f"{address}?topic={decision.topic}", str(decision.number)) for decision in refused]
    assert len(links) == 7


def test_the_printed_report_says_which_no_has_no_plan():
    answers = content_of(make_example().assessment)["agreed"]["answers"]
    said = {row["label"].partition(".")[0]: row["answer"] for row in answers}
    assert [number for number, answer in said.items() if answer == "No, and no plan yet"] == ["1", "10"]
    assert (said["2"], said["3"]) == ("Yes, all of us", "No")


# --- the final review


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def assessment(cast):
    """Return a session with one "no" and one yes."""
    assessment = in_session(cast)
    agree_levels(cast, assessment)
    first, second = assessment.decisions.order_by("number")
    Outcome.objects.update_or_create(decision=first, defaults={"agree": False})
    Outcome.objects.update_or_create(decision=second, defaults={"agree": True})
    return assessment


def plan(cast, assessment) -> Action:
    facilitator = member_roles_of(cast.north_facilitator, cast.partnership)
    decision = assessment.decisions.get(number=1)
    about = {"text": "Send the draft early", "owner": assessment.participants.first()}
    return planned_actions.plan(
        assessment, facilitator, decision, due=timezone.localdate() + timedelta(days=30), **about
    )


def in_review(client, cast, assessment) -> tuple[int, list[str]]:
    """Return how often the review says that there is no plan, and the decisions for which it offers measures."""
    text = shown(client, cast.observer, assessment, "closing")
    assert ("but have no plan yet" in text) == (NO_PLAN in text)
    return text.count(NO_PLAN), re.findall(r"Find measures for decision (\d+)", text)


def test_the_review_marks_a_no_without_a_plan(client, cast, assessment):
    assert in_review(client, cast, assessment) == (1, ["1"])


def test_in_the_review_an_action_is_a_plan(client, cast, assessment):
    plan(cast, assessment)
    assert in_review(client, cast, assessment) == (0, ["1"])


def test_in_the_review_a_dropped_action_is_no_plan(client, cast, assessment):
    action = plan(cast, assessment)
    Action.objects.filter(pk=action.pk).update(status=Action.Status.DROPPED)
    assert in_review(client, cast, assessment) == (1, ["1"])


def test_in_the_review_another_way_is_a_plan(client, cast, assessment):
    route = {"route": "noted", "review_on": timezone.localdate() + timedelta(days=30)}
    Outcome.objects.filter(decision__number=1, decision__assessment=assessment).update(**route)
    assert in_review(client, cast, assessment) == (0, ["1"])
