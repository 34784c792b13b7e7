"""What somebody is to do next: at every state, for every role, a button that leads on and to no refusal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from assessments.services.setup import archiving
from assessments.services.todo import roles_by_partnership, standings, with_todos
from assessments.workflow.next_steps import NEXT_STEPS, OWN_ANSWERS, WHILE_RATING, Own, State, state_of
from partnerships.access import member_roles_of
from partnerships.models import Role
from tests.assessments.making import (
    answer_all,
    closed,
    in_session,
    make_assessment,
    mutation,
    rating,
    step,
)
from tests.assessments.making import private_answers as answers

pytestmark = pytest.mark.django_db


def day(ahead: int):
    return timezone.localdate() + timedelta(days=ahead)


def founded(cast) -> Assessment:
    cast.partnership.partners.exclude(pk=cast.partners["n1"].pk).update(left_at=timezone.now())
    return make_assessment(cast, wordings=[])


def archived(cast) -> Assessment:
    return archiving.archive(closed(cast), member_roles_of(cast.north_facilitator, cast.partnership))


def voting(cast) -> Assessment:
    return step(cast, make_assessment(cast), "open_voting")


MAKE: dict[State, Callable[..., Assessment]] = {
    State.FOUNDED: founded,
    State.EMPTY: lambda cast: make_assessment(cast, wordings=[]),
    State.LISTED: make_assessment,
    State.READY_TO_MEET: lambda cast: make_assessment(cast, private_ratings=False),
    State.VOTING: voting,
    State.VOTED: lambda cast: step(cast, voting(cast), "end_vote"),
    State.NO_DAY: rating,
    State.RATING: lambda cast: rating(cast, rating_due=day(9)),
    State.LAST_DAY: lambda cast: rating(cast, rating_due=day(0)),
    State.MEETING: in_session,
    State.FINAL_REVIEW: lambda cast: step(cast, in_session(cast), "read_back"),
    State.CLOSED: closed,
    State.ARCHIVED: archived,
}
WHO = {Role.FACILITATOR: "north_facilitator", Role.REPRESENTATIVE: "south_representative", Role.OBSERVER: "observer"}


def leads_on(client, person, assessment: Assessment) -> str:
    """Follow the main button of the assessment's page, if it has one; return its address."""
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    own_page = assessment.get_absolute_url()
    page = client.get(own_page)
    assert page.status_code == 200
    ((_assessment, todo),) = with_todos([assessment], person)
    assert page.context["todo"] == todo
    assert todo.text in page.content.decode().replace("&#x27;", "'")
    if not todo.url:
        assert todo.text.startswith("You have nothing to do now. Next: ")
        return ""
    assert todo.url != own_page
    assert client.get(todo.url).status_code == 200, todo
    return todo.url


def test_the_table_has_each_state_for_each_role():
    assert set(NEXT_STEPS) == {(state, role) for state in State for role in Role}
    assert set(MAKE) == set(State)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_each_button_leads_on_and_to_no_refusal(cast, client, state, role):
    assessment = MAKE[state](cast)
    person = getattr(cast, WHO[role])
    facts, _own = standings(person, [assessment], roles_by_partnership(person))[assessment.pk]
    assert state_of(assessment, facts) == state
    if role == Role.REPRESENTATIVE and state in WHILE_RATING:
        answer_all(assessment, cast.membership(person))
    url = leads_on(client, person, assessment)
    assert bool(url) == bool(NEXT_STEPS[state, role].page)


@pytest.mark.parametrize("own", [Own.NONE, Own.STARTED, Own.SUBMITTED, Own.WITH_SIDE])
@pytest.mark.parametrize("state", WHILE_RATING)
def test_own_answers_come_first_while_rating_is_open(cast, client, state, own):
    assessment, membership = MAKE[state](cast), cast.membership(cast.south_representative)
    if own == Own.WITH_SIDE:
        assessment.delete()
        assessment = rating(cast, mode_wanted="caucus", rating_due=assessment.rating_due)
    elif own == Own.STARTED:
        answers.save_level(assessment, membership, 1, 1, 2, mutation())
    elif own == Own.SUBMITTED:
        answer_all(assessment, membership)
    person = cast.south_representative
    assert standings(person, [assessment], roles_by_partnership(person))[assessment.pk][1] == own
    assert bool(leads_on(client, cast.south_representative, assessment)) == (own in OWN_ANSWERS)


def test_a_partner_that_is_not_asked_gets_no_button(cast, client):
    assessment = rating(cast)
    assessment.participants.filter(partner=cast.partners["s1"]).delete()
    assert leads_on(client, cast.south_representative, assessment) == ""


def test_where_nothing_is_to_do_the_next_day_is_said(cast, client):
    assessment = rating(cast, rating_due=day(9))
    client.force_login(cast.observer)
    ((_assessment, todo),) = with_todos([assessment], cast.observer)
    assert todo.text.startswith("You have nothing to do now. Next: both sides close rating, by ")
    assert f'href="{reverse("assessments:overview", args=[assessment.code])}"' not in todo.text


def test_the_last_day_changes_the_facilitators_step_alone(cast):
    before, after = (NEXT_STEPS[state, Role.FACILITATOR] for state in (State.RATING, State.LAST_DAY))
    assert (before.page, after.page) == ("", "side-words")
    assert NEXT_STEPS[State.RATING, Role.OBSERVER] == NEXT_STEPS[State.LAST_DAY, Role.OBSERVER]
