"""Agree or disagree, its reasons and the vote on decisions: what others may count, and what is asked once."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, PrivateBallot, Release, SpokenWord, Vote
from assessments.results.release import make_release
from assessments.services import transitions
from assessments.services.rating import private_answers
from assessments.services.session import joint, laptop, live, presence, private_ballot
from assessments.services.setup import decisions, shortlist, voting
from assessments.workflow import actions
from partnerships.access import member_roles_of
from partnerships.models import Membership, Role
from partnerships.services import Refused
from tests.assessments.making import make_assessment, mutation, rating, step
from tests.assessments.test_session import as_
from tests.disclosure.test_private_ballot import without_tokens
from tests.factories import make_cast, membership
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db


def six(cast) -> list[Membership]:
    """Return a representative of each of the six organisations."""
    for name in ("n2", "s3", "o1"):
        membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[name])
    return list(cast.partnership.memberships.representatives().order_by("partner__position"))


def answer(assessment, own: Membership, agree: bool | None, use="", reason="", decision=1) -> None:
    private_answers.save_level(assessment, own, decision, 1, 2, mutation())
    private_answers.save_agreement(assessment, own, decision, agree, mutation(), use, reason)
    private_answers.hand_in(assessment, own, False)


def closed_with(cast, agrees: list[bool | None], reasons=("",) * 6) -> Assessment:
    """Return a session in which six organisations answered the first of two decisions alone, and released."""
    assessment, people = rating(cast), six(cast)
    for own, agree, reason in zip(people, agrees, reasons, strict=False):
        answer(assessment, own, agree, "group" if reason else "", reason)
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def leads(cast):
    return member_roles_of(cast.north_facilitator, cast.partnership)


def all_here(cast, assessment) -> None:
    for each in cast.partnership.memberships.representatives():
        presence.note(assessment, member_roles_of(each.user, cast.partnership))


# One private verdict


@pytest.mark.parametrize(("agrees", "verdict"), [([True] * 5, "all agree"), ([True] * 4 + [False], "not all agree")])
def test_after_a_released_verdict_nobody_is_asked_again(cast, agrees, verdict):
    assessment = closed_with(cast, agrees)
    decision = assessment.decisions.get(number=1)
    assert Release.objects.get().agreements[0] == {"decision": 1, "agree": verdict}
    all_here(cast, assessment)
    with pytest.raises(Refused, match="cannot ask it again"):
        private_ballot.ask(assessment, leads(cast), decision)
    with pytest.raises(Refused, match="cannot ask it again"):
        live.record_word(assessment, leads(cast), decision, 1, "no")
    change = laptop.LaptopChange(mutation().mutation_id, 1, "w1", 0, ["no"])
    with pytest.raises(Refused, match="cannot ask it again"):
        laptop.save(assessment, leads(cast), change)
    assert laptop.session_of(assessment)["settled"] == [1]
    assert not PrivateBallot.objects.exists()
    assert not SpokenWord.objects.exists()


@pytest.mark.parametrize("agrees", [[True] * 4, [True] * 4 + [None], [None] * 6])
def test_without_a_released_verdict_a_decision_may_be_asked(cast, agrees):
    assessment = closed_with(cast, agrees)
    decision = assessment.decisions.get(number=1)
    assert laptop.session_of(assessment)["settled"] == []
    all_here(cast, assessment)
    private_ballot.ask(assessment, leads(cast), decision)
    assert PrivateBallot.objects.get().result == "open"


def test_a_session_offers_no_question_that_was_answered_privately(cast):
    assessment = closed_with(cast, [True] * 5)
    client = as_(cast.north_facilitator)
    settled, other = (
        client.get(
            reverse("assessments:session-decision", args=[assessment.code, number]), {"moment": "agree"}
        ).content.decode()
        for number in (1, 2)
    )
    assert ('value="ask"' in settled, 'name="word"' in settled) == (False, False)
    assert "was answered privately before the session" in settled
    assert ('value="ask"' in other, 'name="word"' in other) == (True, True)


def test_the_database_takes_no_second_verdict(cast):
    assessment = closed_with(cast, [True] * 5)
    decision, own = assessment.decisions.get(number=1), assessment.participants.first()
    with pytest.raises(IntegrityError, match="this question was asked"), transaction.atomic():
        PrivateBallot.objects.create(decision=decision)
    with pytest.raises(IntegrityError, match="asked privately"), transaction.atomic():
        SpokenWord.objects.create(decision=decision, participant=own, word="no")
    other = assessment.decisions.get(number=2)
    with pytest.raises(IntegrityError, match="begins open"), transaction.atomic():
        PrivateBallot.objects.create(decision=other, result="all")
    asked = PrivateBallot.objects.create(decision=other)
    with pytest.raises(IntegrityError, match="asked privately"), transaction.atomic():
        SpokenWord.objects.create(decision=other, participant=own, word="no")
    PrivateBallot.objects.filter(pk=asked.pk).update(result="hidden")
    SpokenWord.objects.create(decision=other, participant=own, word="no")
    with pytest.raises(IntegrityError, match="this question was asked"), transaction.atomic():
        PrivateBallot.objects.filter(pk=asked.pk).update(result="open")


def test_a_release_says_nothing_of_what_was_asked_in_the_session(cast):
    assessment, people = rating(cast), six(cast)
    for own in people[:5]:
        answer(assessment, own, True)
    assessment = step(cast, assessment, "close_rating")
    PrivateBallot.objects.create(decision=assessment.decisions.get(number=1))
    with pytest.raises(IntegrityError, match="asked in the session"), transaction.atomic():
        make_release(assessment)
    PrivateBallot.objects.all().delete()
    assert make_release(assessment).agreements[0]["agree"] == "all agree"


def test_nobody_is_asked_before_the_release_is_there(cast):
    assessment = step(cast, rating(cast), "close_rating")
    decision = assessment.decisions.get(number=1)
    for ask in (
        lambda: private_ballot.ask(assessment, leads(cast), decision),
        lambda: live.record_word(assessment, leads(cast), decision, 1, "yes"),
    ):
        with pytest.raises(Refused, match="still calculating the results"):
            ask()
    make_release(assessment)
    fresh = assessment.decisions.model.objects.get(pk=decision.pk)
    live.record_word(assessment, leads(cast), fresh, 1, "yes")


def test_a_released_no_of_one_makes_it_a_no_of_the_group(cast):
    assessment = closed_with(cast, [True] * 4 + [False])
    decision = assessment.decisions.get(number=1)
    with pytest.raises(Refused, match="makes the result a"):
        joint.record_outcome(assessment, leads(cast), decision, 0, {"agree": True})
    assert joint.record_outcome(assessment, leads(cast), decision, 0, {"agree": False}).changed


def test_a_private_question_is_not_put_beside_words_said_aloud(cast):
    assessment = closed_with(cast, [])
    decision = assessment.decisions.get(number=1)
    all_here(cast, assessment)
    live.record_word(assessment, leads(cast), decision, 1, "yes")
    with pytest.raises(Refused, match="already asking this question aloud"):
        private_ballot.ask(assessment, leads(cast), decision)
    live.record_word(assessment, leads(cast), decision, 1, "")
    private_ballot.ask(assessment, leads(cast), decision)
    with pytest.raises(Refused, match="still open"):
        live.record_word(assessment, leads(cast), decision, 1, "yes")


def test_the_release_lists_each_decision_whether_anybody_answered_or_not(cast):
    with_answers, without = (list_of(cast, agrees) for agrees in ([True] * 5, [None] * 0))
    assert with_answers == without == [1, 2]


def list_of(cast, agrees) -> list[int]:
    with transaction.atomic():
        assessment = rating(cast)
        people = six(cast)
        private_answers.save_level(assessment, people[5], 1, 1, 2, mutation())
        private_answers.hand_in(assessment, people[5], False)
        for own, agree in zip(people, agrees, strict=False):
            answer(assessment, own, agree)
        make_release(step(cast, assessment, "close_rating"))
        listed = [row["decision"] for row in Release.objects.get().agreements]
        transaction.set_rollback(True)
    return listed


# Reasons without a name

REASONS = ("Nobody asked us", "We heard of it late", "The donor decided")


def unsigned(assessment) -> list[str]:
    row = Release.objects.get(assessment=assessment).reasons["unsigned"]
    return sorted(reason for one in row for reason in one["reasons"])


def test_unsigned_reasons_of_three_organisations_among_five_are_shown(cast):
    assessment = closed_with(cast, [False] * 5, (*REASONS, "", ""))
    assert unsigned(assessment) == sorted(REASONS)
    page = as_(cast.observer).get(reverse("assessments:dashboard", args=[assessment.code])).content.decode()
    assert all(reason in page for reason in REASONS)


@pytest.mark.parametrize(
    ("agrees", "reasons"),
    [([False] * 5, (*REASONS[:2], "", "", "")), ([False] * 4 + [None], (*REASONS, "", "")), ([True] * 4, REASONS)],
)
def test_fewer_reasons_or_answers_stay_with_their_writers(cast, agrees, reasons):
    assessment = closed_with(cast, agrees, reasons)
    assert unsigned(assessment) == []
    for person in (cast.north_facilitator, cast.observer):
        for name, args in (("dashboard", ()), ("session-decision", (1,)), ("report", ())):
            page = as_(person).get(reverse(f"assessments:{name}", args=[assessment.code, *args])).content.decode()
            assert not [reason for reason in REASONS if reason in page]
    writer = Membership.objects.representatives().order_by("partner__position").first()
    own = as_(writer.user).get(reverse("assessments:my-answers", args=[assessment.code])).content.decode()
    assert reasons[0] in own


def test_two_people_of_one_organisation_are_one_writer(cast):
    assessment, people = rating(cast), six(cast)
    mate = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["n1"])
    for own, reason in zip([*people[:5], mate], [*REASONS[:2], "", "", "", REASONS[2]], strict=True):
        answer(assessment, own, True, "group" if reason else "", reason)
    make_release(step(cast, assessment, "close_rating"))
    assert unsigned(assessment) == []


# Votes on decisions


def voting_on(cast, *ballots: list[int]) -> tuple[Assessment, list[Membership]]:
    """Return an open vote on four decisions, and who chose which of them (counted from 0)."""
    assessment = step(cast, make_assessment(cast, wordings=[f"Decision {n}" for n in range(4)]), "open_voting")
    codes = list(assessment.decisions.order_by("position").values_list("code", flat=True))
    people = six(cast)
    for own, chosen in zip(people, ballots, strict=False):
        decisions.vote(assessment, own, [codes[n] for n in chosen])
    return assessment, people


def page_of(person, assessment, name="choose") -> str:
    return as_(person).get(reverse(f"assessments:{name}", args=[assessment.code])).content.decode()


def counts_on(page: str) -> int:
    return page.count(" people</td>") + page.count(" person</td>")


def test_nobody_sees_a_count_before_the_vote_has_ended(cast):
    assessment, people = voting_on(cast, [0], [0], [0], [0])
    names = ("choose", "decisions", "overview")
    before = [without_tokens(page_of(cast.north_facilitator, assessment, name)) for name in names]
    decisions.vote(assessment, people[4], [assessment.decisions.last().code])
    after = [without_tokens(page_of(cast.north_facilitator, assessment, name)) for name in names]
    assert after == before
    assert counts_on(before[0]) == 0
    assert counts_on(page_of(cast.north_facilitator, step(cast, assessment, "end_vote"))) == 4


def test_while_a_vote_is_open_no_refusal_tells_what_was_chosen(cast):
    assessment, _people = voting_on(cast, [0], [0], [0, 1], [0], [1])
    for decision in assessment.decisions.all():
        with pytest.raises(Refused, match="The vote has not ended"):
            decisions.leave_out(decision, out=True)
    with pytest.raises(Refused, match="The vote has not ended"):
        decisions.keep_only(assessment, [assessment.decisions.first().code])
    back = step(cast, assessment, "back_to_collecting")
    with pytest.raises(Refused, match="The vote has not ended"):
        decisions.leave_out(back.decisions.last(), out=True)
    assert shortlist.chosen_by_sides(back) == set()
    ended = step(cast, step(cast, back, "open_voting"), "end_vote")
    decisions.leave_out(ended.decisions.last(), out=True)


@pytest.mark.parametrize("people", [4, 5])
def test_votes_of_fewer_than_five_people_are_never_counted(cast, people):
    assessment, _people = voting_on(cast, *[[0]] * people)
    ended = step(cast, assessment, "end_vote")
    page = page_of(cast.south_facilitator, ended)
    assert (voting.chosen(ended) is not None, counts_on(page) > 0) == (people == 5, people == 5)
    assert ("Ask the group aloud" in page, "Not shown, to protect answers." in page) == ((people == 4,) * 2)


def test_two_memberships_of_one_person_are_one_voter(cast):
    assessment, people = voting_on(cast, *[[0]] * 4)
    again = membership(cast.partnership, Role.FACILITATOR, people[0].partner, user=people[0].user)
    decisions.vote(assessment, again, [assessment.decisions.last().code])
    assert voting.chosen(step(cast, assessment, "end_vote")) is None


def test_a_count_stays_when_decisions_are_merged_or_a_voter_leaves(cast):
    assessment, people = voting_on(cast, [0, 1], [0], [1], [2], [2])
    ended = step(cast, assessment, "end_vote")
    first, second, *_others = ended.decisions.order_by("position")
    before = voting.chosen(ended)
    assert (before[first.pk], before[second.pk]) == (2, 2)
    decisions.merge(second, first)
    Vote.objects.filter(membership=people[0]).delete()
    Membership.objects.filter(pk=people[1].pk).update(voided_at=timezone.now())
    assert voting.chosen(Assessment.objects.get(pk=ended.pk)) == before


def test_a_vote_ends_once(cast):
    assessment, people = voting_on(cast, *[[0]] * 5)
    ended = step(cast, assessment, "end_vote")
    with pytest.raises(Refused, match="cannot change your choice"):
        decisions.vote(ended, people[0], [ended.decisions.last().code])
    with pytest.raises(Refused, match="cannot change your choice"):
        actions.require(ended, member_roles_of(people[0].user, cast.partnership), "vote")
    back = step(cast, ended, "back_to_collecting")
    with pytest.raises(Refused, match="can have only one vote"):
        transitions.apply(back, leads(cast), "open_voting")


def test_the_database_counts_once_and_of_five(cast):
    assessment, people = voting_on(cast, *[[0]] * 4)
    own = Assessment.objects.filter(pk=assessment.pk)
    last = assessment.decisions.last()
    with pytest.raises(IntegrityError, match="fewer than five"), transaction.atomic():
        own.update(vote_ended_at=assessment.created_at, vote_result={"chosen": {}, "sides": []})
    decisions.vote(assessment, people[4], [last.code])
    with pytest.raises(IntegrityError, match="counted_after_its_end"), transaction.atomic():
        own.update(vote_result={"chosen": {}, "sides": []})
    ended = step(cast, assessment, "end_vote")
    for change in ({"vote_ended_at": None}, {"vote_result": None}):
        with pytest.raises(IntegrityError, match="the vote has ended"), transaction.atomic():
            own.update(**change)
    with pytest.raises(IntegrityError, match="the vote is not open"), transaction.atomic():
        Vote.objects.create(decision=last, membership=people[5])
    assert ended.vote_ended_at


# Two at once


@pytest.mark.django_db(transaction=True)
def test_a_vote_that_arrives_while_the_vote_ends_is_refused(transactional_db):
    cast = make_cast()
    assessment, people = voting_on(cast, *[[0]] * 4)
    last = assessment.decisions.last()

    def votes():
        return decisions.vote(assessment, people[4], [last.code])

    refused = while_held(lambda: step(cast, assessment, "end_vote"), votes)
    assert isinstance(refused, Refused)
    assert voting.chosen(Assessment.objects.get(pk=assessment.pk)) is None


@pytest.mark.django_db(transaction=True)
def test_a_word_aloud_waits_for_a_private_question_and_is_refused(transactional_db):
    cast = make_cast()
    assessment = closed_with(cast, [])
    decision = assessment.decisions.get(number=1)
    all_here(cast, assessment)
    refused = while_held(
        lambda: private_ballot.ask(assessment, leads(cast), decision),
        lambda: live.record_word(assessment, leads(cast), decision, 1, "yes"),
    )
    assert isinstance(refused, Refused)
    assert not SpokenWord.objects.exists()
