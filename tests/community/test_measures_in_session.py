"""Measures in the session's moment *Do*: three that fit the decision, and a tap that fills the action's text."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Action
from community.access import reader_of
from community.models import GroupKind
from community.services.groups.memberships import writer_of
from community.services.measures import inventory
from community.services.papers import consent_rounds
from tests.assessments import making
from tests.assessments.test_live import at_moment
from tests.community.making import member, the_group
from tests.community.test_measures import make_measure

pytestmark = pytest.mark.django_db
TITLES = ["Agree on the budget", "Budget in the open", "Count the costs", "Decide on the reserve"]


@pytest.fixture
def assessment(cast):
    """Return a session in its moment *Do*, at a decision about money among partners."""
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    assessment.decisions.filter(number=1).update(topic="money-partners")
    at_moment(assessment, "do")
    return assessment


@pytest.fixture
def mina():
    return member(group=the_group(GroupKind.MEASURES))


@pytest.fixture
def measures(mina):
    """Return four measures that fit, and make one that does not."""
    make_measure(mina, "Rotate the chair", topics=["governance"])
    return [make_measure(mina, title, topics=["money-partners"]) for title in reversed(TITLES)][::-1]


def session(assessment, name="session", *about) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *about])


def offered(client, assessment, name="session", *about) -> list[str]:
    return [each.title for each in client.get(session(assessment, name, *about)).context.get("measures", [])]


def test_do_offers_the_first_three_in_the_order_of_the_inventory(client, cast, assessment, measures):
    client.force_login(cast.north_facilitator)
    found = inventory.find(inventory.Wanted(topic="money-partners"), reader_of(cast.north_facilitator))
    assert offered(client, assessment) == [each.title for each in found][:3] == TITLES[:3]
    page = client.get(session(assessment)).content.decode()
    assert f'href="{measures[0].get_absolute_url()}" target="_blank"' in page


@pytest.mark.parametrize("person", ["guest", "observer"])
def test_only_those_who_plan_are_offered_measures(client, cast, assessment, measures, person):
    client.force_login(getattr(cast, person))
    assert offered(client, assessment) == []


@pytest.mark.parametrize(("moment", "topic"), [("want", "money-partners"), ("do", "")])
def test_no_measures_outside_do_or_without_a_topic(client, cast, assessment, measures, moment, topic):
    client.force_login(cast.north_facilitator)
    assessment.decisions.filter(number=1).update(topic=topic)
    at_moment(assessment, moment)
    assert offered(client, assessment) == []


def test_a_measure_is_offered_in_the_readers_language(client, cast, assessment, mina, measures):
    consent_rounds.translate(measures[0], writer_of(mina), "fr", "Budget", "Ensemble.")
    cast.north_facilitator.language = "fr"
    cast.north_facilitator.save()
    client.force_login(cast.north_facilitator)
    assert offered(client, assessment)[0] == "Budget"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", TITLES[1]),
        (TITLES[0], TITLES[1]),
        ("Meet in May", f"Meet in May\n{TITLES[1]}"),
    ],
)
def test_a_tap_fills_the_text_and_records_nothing(client, cast, assessment, measures, typed, text):
    client.force_login(cast.north_facilitator)
    given = {"text": typed, "due": "2031-05-01", "measure": measures[1].code}
    page = client.post(session(assessment, "session-plan", 1), given)
    assert page.context["form"]["text"].value() == text
    assert page.context["form"]["due"].value() == "2031-05-01"
    assert not page.context["form"].errors
    assert not Action.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_tap_and_a_save_plan_the_measure(cast, assessment, measures, new_page, scripts):
    page = new_page(cast.north_facilitator, width=1280, height=720, java_script_enabled=scripts)
    page.goto(f"{assessment.get_absolute_url()}session/")
    expect(page.locator(".session.is-live")).to_have_count(int(scripts))
    assert page.evaluate("document.documentElement.scrollHeight") <= 720
    page.get_by_label("Responsible partner").select_option(label="North 1")
    page.get_by_role("button", name=TITLES[0]).click()
    page.get_by_role("button", name=TITLES[1]).click()
    expect(page.get_by_label("Planned action")).to_have_value(TITLES[1])
    page.get_by_label("By when").fill("2031-05-01")
    page.get_by_role("button", name="Add this action" if scripts else "Save").click()
    expect(page.get_by_role("link", name=TITLES[1], exact=True)).to_be_visible()
    assert Action.objects.get().text == TITLES[1]
