"""The start page: what runs now, what a person is to do, what is under way; and notifications that are over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments import tasks
from assessments.models import Action, Assessment, FactValue, Funder, Outcome
from assessments.services.followup import planned_actions, reviews
from partnerships.access import member_roles_of
from partnerships.models import Notification
from tests.assessments.making import (
    answer_all,
    choose_fact,
    declare_fact,
    in_session,
    make_assessment,
    rating,
    step,
)
from tests.assessments.test_actions import agree_levels, as_, plan, url
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def home(person):
    return as_(person).get("/").context


def addresses(rows: list[dict]) -> list[str]:
    return [row["url"] for row in rows]


def kinds(person) -> set[str]:
    """Return the notifications of a person about assessments."""
    return {one.kind.removeprefix("assessments.") for one in person.notifications.all()}


# --- now, to do, under way


def test_a_session_that_runs_stands_under_now(cast):
    assessment = in_session(cast)
    for person in (cast.north_facilitator, cast.south_representative, cast.observer):
        page = home(person)
        assert addresses(page["now"]) == [url(assessment, "session")]
        assert url(assessment, "session") not in addresses(page["needs"])
        assert addresses(page["under_way"]) == [assessment.get_absolute_url()]


def test_what_is_under_way_names_step_and_day(cast):
    due = timezone.localdate() + timedelta(days=9)
    rating(cast, rating_due=due)
    (line,) = home(cast.observer)["under_way"]
    assert (str(line["step"]), line["due"]) == ("Answer", due)
    assert line["why"].startswith("You have nothing to do now. Next: both sides close rating")


def declares(cast, fact, partner, value=1, **fields) -> None:
    """Save a fact of a partner as the page does, or as a facilitator where fields say so."""
    declare_fact(fact, cast.partners[partner], value, **fields)


def test_an_organisation_is_asked_for_its_facts_until_it_declared_all(cast):
    assessment = make_assessment(cast)
    seats, posts = (choose_fact(assessment, key) for key in ("governing_seats", "coordination_staff"))
    page, person = url(assessment, "facts-declare"), cast.south_representative
    places = {
        "home": lambda: page in addresses(home(person)["needs"]),
        "workspace": lambda: page in as_(person).get(f"/assessments/in/{cast.partnership.code}/").content.decode(),
        "assessment": lambda: (
            page in [line.url for line in as_(person).get(assessment.get_absolute_url()).context["checklist"]]
        ),
    }
    declares(cast, seats, "s1")
    declares(cast, posts, "s1", confirmed_at=None)
    assert {name for name, asks in places.items() if asks()} == {*places}, "an entry of a facilitator is no answer"
    FactValue.objects.filter(fact=posts).update(confirmed_at=timezone.now(), version=2)
    assert {name for name, asks in places.items() if asks()} == set()


def test_facts_are_asked_only_of_those_who_can_declare_them(cast):
    assessment = make_assessment(cast, private_ratings=False)
    page = url(assessment, "facts-declare")
    assert page not in addresses(home(cast.south_representative)["needs"]), "no facts are used"
    choose_fact(assessment)
    assert page in addresses(home(cast.south_representative)["needs"])
    for person in (cast.north_facilitator, cast.observer):
        assert page not in addresses(home(person)["needs"])
    step(cast, step(cast, assessment, "start_session"), "read_back")
    assert page not in addresses(home(cast.south_representative)["needs"]), "facts no longer change"


def test_a_fact_held_while_rating_ends_the_question_of_its_organisation_alone(cast):
    assessment = rating_with_fact(cast)
    declares(cast, assessment.facts.get(), "s1", held=True)
    page = url(assessment, "facts-declare")
    assert page not in addresses(home(cast.south_representative)["needs"])
    assert page in addresses(home(cast.north_representative)["needs"])


def test_facilitators_see_how_many_partners_declared_all_but_not_while_rating(cast):
    assessment = make_assessment(cast)
    fact = choose_fact(assessment)

    def lines() -> list[tuple[str, bool]]:
        shown = as_(cast.north_facilitator).get(assessment.get_absolute_url()).context["checklist"]
        return [(line.text, line.done) for line in shown if line.url == url(assessment, "facts")]

    declares(cast, fact, "s1")
    declares(cast, fact, "s2", confirmed_at=None)
    assert lines() == [("Facts: 1 of 6 partners have declared all their facts", False)]
    step(cast, assessment, "open_rating")
    assert lines() == []


def rating_with_fact(cast) -> Assessment:
    assessment = make_assessment(cast)
    choose_fact(assessment)
    return step(cast, assessment, "open_rating")


def test_at_most_five_are_shown_and_the_soonest_first(cast):
    assessment, today = in_session(cast), timezone.localdate()
    for days in (9, 3, 7, 1, 5, 8, 2):
        plan(cast, assessment, text=f"In {days}", due=today + timedelta(days=days))
    page = home(cast.north_representative)
    assert [row["title"] for row in page["needs"]] == ["In 1", "In 2", "In 3", "In 5", "In 7"]
    assert [row["title"] for row in page["more_needs"]] == ["In 8", "In 9"]


@pytest.mark.parametrize("confirmer", [3, None])
def test_the_partner_that_gains_is_asked_to_confirm(cast, confirmer):
    assessment = in_session(cast)
    agree_levels(cast, assessment, desired=lambda d, p: 3 if p.number == 3 else 2)
    action = plan(cast, assessment, confirmer=confirmer)
    here = url(assessment, "action", action.code)
    assert here not in addresses(home(cast.south_representative)["needs"])
    member = member_roles_of(cast.north_representative, cast.partnership)
    planned_actions.follow_up(assessment, member, action, Action.Status.DONE)
    assert here in addresses(home(cast.south_representative)["needs"])
    for other in (cast.guest, cast.north_representative, cast.south_facilitator):
        assert here not in addresses(home(other)["needs"])


def test_yes_it_was_done_is_never_preselected(cast):
    assessment = in_session(cast)
    agree_levels(cast, assessment, desired=lambda d, p: 3 if p.number == 3 else 2)
    action = plan(cast, assessment)
    member = member_roles_of(cast.north_representative, cast.partnership)
    planned_actions.follow_up(assessment, member, action, Action.Status.DONE)
    page = as_(cast.south_representative).get(url(assessment, "action", action.code))
    assert "Yes, we confirm that it has been done" in page.content.decode()
    assert " checked" not in page.content.decode()


def test_the_private_question_of_named_is_asked_until_it_is_answered(cast):
    assessment = make_assessment(cast, mode_wanted="named")
    here = url(assessment, "named")
    client = as_(cast.south_representative)
    assert here in addresses(client.get("/").context["needs"])
    assert here not in addresses(home(cast.observer)["needs"])
    client.post(here, {"accept": "no"})
    assert here not in addresses(client.get("/").context["needs"])


def test_the_pledge_is_asked_of_those_who_give_money(cast):
    assessment = make_assessment(cast)
    Funder.objects.create(assessment=assessment, partner=cast.partners["n1"])
    here, client = url(assessment, "pledge"), as_(cast.north_representative)
    assert here in addresses(client.get("/").context["needs"])
    assert here not in addresses(home(cast.south_representative)["needs"])
    assert client.post(here, {"name": "Nora North"}).status_code == 302
    assert here not in addresses(client.get("/").context["needs"])


def noted(cast: Cast, days: int) -> Assessment:
    """Return an assessment with a decision without consensus that is to be looked at again in some days."""
    assessment = in_session(cast)
    Outcome.objects.create(
        decision=assessment.decisions.get(number=1),
        agree=False,
        route="noted",
        review_on=timezone.localdate() + timedelta(days=days),
    )
    return assessment


@pytest.mark.parametrize(("days", "shown"), [(15, False), (14, True), (0, True), (-30, True), (-31, False)])
def test_a_review_date_stands_on_home_when_it_is_near(cast, days, shown):
    assessment = noted(cast, days)
    for person in (cast.north_facilitator, cast.guest):
        assert (url(assessment, "closing") in addresses(home(person)["needs"])) is shown
    assert url(assessment, "closing") not in addresses(home(cast.observer)["needs"])


def test_a_review_date_reminds_ahead_and_on_the_day(cast):
    noted(cast, 14)
    today = timezone.localdate()
    for days in (0, 0, 3, 14, 14, 20):
        reviews.remind(today + timedelta(days=days))
    told = Notification.objects.filter(kind="assessments.review_due")
    assert told.filter(recipient=cast.south_representative).count() == 2
    assert not told.filter(recipient=cast.observer).exists()


# --- notifications


def test_everyone_is_told_when_rating_opens(cast):
    rating(cast)
    assert "rating_open" in kinds(cast.south_representative)
    for other in (cast.north_facilitator, cast.observer):
        assert {"rating_begun", "rating_open"} & kinds(other) == {"rating_begun"}


def test_those_who_vote_are_told_when_the_vote_starts(cast):
    assessment = step(cast, make_assessment(cast), "open_voting")
    assert "vote_open" in kinds(cast.south_representative) & kinds(cast.north_facilitator)
    assert "vote_open" not in kinds(cast.observer)
    step(cast, assessment, "end_vote")
    step(cast, assessment, "open_rating")
    assert "vote_open" not in kinds(cast.south_representative)


def test_everyone_is_told_once_when_results_are_there(cast):
    assessment = step(cast, rating(cast), "close_rating")
    for _twice in range(2):
        tasks.release(assessment)
    told = Notification.objects.filter(kind="assessments.results_ready")
    assert told.filter(recipient=cast.observer, url=url(assessment, "dashboard")).count() == 1
    assert told.count() == cast.partnership.memberships.in_force().values("user").distinct().count()


def test_everyone_is_told_when_a_session_opens(cast):
    step(cast, make_assessment(cast, private_ratings=False), "start_session")
    assert "session_open" in kinds(cast.observer) & kinds(cast.guest)


def test_a_notification_about_what_is_over_disappears(cast):
    other = rating(cast, title="Another one")
    assessment = rating(cast)
    assert "rating_open" in kinds(cast.south_representative)
    step(cast, assessment, "close_rating")
    left = cast.south_representative.notifications.filter(kind="assessments.rating_open")
    assert [one.context["assessment"] for one in left] == [other.title]
    assert "rating_closed" in kinds(cast.south_representative)


def test_rating_that_opens_again_is_told_again(cast):
    assessment = rating(cast)
    first = cast.south_representative.notifications.get(kind="assessments.rating_open")
    assessment = step(cast, assessment, "reopen_decisions")
    assert "rating_open" not in kinds(cast.south_representative)
    step(cast, assessment, "open_rating")
    assert cast.south_representative.notifications.get(kind="assessments.rating_open").pk > first.pk


def test_a_reminder_of_an_action_ends_when_it_is_done(cast):
    assessment = in_session(cast)
    agree_levels(cast, assessment, desired=lambda d, p: 3 if p.number == 3 else 2)
    action = plan(cast, assessment, due=timezone.localdate())
    planned_actions.remind()
    assert "action_due" in kinds(cast.north_representative)
    member = member_roles_of(cast.north_representative, cast.partnership)
    planned_actions.follow_up(assessment, member, action, Action.Status.DONE)
    assert "action_due" not in kinds(cast.north_representative)
    assert "confirm_action" in kinds(cast.south_representative)
    gaining = member_roles_of(cast.south_representative, cast.partnership)
    planned_actions.follow_up(assessment, gaining, action, Action.Status.CONFIRMED)
    assert "confirm_action" not in kinds(cast.south_representative)


def test_home_is_the_same_whatever_another_person_answers(cast):
    assessment = rating(cast, rating_due=timezone.localdate())

    def seen() -> list:
        return [home(one)[part] for one in (cast.guest, cast.north_facilitator) for part in ("needs", "under_way")]

    before = seen()
    answer_all(assessment, cast.membership(cast.south_representative))
    assert seen() == before
    assert Client().get("/").status_code == 200
