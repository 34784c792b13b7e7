"""The two open questions while decisions are collected, and what each side chose most goes on."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assessments.models import MissingVoice, Question, Stage
from assessments.results.reporting.how_done import how_done
from assessments.services.safeguards import missing_voices
from assessments.services.setup import decisions, shortlist
from partnerships.access import member_roles_of
from partnerships.models import Role
from partnerships.services import Refused
from tests.assessments import making
from tests.factories import Cast, membership

pytestmark = pytest.mark.django_db
ABSENT, AFTERWARDS = Question.ABSENT, Question.AFTERWARDS


def say(cast: Cast, assessment, question=ABSENT, text="The herders", person=None) -> MissingVoice:
    missing_voices.add_answer(assessment, member_roles_of(person or cast.observer, cast.partnership), question, text)
    return assessment.missing_voices.get(question=question, text__iexact=" ".join(text.split()))


def page(client, person, assessment, name="missing_voices") -> str:
    client.force_login(person)
    return client.get(reverse(f"assessments:{name}", args=[assessment.code])).content.decode()


def test_no_column_holds_who_answered_or_when(cast: Cast):
    with connection.cursor() as cursor:
        columns = {
            each.name for each in connection.introspection.get_table_description(cursor, MissingVoice._meta.db_table)
        }
    assert columns == {"id", "code", "assessment_id", "question", "text", "decision_id"}


def test_every_member_reads_the_answers_and_nobody_a_name(cast: Cast, client):
    assessment = making.make_assessment(cast)
    say(cast, assessment, person=cast.south_representative)
    for person in (cast.north_facilitator, cast.observer):
        text = page(client, person, assessment)
        assert "The herders" in text
        assert str(cast.south_representative) not in text


def test_the_same_words_twice_are_one_answer(cast: Cast):
    assessment = making.make_assessment(cast)
    say(cast, assessment)
    say(cast, assessment, text="the  HERDERS", person=cast.south_representative)
    assert assessment.missing_voices.count() == 1


def test_what_was_missing_voice_of_afterwards_becomes_a_decision_of_nobody_once(cast: Cast, client):
    assessment = making.make_assessment(cast)
    row = say(cast, assessment, AFTERWARDS, "The other bank")
    client.force_login(cast.south_representative)
    for _twice in range(2):
        client.post(reverse("assessments:missing_voices-propose", args=[assessment.code, row.code]))
    made = assessment.decisions.get(original="The other bank")
    assert (made.proposed_by, MissingVoice.objects.get().decision) == (None, made)


def test_who_is_absent_does_not_become_a_decision(cast: Cast):
    assessment = making.make_assessment(cast)
    member = member_roles_of(cast.observer, cast.partnership)
    with pytest.raises(Refused):
        missing_voices.propose_decision(assessment, member, say(cast, assessment))
    assert missing_voices.propose_decision(assessment, member, say(cast, assessment, AFTERWARDS, "The other bank"))


def test_the_database_keeps_answers_to_their_time_and_assessment(cast: Cast):
    assessment, other = making.make_assessment(cast), making.make_assessment(cast)
    row = say(cast, assessment, AFTERWARDS, "The other bank")
    with pytest.raises(IntegrityError, match="different assessments"), transaction.atomic():
        MissingVoice.objects.filter(pk=row.pk).update(decision=other.decisions.first())
    MissingVoice.objects.filter(pk=row.pk).update(decision=assessment.decisions.first())
    making.step(cast, assessment, "open_rating")
    with pytest.raises(IntegrityError, match="while decisions are collected"), transaction.atomic():
        MissingVoice.objects.create(assessment=assessment, question=ABSENT, text="Late")
    MissingVoice.objects.create(assessment=other, question=ABSENT, text="In time")


def test_who_is_absent_stands_in_the_lobby_and_in_the_report(cast: Cast, client):
    assessment = making.make_assessment(cast)
    say(cast, assessment)
    say(cast, assessment, AFTERWARDS, "The other bank")
    assessment = making.step(cast, making.step(cast, assessment, "open_rating"), "close_rating")
    making.make_release(assessment)
    assert "The herders" in page(client, cast.observer, assessment, "session")
    facts = str(how_done(assessment))
    assert "The herders" in facts
    assert "The other bank" not in facts


# --- what each side chose most


def voting(cast: Cast, north: list[list[int]], south: list[list[int]], ended=True):
    """Return an assessment of six decisions in which people of each side chose these (counted from 0)."""
    assessment = making.make_assessment(cast, wordings=[f"Decision {n}" for n in range(6)])
    assessment = making.step(cast, assessment, "open_voting")
    codes = [each.code for each in assessment.decisions.order_by("position")]
    for partner, ballots in ((cast.partners["n1"], north), (cast.partners["s1"], south)):
        for chosen in ballots:
            voter = membership(cast.partnership, Role.REPRESENTATIVE, partner)
            decisions.vote(assessment, voter, [codes[n] for n in chosen])
    return making.step(cast, assessment, "end_vote") if ended else assessment


def going_on(assessment) -> list[int]:
    return [int(each.wording[-1]) for each in assessment.decisions.active().order_by("position")]


def test_the_top_two_of_each_side_survive_whatever_the_total(cast: Cast):
    assessment = voting(cast, [[0, 1], [0, 1], [0, 2]], [[4, 5]] * 6 + [[3]])
    decisions.keep_only(assessment, [assessment.decisions.get(wording="Decision 3").code])
    assert going_on(assessment) == [0, 1, 3, 4, 5]


def test_a_side_with_two_voters_is_not_shown_and_keeps_nothing(cast: Cast, client):
    assessment = voting(cast, [[0, 1], [0, 1]], [[4, 5]] * 3)
    north, south = shortlist.of_sides(assessment)
    assert (north.shown, north.decisions, south.shown) == (False, frozenset(), True)
    text = page(client, cast.north_facilitator, assessment, "choose")
    assert "This side's choices are not shown because fewer than 3 people voted" in text
    assert text.count("because it is a top choice of:") == 2


def test_a_third_voter_shows_the_side(cast: Cast, client):
    assessment = voting(cast, [[0, 1], [0, 1], [2]], [[4, 5]] * 3)
    text = page(client, cast.north_facilitator, assessment, "choose")
    assert "This side's choices are not shown because fewer" not in text
    assert text.count("because it is a top choice of:") == 4


def test_ties_go_on_together_and_are_said(cast: Cast, client):
    assessment = voting(cast, [[0, 1], [0, 2], [0]], [[4, 5]] * 3)
    north, _south = shortlist.of_sides(assessment)
    assert (len(north.decisions), north.tied) == (3, True)
    assert "chosen equally often" in page(client, cast.north_facilitator, assessment, "choose")


def test_what_a_side_chose_most_cannot_be_left_out_and_another_can(cast: Cast):
    assessment = voting(cast, [[0, 1]] * 3, [[4, 5]] * 3)
    with pytest.raises(Refused):
        decisions.leave_out(assessment.decisions.get(wording="Decision 0"), out=True)
    decisions.leave_out(assessment.decisions.get(wording="Decision 3"), out=True)
    assert going_on(assessment) == [0, 1, 2, 4, 5]


def test_a_person_with_two_memberships_is_one_voter(cast: Cast):
    assessment = voting(cast, [[0, 1]] * 2, [[4]] * 3, ended=False)
    person = cast.partnership.memberships.filter(partner=cast.partners["n1"]).last().user
    again = membership(cast.partnership, Role.FACILITATOR, cast.partners["n1"], user=person)
    decisions.vote(assessment, again, [assessment.decisions.first().code])
    assessment = making.step(cast, assessment, "end_vote")
    assert not shortlist.of_sides(assessment)[0].shown
    assert assessment.stage == Stage.VOTING
