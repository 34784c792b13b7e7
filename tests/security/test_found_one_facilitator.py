"""What one person alone cannot do once rating has opened (METHOD §4, rule 6), on pages, in services and in rows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.access import assessment_for
from assessments.models import (
    SECOND,
    Assessment,
    Matter,
    NamedAcceptance,
    Release,
    RemovalObjection,
    SideWord,
    Stage,
)
from assessments.models.private import AnswerCode, Rater
from assessments.results import frames
from assessments.results.release import make_release
from assessments.services import erasure, transitions
from assessments.services.rating import private_answers
from assessments.services.safeguards import removal, side_words
from assessments.services.setup import deletion, opening
from assessments.tasks import sweep
from partnerships import services
from partnerships.access import MemberRoles, member_roles_of
from partnerships.models import ActivityLogEntry, GuestKey, Membership, Notification, Role, User
from partnerships.services import Refused
from tests.assessments.making import (
    answer_all,
    both_say_yes,
    in_session,
    make_assessment,
    mutation,
    rating,
    says_yes,
    step,
)
from tests.assessments.test_private_at_once import at_once
from tests.factories import Cast, PartnerFactory, PartnershipFactory, make_cast, membership

pytestmark = pytest.mark.django_db
CLOSE, MOVE, REOPEN, REMOVE, DELETE, _SHARE_FACTS = Matter
WEEK = timedelta(days=7)
SIDES = [CLOSE, REOPEN, DELETE]


def today():
    return timezone.localdate()


def open_today(cast: Cast, **fields) -> Assessment:
    """Return an assessment in which rating is open and today is the last day to answer."""
    return rating(cast, rating_due=today(), **fields)


def give(cast: Cast, person: User, assessment: Assessment, matter: str, side: str, **about) -> Assessment:
    return side_words.give_word(assessment, member_roles_of(person, cast.partnership), matter, side, **about)


def withdraw(cast: Cast, person: User, assessment: Assessment, matter: str, side: str, **about) -> Assessment:
    return side_words.withdraw_word(assessment, member_roles_of(person, cast.partnership), matter, side, **about)


def days_pass(assessment: Assessment, days: float = 7) -> None:
    """Let time go on: what was said is so many days older."""
    ago = timedelta(days=days)
    for word in SideWord.objects.filter(assessment=assessment):
        SideWord.objects.filter(pk=word.pk).update(given_at=word.given_at - ago)
    now = Assessment.objects.get(pk=assessment.pk)
    if now.rating_closes_at:
        Assessment.objects.filter(pk=now.pk).update(rating_closes_at=now.rating_closes_at - ago)


def stage(assessment: Assessment) -> str:
    return Assessment.objects.get(pk=assessment.pk).stage


def told(kind: str) -> list[User]:
    return [notification.recipient for notification in Notification.objects.filter(kind=f"assessments.{kind}")]


def refused(rule: str):
    return pytest.raises(IntegrityError, match=rule)


# --- whose word it is


def test_a_facilitator_speaks_for_the_own_side_only(cast):
    assessment = open_today(cast)
    with pytest.raises(PermissionDenied):
        give(cast, cast.north_facilitator, assessment, CLOSE, "south")
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")


def test_a_representative_speaks_only_where_the_side_has_no_facilitator(cast):
    assessment = open_today(cast)
    with pytest.raises(PermissionDenied):
        give(cast, cast.south_representative, assessment, CLOSE, "south")
    own = cast.membership(cast.south_facilitator)
    services.void_membership(own, own)
    give(cast, cast.south_representative, assessment, CLOSE, "south")


def test_other_partners_and_observers_give_no_word_beside_two_sides(cast):
    donor = membership(cast.partnership, Role.FACILITATOR, cast.partners["o1"]).user
    assessment = open_today(cast)
    assert assessment.word_sides == ["north", "south"]
    for person, side in ((donor, "other"), (donor, "north"), (donor, SECOND), (cast.observer, "south")):
        with pytest.raises(PermissionDenied):
            give(cast, person, assessment, CLOSE, side)


def test_a_facilitator_without_an_organisation_gives_no_word(cast):
    moderator = membership(cast.partnership, Role.FACILITATOR, None).user
    assessment = open_today(cast)
    for side in ("north", "south"):
        with pytest.raises(PermissionDenied):
            give(cast, moderator, assessment, CLOSE, side)


def test_one_person_on_both_sides_gives_one_word(cast):
    both = membership(cast.partnership, Role.FACILITATOR, cast.partners["n2"]).user
    services.void_membership(cast.membership(cast.south_facilitator), cast.membership(cast.south_facilitator))
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=both)
    assessment = open_today(cast)
    give(cast, both, assessment, CLOSE, "north")
    with pytest.raises(PermissionDenied):
        give(cast, both, assessment, CLOSE, "south")
    assert give(cast, cast.south_representative, assessment, CLOSE, "south").stage == Stage.JOINT


def test_somebody_let_in_after_opening_speaks_for_no_side_that_had_members(cast):
    services.void_membership(cast.membership(cast.south_facilitator), cast.membership(cast.south_facilitator))
    assessment = open_today(cast)
    friend = membership(cast.partnership, Role.FACILITATOR, cast.partners["s3"]).user
    with pytest.raises(PermissionDenied):
        give(cast, friend, assessment, CLOSE, "south")
    give(cast, cast.south_representative, assessment, CLOSE, "south")


def test_where_all_members_of_a_side_left_a_new_one_speaks(cast):
    assessment = open_today(cast)
    for person in (cast.south_facilitator, cast.south_representative, cast.guest):
        services.void_membership(cast.membership(person), cast.membership(person))
    assert side_words.find_speakers(assessment, REOPEN, "south") == []
    new = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"]).user
    give(cast, new, assessment, REOPEN, "south")


def test_with_one_side_a_second_person_is_needed(client):
    home = PartnershipFactory()
    first, second = PartnerFactory(partnership=home), PartnerFactory(partnership=home)
    leads, speaks = membership(home, Role.FACILITATOR, first), membership(home, Role.REPRESENTATIVE, second)
    assessment = opening.create_assessment(home, leads.user, title="One side", rating_due=today())
    assessment.decisions.create(wording="The budget", original="The budget")
    assessment = transitions.apply(assessment, member_roles_of(leads.user, home), "open_rating")
    assert assessment.word_sides == ["south", SECOND]
    side_words.give_word(assessment, MemberRoles((leads,)), REOPEN, "south")
    with pytest.raises(PermissionDenied):
        side_words.give_word(assessment, MemberRoles((leads,)), REOPEN, SECOND)
    assert stage(assessment) == Stage.RATING
    client.force_login(speaks.user)
    lines = client.get(side_words.url_of(assessment, REOPEN)).context["lines"]
    assert [len(line.people) for line in lines] == [1, 2], "who spoke is listed like all others"
    assert side_words.give_word(assessment, MemberRoles((speaks,)), REOPEN, SECOND).stage == Stage.COLLECTING


def test_the_database_takes_no_word_of_somebody_else(cast):
    assessment = open_today(cast)
    north, south, observer = (
        cast.membership(one) for one in (cast.north_facilitator, cast.south_facilitator, cast.observer)
    )
    both = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=cast.north_facilitator)
    stranger = cast.other_partnership.memberships.get()
    about = {"assessment": assessment, "matter": CLOSE}
    for by, side in ((north, "south"), (observer, "other"), (stranger, "north")):
        with refused("member of its side"), transaction.atomic():
            SideWord.objects.create(given_by=by, side=side, **about)
    SideWord.objects.create(given_by=north, side="north", **about)
    with refused("two sides"), transaction.atomic():
        SideWord.objects.create(given_by=both, side="south", **about)
    with refused("side_word_once"), transaction.atomic():
        SideWord.objects.create(given_by=cast.membership(cast.north_representative), side="north", **about)
    SideWord.objects.create(given_by=south, side="south", **about)


# --- closing


def test_the_words_of_both_sides_close(cast):
    assessment = open_today(cast)
    assert give(cast, cast.north_facilitator, assessment, CLOSE, "north").stage == Stage.RATING
    assert give(cast, cast.south_facilitator, assessment, CLOSE, "south").stage == Stage.JOINT
    assert not SideWord.objects.exists()


def test_one_word_alone_closes_after_seven_days(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment, 6.9)
    sweep()
    assert stage(assessment) == Stage.RATING
    days_pass(assessment, 0.2)
    sweep()
    assert stage(assessment) == Stage.JOINT


def test_a_closing_is_dated_on_its_day_and_not_on_the_sweep(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment, 9)
    due = Assessment.objects.get(pk=assessment.pk).rating_closes_at
    sweep()
    assert Assessment.objects.get(pk=assessment.pk).rating_closed_at == due


def test_no_answer_is_taken_between_the_closing_day_and_the_sweep(cast):
    assessment = open_today(cast)
    own = cast.membership(cast.south_representative)
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment)
    with pytest.raises(Refused):
        private_answers.save_level(assessment, own, 1, 1, 4, mutation(base_version=1))
    with pytest.raises(Refused):
        private_answers.hand_in(assessment, own, False)


def test_a_page_that_is_opened_closes_what_is_due(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment)
    found, _standing = assessment_for(cast.observer, assessment.code)
    assert (found.stage, stage(assessment)) == (Stage.JOINT, Stage.JOINT)


def test_no_word_for_closing_counts_before_the_last_day(cast):
    assessment = rating(cast, rating_due=today() + WEEK)
    with pytest.raises(Refused, match="You cannot agree to close rating before the last day"):
        give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    both_say_yes(assessment, MOVE, today())
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")


def test_without_a_last_day_nobody_closes_and_it_can_be_today(cast):
    assessment = rating(cast)
    with pytest.raises(Refused, match="last day"):
        give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    opening.set_day(assessment, member_roles_of(cast.north_facilitator, cast.partnership), today())
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")


def test_a_withdrawn_word_does_not_close(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment, 6)
    withdraw(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment, 9)
    sweep()
    assert stage(assessment) == Stage.RATING
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment, 6)
    sweep()
    assert stage(assessment) == Stage.RATING, "the days begin anew"


def test_only_the_own_side_withdraws_its_word(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    for person in (cast.south_facilitator, cast.north_representative):
        with pytest.raises(PermissionDenied):
            withdraw(cast, person, assessment, CLOSE, "north")
    assert Assessment.objects.get(pk=assessment.pk).rating_closes_at


def test_a_word_given_again_does_not_move_the_day(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment, 3)
    before = Assessment.objects.get(pk=assessment.pk).rating_closes_at
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    assert Assessment.objects.get(pk=assessment.pk).rating_closes_at == before
    assert len(told("rating_closes")) == cast.partnership.memberships.in_force().count()


@pytest.mark.parametrize("erased", [False, True])
def test_a_word_ends_with_the_membership_of_who_gave_it(cast, erased):
    membership(cast.partnership, Role.FACILITATOR, cast.partners["n2"])
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    own = cast.membership(cast.north_facilitator)
    erasure.erase(cast.north_facilitator) if erased else services.void_membership(own, own)
    assert not SideWord.objects.exists()
    assert Assessment.objects.get(pk=assessment.pk).rating_closes_at is None
    assert cast.south_facilitator in told("rating_stays_open")


def test_everyone_is_told_the_day_and_nobody_whose_word(client, cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    notifications = Notification.objects.filter(kind="assessments.rating_closes")
    members = {one.user for one in cast.partnership.memberships.in_force()}
    assert {notification.recipient for notification in notifications} == members
    assert {notification.context["due"] for notification in notifications} == {(today() + WEEK).isoformat()}
    assert {frozenset(notification.context) for notification in notifications} == {
        frozenset({"assessment", "partnership", "due"})
    }
    assert not ActivityLogEntry.objects.filter(verb__contains="close").exists()
    client.force_login(cast.observer)
    assert "Rating closes on" in client.get(assessment.get_absolute_url()).content.decode()


def test_the_log_names_nobody_for_what_both_sides_decided(cast):
    both_say_yes(open_today(cast), CLOSE)
    assert ActivityLogEntry.objects.get(verb="words.close_rating").actor is None
    assert set(told("rating_closed")) == {one.user for one in cast.partnership.memberships.in_force()}


def test_the_page_tells_a_side_only_of_its_own_word(client, cast):
    assessment = open_today(cast)
    page = reverse("assessments:side-words", args=[assessment.code, CLOSE])
    client.force_login(cast.south_representative)
    before = client.get(page).content.decode()
    Assessment.objects.filter(pk=assessment.pk).update(rating_closes_at=timezone.now() + WEEK)
    give(cast, cast.north_facilitator, assessment, REOPEN, "north")
    assert "said yes.</p>" not in before
    client.force_login(cast.south_facilitator)
    assert "Your side has said yes" not in client.get(page).content.decode()


def test_one_facilitator_closes_by_no_step_and_no_raw_write(client, cast):
    assessment = open_today(cast)
    client.force_login(cast.north_facilitator)
    response = client.post(reverse("assessments:step", args=[assessment.code, "close_rating"]))
    assert response.url == reverse("assessments:side-words", args=[assessment.code, "close_rating"])
    for to in (Stage.JOINT, Stage.COLLECTING, Stage.FINAL_REVIEW):
        with refused("words of both sides"), transaction.atomic():
            Assessment.objects.filter(pk=assessment.pk).update(stage=to)
    assert stage(assessment) == Stage.RATING
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    with refused("words of both sides"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.JOINT, rating_closes_at=None)
    give(cast, cast.south_facilitator, assessment, CLOSE, "south")


# --- the last day to answer


@pytest.mark.parametrize("day", [-3, 3])
def test_the_last_day_moves_only_by_both_sides(cast, day):
    assessment = rating(cast, rating_due=today() + WEEK)
    wanted = today() + WEEK + timedelta(days=day)
    give(cast, cast.north_facilitator, assessment, MOVE, "north", day=wanted)
    assert Assessment.objects.get(pk=assessment.pk).rating_due == today() + WEEK
    with refused("moves by the words"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(rating_due=wanted)
    give(cast, cast.south_facilitator, assessment, MOVE, "south", day=wanted)
    assert Assessment.objects.get(pk=assessment.pk).rating_due == wanted
    assert set(told("due_moved")) == {one.user for one in cast.partnership.memberships.in_force()}


def test_yes_to_two_different_days_moves_nothing(cast):
    assessment = rating(cast, rating_due=today() + WEEK)
    give(cast, cast.north_facilitator, assessment, MOVE, "north", day=today())
    give(cast, cast.south_facilitator, assessment, MOVE, "south", day=today() + timedelta(days=1))
    assert Assessment.objects.get(pk=assessment.pk).rating_due == today() + WEEK
    give(cast, cast.north_facilitator, assessment, MOVE, "north", day=today() + timedelta(days=1))
    assert Assessment.objects.get(pk=assessment.pk).rating_due == today() + timedelta(days=1)


def test_a_moved_day_takes_back_the_word_for_closing(cast):
    assessment = open_today(cast)
    give(cast, cast.north_facilitator, assessment, CLOSE, "north")
    both_say_yes(assessment, MOVE, today() + WEEK)
    now = Assessment.objects.get(pk=assessment.pk)
    assert (now.rating_closes_at, SideWord.objects.count()) == (None, 0)
    with pytest.raises(Refused):
        give(cast, cast.north_facilitator, assessment, CLOSE, "north")


def test_one_facilitator_sets_the_first_day_once(cast):
    assessment, member = rating(cast), member_roles_of(cast.north_facilitator, cast.partnership)
    with pytest.raises(Refused, match="passed"):
        opening.set_day(assessment, member, today() - timedelta(days=1))
    opening.set_day(assessment, member, today() + WEEK)
    with pytest.raises(Refused, match="only if both sides"):
        opening.set_day(assessment, member, today())
    assert set(told("due_moved")) == {one.user for one in cast.partnership.memberships.in_force()}


# --- going back, and deleting


@pytest.mark.parametrize("answered", [False, True])
def test_going_back_takes_both_sides_answered_or_not(cast, answered):
    assessment = open_today(cast)
    if answered:
        answer_all(assessment, cast.membership(cast.south_representative))
    assert give(cast, cast.north_facilitator, assessment, REOPEN, "north").stage == Stage.RATING
    assert Rater.objects.exists() == answered
    assert give(cast, cast.south_facilitator, assessment, REOPEN, "south").stage == Stage.COLLECTING
    assert not Rater.objects.exists()
    assert set(told("decisions_reopened")) == {one.user for one in cast.partnership.memberships.in_force()}


def test_no_form_of_before_brings_answers_back_after_going_back(cast):
    assessment = open_today(cast)
    step(cast, assessment, "reopen_decisions")
    held = AnswerCode.objects.filter(assessment=assessment)
    assert {code.membership for code in held} == {*cast.partnership.memberships.representatives()}
    assert all(code.taken_from for code in held)


def test_until_rating_opens_one_facilitator_deletes_alone(client, cast):
    assessment = make_assessment(cast)
    client.force_login(cast.south_representative)
    page = reverse("assessments:side-words", args=[assessment.code, DELETE])
    assert client.post(page).status_code == 403
    client.force_login(cast.north_facilitator)
    assert client.get(page).status_code == 200
    assert client.post(page).url == cast.partnership.get_absolute_url()
    assert not Assessment.objects.exists()
    assert cast.guest in told("assessment_deleted")


@pytest.mark.parametrize("at", ["rating", "reopened", "session"])
def test_once_rating_has_opened_deleting_takes_both_sides(cast, at):
    assessment = in_session(cast) if at == "session" else open_today(cast)
    if at == "reopened":
        assessment = step(cast, assessment, "reopen_decisions")
    with pytest.raises(Refused):
        deletion.delete_alone(assessment, member_roles_of(cast.north_facilitator, cast.partnership))
    give(cast, cast.north_facilitator, assessment, DELETE, "north")
    assert Assessment.objects.filter(pk=assessment.pk).exists()
    give(cast, cast.south_facilitator, assessment, DELETE, "south")
    assert not Assessment.objects.exists()
    assert ActivityLogEntry.objects.get(verb="words.delete_assessment").actor is None


def test_a_session_without_private_ratings_is_deleted_by_both_sides_too(cast):
    assessment = step(cast, make_assessment(cast, private_ratings=False), "start_session")
    with pytest.raises(Refused):
        deletion.delete_alone(assessment, member_roles_of(cast.north_facilitator, cast.partnership))
    both_say_yes(assessment, DELETE)
    assert not Assessment.objects.exists()


# --- ending a membership


def test_one_facilitator_ends_no_representatives_membership_while_rating_is_open(client, cast):
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    for by in (cast.north_facilitator, cast.south_facilitator):
        with pytest.raises(services.Refused, match="both sides"):
            services.void_membership(target, cast.membership(by))
    with pytest.raises(services.Refused):
        services.void_membership(target, None, cast.staff)
    client.force_login(cast.north_facilitator)
    void = reverse("partnerships:void", args=[cast.partnership.code, target.code])
    words = reverse("assessments:member-words", args=[assessment.code, target.code])
    assert words in client.get(void).content.decode()
    client.post(void)
    assert not Membership.objects.get(pk=target.pk).voided_at


def test_before_rating_opens_and_after_it_closes_a_facilitator_ends_it_as_ever(cast):
    make_assessment(cast)
    services.void_membership(cast.membership(cast.guest), cast.membership(cast.south_facilitator))
    in_session(cast)
    services.void_membership(cast.membership(cast.south_representative), cast.membership(cast.south_facilitator))


@pytest.mark.parametrize("reopened", [False, True])
def test_the_database_keeps_a_representative_while_rating_is_open(cast, reopened):
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    if reopened:
        step(cast, assessment, "reopen_decisions")
    now, own = timezone.now(), Membership.objects.filter(pk=target.pk)
    for change in (
        {"voided_at": now},
        {"admitted_at": None},
        {"role": Role.OBSERVER},
        {"partner": cast.partners["s2"]},
    ):
        with refused("a representative stays"), transaction.atomic():
            own.update(**change)
    Membership.objects.filter(user=cast.south_facilitator).update(voided_at=now)
    services.void_membership(target, target)
    assert Membership.objects.get(pk=target.pk).voided_at


def test_words_of_both_sides_end_a_membership_if_a_colleague_remains(cast):
    colleague = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"])
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    removal.set_objection(assessment, member_roles_of(target.user, cast.partnership), True)
    give(cast, cast.north_facilitator, assessment, REMOVE, "north", subject=target)
    assert not Membership.objects.get(pk=target.pk).voided_at
    give(cast, cast.south_facilitator, assessment, REMOVE, "south", subject=target)
    assert Membership.objects.get(pk=target.pk).voided_at
    assert not Membership.objects.get(pk=colleague.pk).voided_at
    assert cast.observer in told("member_removed")
    assert ActivityLogEntry.objects.get(verb="words.remove_member").actor is None


def test_against_her_objection_the_only_representative_stays(cast):
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    removal.set_objection(assessment, member_roles_of(target.user, cast.partnership), True)
    both_say_yes(assessment, REMOVE, subject=target)
    days_pass(assessment, 30)
    sweep()
    with refused("a representative stays"), transaction.atomic():
        Membership.objects.filter(pk=target.pk).update(voided_at=timezone.now())
    assert not Membership.objects.get(pk=target.pk).voided_at
    removal.set_objection(assessment, member_roles_of(target.user, cast.partnership), False)
    sweep()
    assert Membership.objects.get(pk=target.pk).voided_at


def test_the_only_representative_has_seven_days_to_object(cast):
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    both_say_yes(assessment, REMOVE, subject=target)
    days_pass(assessment, 6)
    sweep()
    with refused("a representative stays"), transaction.atomic():
        Membership.objects.filter(pk=target.pk).update(voided_at=timezone.now())
    assert not Membership.objects.get(pk=target.pk).voided_at
    days_pass(assessment, 1)
    sweep()
    assert Membership.objects.get(pk=target.pk).voided_at


def test_a_colleague_let_in_after_opening_is_none(cast):
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"])
    removal.set_objection(assessment, member_roles_of(target.user, cast.partnership), True)
    both_say_yes(assessment, REMOVE, subject=target)
    days_pass(assessment, 30)
    sweep()
    assert not Membership.objects.get(pk=target.pk).voided_at


def test_nobody_speaks_about_the_own_removal(cast):
    services.void_membership(cast.membership(cast.south_facilitator), cast.membership(cast.south_facilitator))
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    with pytest.raises(PermissionDenied):
        give(cast, cast.south_representative, assessment, REMOVE, "south", subject=target)
    with refused("own removal"), transaction.atomic():
        SideWord.objects.create(assessment=assessment, matter=REMOVE, subject=target, side="south", given_by=target)
    friend = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"]).user
    with pytest.raises(PermissionDenied):
        give(cast, friend, assessment, REMOVE, "south", subject=target)
    give(cast, cast.guest, assessment, REMOVE, "south", subject=target)


def test_the_person_is_told_and_objects_on_her_own_screen(client, cast):
    assessment, target = open_today(cast), cast.membership(cast.south_representative)
    give(cast, cast.north_facilitator, assessment, REMOVE, "north", subject=target)
    assert told("removal_proposed") == [target.user]
    own = reverse("assessments:my-membership", args=[assessment.code])
    client.force_login(cast.north_representative)
    assert "Someone has proposed" not in client.get(own).content.decode()
    client.force_login(target.user)
    assert "Someone has proposed" in client.get(own).content.decode()
    client.post(own, {"do": "object"})
    assert RemovalObjection.objects.get().membership == target
    client.post(own, {"do": "accept"})
    assert not RemovalObjection.objects.exists()


@pytest.mark.parametrize("how", ["herself", "words"])
def test_her_answers_count_and_stay_hers_to_read_and_erase(client, cast, how):
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s2"])
    assessment, target = open_today(cast), cast.membership(cast.guest)
    answer_all(assessment, target)
    if how == "words":
        both_say_yes(assessment, REMOVE, subject=target)
    else:
        services.void_membership(target, target)
    assert list(frames.handed_in(assessment)) == [Rater.objects.get()]
    kept = reverse("assessments:kept-answers", args=[assessment.code])
    assert Notification.objects.get(kind="assessments.membership_ended").url == kept
    client.force_login(cast.guest)
    assert "You submitted these answers" in client.get(kept).content.decode()
    for other in (cast.south_representative, cast.north_facilitator, cast.outsider, cast.staff):
        client.force_login(other)
        assert client.get(kept).status_code == client.post(kept).status_code == 404
    client.force_login(cast.guest)
    client.post(kept)
    assert not Rater.objects.exists()
    assert "You have no answers in this assessment" in client.get(kept).content.decode()


def test_after_closing_her_answers_go_as_everybodys_do(client, cast):
    assessment, target = open_today(cast), cast.membership(cast.guest)
    answer_all(assessment, target, tick=True)
    services.void_membership(target, target)
    make_release(step(cast, assessment, "close_rating"))
    assert Release.objects.get().data["assessment"]["answered"]["south"] == 1
    client.force_login(cast.guest)
    client.post(reverse("assessments:kept-answers", args=[assessment.code]))
    assert not Rater.objects.exists()
    assert Release.objects.get().data["assessment"]["answered"]["south"] is None


def test_the_answers_of_before_open_nothing_else(client, cast):
    assessment, target = open_today(cast), cast.membership(cast.guest)
    answer_all(assessment, target)
    services.void_membership(target, target)
    client.force_login(cast.guest)
    for name in ("overview", "rate", "my-answers", "my-membership", "dashboard", "erase-answers"):
        assert client.get(reverse(f"assessments:{name}", args=[assessment.code])).status_code == 404
    assert client.get(cast.partnership.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("answered", [False, True])
def test_a_removed_guest_comes_back_to_her_answers_whether_she_gave_any_or_not(cast, answered):
    GuestKey.objects.create(user=cast.guest, digest="d")
    assessment, target = open_today(cast), cast.membership(cast.guest)
    if answered:
        answer_all(assessment, target)
    services.void_membership(target, target)
    assert User.objects.get(pk=cast.guest.pk).is_active
    assert GuestKey.objects.exists()


def test_a_guest_who_never_was_asked_has_nothing_to_come_back_to(cast):
    make_assessment(cast)
    services.void_membership(cast.membership(cast.guest), cast.membership(cast.south_facilitator))
    assert not User.objects.get(pk=cast.guest.pk).is_active


def test_a_removal_tells_nobody_whether_she_had_answered(client, cast):
    seen = []
    for answered in (False, True):
        sid = transaction.savepoint()
        membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s2"], user__name="Colleague")
        assessment, target = open_today(cast, code="a" * 12), cast.membership(cast.guest)
        if answered:
            answer_all(assessment, target)
        client.force_login(cast.north_facilitator)
        page = reverse("assessments:member-words", args=[assessment.code, target.code])
        pages = [client.get(page).context["lines"], client.get(page).context["facts"]]
        both_say_yes(assessment, REMOVE, subject=target)
        notifications = sorted((n.kind, str(n.recipient), str(n.context), n.url) for n in Notification.objects.all())
        log = list(ActivityLogEntry.objects.values_list("verb", "actor", "about"))
        seen.append((str(pages), notifications, log))
        client.logout()
        transaction.savepoint_rollback(sid)
    assert seen[0] == seen[1]


# --- the mode


def accept(cast: Cast, assessment: Assessment, refuses: User | None = None) -> None:
    for each in cast.partnership.memberships.in_force().representatives():
        if each.user != refuses:
            opening.answer_named(assessment, each, accepted=True)


def everybody_represented(cast: Cast) -> None:
    for acronym in ("n2", "s3", "o1"):
        membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[acronym])


def test_an_unanswered_question_on_named_counts_as_no(cast):
    everybody_represented(cast)
    assessment = make_assessment(cast, mode_wanted="named")
    accept(cast, assessment, refuses=cast.guest)
    assert not NamedAcceptance.objects.filter(membership__user=cast.guest).exists()
    assert step(cast, assessment, "open_rating").mode == "by_side"


def test_reopening_without_somebody_does_not_tell_who_had_refused(cast):
    everybody_represented(cast)
    assessment = make_assessment(cast, mode_wanted="named")
    accept(cast, assessment, refuses=cast.guest)
    assessment = step(cast, assessment, "open_rating")
    assessment = step(cast, assessment, "reopen_decisions")
    assert assessment.mode == "by_side"
    services.void_membership(cast.membership(cast.guest), cast.membership(cast.guest))
    cast.partners["s2"].left_at = timezone.now()
    cast.partners["s2"].save()
    assert step(cast, assessment, "open_rating").mode == "by_side"


def test_after_reopening_nobody_is_asked_again_and_nothing_of_the_mode_changes(client, cast):
    everybody_represented(cast)
    assessment = make_assessment(cast, mode_wanted="named")
    accept(cast, assessment)
    assessment = step(cast, step(cast, assessment, "open_rating"), "reopen_decisions")
    client.force_login(cast.guest)
    client.post(reverse("assessments:named", args=[assessment.code]), {"accept": "no"})
    assert NamedAcceptance.objects.get(membership__user=cast.guest).accepted
    client.force_login(cast.north_facilitator)
    form = {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "k": 5}
    assert client.post(reverse("assessments:settings", args=[assessment.code]), form).status_code == 302
    now = Assessment.objects.get(pk=assessment.pk)
    assert (now.title, now.mode, now.mode_wanted, now.k) == ("T", "named", "named", 3)
    assert step(cast, now, "open_rating").mode == "named"


def test_an_organisation_added_later_turns_named_into_by_side(cast):
    everybody_represented(cast)
    assessment = make_assessment(cast, mode_wanted="named")
    accept(cast, assessment)
    assessment = step(cast, step(cast, assessment, "open_rating"), "reopen_decisions")
    assert assessment.mode == "named"
    PartnerFactory(partnership=cast.partnership)
    assert step(cast, assessment, "open_rating").mode == "by_side"


def test_the_database_fixes_the_mode_when_rating_first_opens(cast):
    assessment = make_assessment(cast)
    own = Assessment.objects.filter(pk=assessment.pk)
    own.update(k=4)
    step(cast, assessment, "open_rating")
    for _at in ("open", "reopened"):
        for change in (
            {"mode": "named"},
            {"mode": "all_together"},
            {"k": 3},
            {"mode_wanted": "named"},
            {"first_opened_at": None},
            {"opened_with": []},
        ):
            with refused("fixed when rating first opens"), transaction.atomic():
                own.update(**change)
        with refused("keeps its word"), transaction.atomic():
            own.update(sides=["north"])
        if _at == "open":
            step(cast, own.get(), "reopen_decisions")


def test_the_database_lets_only_an_added_organisation_end_named(cast):
    everybody_represented(cast)
    assessment = make_assessment(cast, mode_wanted="named")
    accept(cast, assessment)
    step(cast, step(cast, assessment, "open_rating"), "reopen_decisions")
    own = Assessment.objects.filter(pk=assessment.pk)
    with refused("fixed when rating first opens"), transaction.atomic():
        own.update(mode="by_side")
    PartnerFactory(partnership=cast.partnership)
    own.update(mode="by_side")


def test_named_reads_the_same_for_everyone_before_rating_opens(client, cast):
    everybody_represented(cast)
    assessment = make_assessment(cast, mode_wanted="named")
    accept(cast, assessment, refuses=cast.guest)
    for person in (cast.guest, cast.south_representative, cast.north_facilitator, cast.observer):
        client.force_login(person)
        assert "Named, if everyone accepts" in client.get(assessment.get_absolute_url()).content.decode()


# --- at the same moment


@pytest.fixture
def real(transactional_db) -> Cast:
    return make_cast()


@pytest.mark.django_db(transaction=True)
def test_two_words_at_once_close_once(real):
    assessment = open_today(real)
    north = lambda: give(real, real.north_facilitator, assessment, CLOSE, "north")  # noqa: E731
    south = lambda: give(real, real.south_facilitator, assessment, CLOSE, "south")  # noqa: E731
    assert at_once(north, south).result().stage == Stage.JOINT
    assert ActivityLogEntry.objects.filter(verb="words.close_rating").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_word_and_its_withdrawal_at_once_leave_none(real):
    assessment = open_today(real)
    gives = lambda: give(real, real.north_facilitator, assessment, CLOSE, "north")  # noqa: E731
    takes_back = lambda: withdraw(real, real.north_facilitator, assessment, CLOSE, "north")  # noqa: E731
    at_once(gives, takes_back).result()
    assert (SideWord.objects.count(), Assessment.objects.get().rating_closes_at) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_before_the_other_word_keeps_rating_open(real):
    assessment = open_today(real)
    give(real, real.north_facilitator, assessment, CLOSE, "north")
    takes_back = lambda: withdraw(real, real.north_facilitator, assessment, CLOSE, "north")  # noqa: E731
    south = lambda: give(real, real.south_facilitator, assessment, CLOSE, "south")  # noqa: E731
    assert at_once(takes_back, south).result().stage == Stage.RATING
    assert SideWord.objects.get().side == "south"


@pytest.mark.django_db(transaction=True)
def test_a_word_that_meets_a_moved_day_does_not_count(real):
    assessment = open_today(real)
    later = today() + WEEK
    says_yes(assessment, "north", MOVE, later)
    moves = lambda: give(real, real.south_facilitator, assessment, MOVE, "south", day=later)  # noqa: E731
    word = at_once(moves, lambda: give(real, real.north_facilitator, assessment, CLOSE, "north"))
    with pytest.raises(Refused, match="You cannot agree to close rating before the last day"):
        word.result()
    assert Assessment.objects.get().rating_closes_at is None


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_close_once(real):
    assessment = open_today(real)
    give(real, real.north_facilitator, assessment, CLOSE, "north")
    days_pass(assessment)
    at_once(lambda: side_words.settle_due(assessment), lambda: side_words.settle_due(assessment)).result()
    assert ActivityLogEntry.objects.filter(verb="words.close_rating").count() == 1
    assert len(told("rating_closed")) == real.partnership.memberships.in_force().count()


@pytest.mark.django_db(transaction=True)
def test_an_objection_that_meets_the_sweep_comes_before_or_after_it(real):
    assessment, target = open_today(real), real.membership(real.south_representative)
    both_say_yes(assessment, REMOVE, subject=target)
    days_pass(assessment)
    objects = lambda: removal.set_objection(assessment, member_roles_of(target.user, real.partnership), True)  # noqa: E731
    at_once(objects, lambda: side_words.settle_due(assessment)).result()
    assert not Membership.objects.get(pk=target.pk).voided_at


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_meets_an_answer_leaves_nothing(real):
    assessment, own = open_today(real), real.membership(real.south_representative)
    says_yes(assessment, "north", DELETE)
    deletes = lambda: give(real, real.south_facilitator, assessment, DELETE, "south")  # noqa: E731
    late = at_once(deletes, lambda: private_answers.save_level(assessment, own, 1, 1, 3, mutation()))
    with pytest.raises(Refused):
        late.result()
    assert (Assessment.objects.count(), Rater.objects.count()) == (0, 0)
