"""Every state × action × role, against the table as METHOD and the issue tell it, written down here a second time."""

import itertools
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from assessments.models import Assessment, Matter, Release, Stage
from assessments.services import transitions
from assessments.services.safeguards.side_words import url_of
from assessments.workflow import actions
from partnerships.access import MemberRoles, member_roles_of
from partnerships.models import Membership, Role
from partnerships.services import Refused
from tests.assessments.making import in_session, make_assessment, rating, step

COLLECTING, VOTING, RATING, JOINT, FINAL_REVIEW, CLOSED = Stage
F, R, O = Role.FACILITATOR, Role.REPRESENTATIVE, Role.OBSERVER  # noqa: E741

# action: (stages, roles)
EXPECTED = {
    "propose": ({COLLECTING}, {F, R, O}),
    "say_missing_voice": ({COLLECTING, VOTING}, {F, R, O}),
    "arrange_decisions": ({COLLECTING, VOTING}, {F}),
    "translate_decisions": ({COLLECTING, VOTING, RATING, JOINT, FINAL_REVIEW}, {F}),
    "change_settings": ({COLLECTING, VOTING}, {F}),
    "answer_named": ({COLLECTING, VOTING}, {R}),
    "open_voting": ({COLLECTING}, {F}),
    "end_vote": ({VOTING}, {F}),
    "back_to_collecting": ({VOTING}, {F}),
    "vote": ({VOTING}, {F, R}),
    "open_rating": ({COLLECTING, VOTING}, {F}),
    "reopen_decisions": ({RATING}, {F, R}),
    "answer": ({RATING}, {R}),
    "answer_for_side": ({RATING}, {R}),
    "edit_agreement": ({COLLECTING, VOTING, JOINT}, {F}),
    "accept_agreement": ({COLLECTING, VOTING, RATING, JOINT}, {F, R, O}),
    "sign_pledge": ({COLLECTING, VOTING, RATING, JOINT}, {R}),
    "withdraw_pledge": ({COLLECTING, VOTING, RATING, JOINT, FINAL_REVIEW}, {R}),
    "hand_in": ({RATING}, {R}),
    "withdraw": ({RATING}, {R}),
    "remind": ({RATING}, {F}),
    "bring_in": ({RATING}, {F}),
    "set_day": ({RATING}, {F}),
    "change_session": ({COLLECTING, VOTING, RATING, JOINT}, {F}),
    "move_day": ({RATING}, {F, R}),
    "close_rating": ({RATING}, {F, R}),
    "remove_member": ({COLLECTING, VOTING, RATING}, {F, R}),
    "delete_alone": ({COLLECTING, VOTING}, {F}),
    "delete_assessment": (set(Stage), {F, R}),
    "archive": (set(Stage), {F}),
    "restore": (set(Stage), {F}),
    "start_session": ({COLLECTING, VOTING}, {F}),
    "take_part": ({JOINT}, {F, R}),
    "record": ({JOINT}, {F}),
    "plan_action": ({JOINT}, {F}),
    "remark": ({JOINT, FINAL_REVIEW}, {F, R}),
    "reply": ({JOINT, FINAL_REVIEW}, {R}),
    "guess": ({JOINT}, {F}),
    "plan_agenda": ({JOINT}, {F}),
    "say_since": ({JOINT}, {F, R}),
    "choose_facts": ({COLLECTING, VOTING, JOINT}, {F}),
    "declare_facts": ({COLLECTING, VOTING, RATING, JOINT}, {R}),
    "enter_facts": ({COLLECTING, VOTING, JOINT}, {F}),
    "share_facts": ({JOINT, FINAL_REVIEW, CLOSED}, {F, R}),
    "nothing_to_add": ({FINAL_REVIEW}, {R}),
    "read_back": ({JOINT}, {F}),
    "back_to_session": ({FINAL_REVIEW}, {F}),
    "confirm_closing": ({FINAL_REVIEW}, {F}),
    "close_assessment": ({FINAL_REVIEW}, {F}),
    "follow_up": ({JOINT, FINAL_REVIEW, CLOSED}, {F, R}),
    "erase": ({JOINT, FINAL_REVIEW, CLOSED}, {R}),
    "start_next": ({CLOSED}, {F}),
}


def test_the_table_has_just_these_actions():
    assert set(actions.ROW_OF) == set(actions.WorkflowAction) == set(EXPECTED)


def test_an_action_has_one_row_only():
    assert len(actions.by_action(actions.ACTIONS)) == len(actions.ACTIONS)
    with pytest.raises(ValueError, match="propose stands in the table twice"):
        actions.by_action((*actions.ACTIONS, actions.ROW_OF["propose"]))


def test_both_sides_decide_what_words_are_given_on():
    assert {row.action for row in actions.ACTIONS if row.by_both_sides} == set(Matter.values)


def test_each_transition_has_its_effect_and_no_other_has():
    assert set(transitions.EFFECTS) == {action for action, row in actions.ROW_OF.items() if row.to}


@pytest.mark.parametrize("action", [action for action, row in actions.ROW_OF.items() if row.to])
def test_a_transition_is_asked_confirmed_and_logged(action):
    row = actions.ROW_OF[action]
    assert all((row.log, row.texts.button, row.texts.title, row.texts.consequences, row.texts.done))


def test_the_log_names_nobody_where_both_sides_decide():
    logged = [row for row in actions.ROW_OF.values() if row.log]
    assert {"close_rating", "remove_member"} < {row.action for row in logged if row.by_both_sides}
    assert all(("%(name)s" in row.log) != row.by_both_sides for row in logged)


@pytest.mark.parametrize(
    ("stage", "offered", "both"),
    [
        (COLLECTING, ["open_rating", "start_session", "open_voting"], ["delete_assessment"]),
        (VOTING, ["end_vote", "open_rating", "start_session", "back_to_collecting"], ["delete_assessment"]),
        (RATING, [], ["close_rating", "move_day", "reopen_decisions", "delete_assessment"]),
        (JOINT, ["read_back"], ["delete_assessment"]),
        (FINAL_REVIEW, ["back_to_session"], ["delete_assessment"]),
        (CLOSED, [], ["delete_assessment"]),
    ],
)
def test_what_the_overview_offers_at_each_stage(stage, offered, both):
    assert (actions.offered_at(stage), actions.decided_by_both_at(stage)) == (offered, both)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "named"),
    [(None, "Set a last day to answer"), (date(2099, 5, 5), "Change the last day to answer")],
)
def test_a_last_day_is_changed_only_where_one_is_set(client, cast, day, named):
    assessment = rating(cast, rating_due=day)
    client.force_login(cast.north_facilitator)
    overview = client.get(assessment.get_absolute_url()).content.decode()
    page = client.get(url_of(assessment, Matter.MOVE_DAY)).content.decode()
    assert f">{named}</a>" in overview
    assert f"<h1>{named}?</h1>" in page
    assert ("The last day will move" in page) is (day is not None)


@pytest.mark.parametrize(("stage", "action", "role"), list(itertools.product(Stage, EXPECTED, Role)))
def test_who_may_do_what_when(stage, action, role):
    stages, roles = EXPECTED[action]
    member = MemberRoles((Membership(role=role),))
    assessment = Assessment(stage=stage)
    assert actions.may(assessment, member, action) == (stage in stages and role in roles)
    if role not in roles:
        with pytest.raises(PermissionDenied):
            actions.require(assessment, member, action)
    elif stage not in stages:
        with pytest.raises(Refused):
            actions.require(assessment, member, action)


@pytest.mark.django_db
def test_open_rating_fixes_partners_numbers_and_mode(cast):
    assessment = rating(cast)
    assert list(assessment.participants.values_list("number", "acronym"))[:2] == [(1, "N1"), (2, "N2")]
    assert list(assessment.decisions.values_list("number", flat=True)) == [1, 2]
    assert assessment.mode == "by_side"


@pytest.mark.django_db
def test_open_rating_needs_a_decision(cast):
    assessment = make_assessment(cast, wordings=())
    with pytest.raises(Refused, match="no decision"):
        step(cast, assessment, "open_rating")
    assessment = make_assessment(cast, wordings=("Money",))
    assert step(cast, assessment, "open_rating").stage == RATING


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["close_rating", "reopen_decisions"])
def test_what_both_sides_decide_is_no_step_of_one_facilitator(cast, action):
    assessment, member = rating(cast), member_roles_of(cast.north_facilitator, cast.partnership)
    with pytest.raises(Refused, match=r"[Bb]oth sides"):
        transitions.apply(assessment, member, action)
    assert step(cast, assessment, action).stage == actions.ROW_OF[action].to


@pytest.mark.django_db
def test_only_the_words_of_sides_take_a_step_without_a_person(cast):
    assessment = make_assessment(cast)
    with pytest.raises(PermissionDenied):
        transitions.apply(assessment, None, "open_rating")
    assert step(cast, assessment, "open_rating").stage == RATING


@pytest.mark.django_db
def test_a_step_taken_twice_is_refused_the_second_time(cast):
    assessment = rating(cast)
    assert step(cast, assessment, "close_rating").stage == JOINT
    with pytest.raises(Refused):
        transitions.apply(assessment, None, "close_rating")
    assert not Release.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("refuses", "mode"), [(False, "named"), (True, "by_side")])
def test_named_only_where_every_representative_accepted(cast, refuses, mode):
    from assessments.services.setup.opening import answer_named
    from tests.factories import membership

    for acronym in ("n2", "s3", "o1"):
        membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[acronym])
    assessment = make_assessment(cast, mode_wanted="named")
    memberships = list(cast.partnership.memberships.in_force().representatives())
    for place, each in enumerate(memberships):
        answer_named(assessment, each, accepted=not (refuses and place == 0))
    assert step(cast, assessment, "open_rating").mode == mode


@pytest.mark.django_db
def test_the_start_page_says_in_which_partnership_something_waits(client, cast):
    in_session(cast)
    client.force_login(cast.north_facilitator)
    (need,) = client.get("/").context["now"]
    assert (need["title"], need["where"]) == ("Lead the session", "How we decide · Water for All")
    assert "<bdi>How we decide · Water for All</bdi>" in client.get("/").content.decode()
