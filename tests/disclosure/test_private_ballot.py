"""“Do we agree?”, asked privately in the session: every surface is a function of one bit (METHOD §4, rule 8)."""

import re

import pytest
from django.core.cache import cache, caches
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assessments.models import LiveSession, Outcome, PrivateBallot
from assessments.models.private import BallotAnswer
from assessments.services.session import joint, live, presence, private_ballot
from partnerships.access import member_roles_of
from partnerships.models import Membership, Role
from partnerships.services import Refused
from tests.assessments.making import in_session, step
from tests.assessments.test_session import FRAGMENT, as_
from tests.factories import membership

pytestmark = pytest.mark.django_db


class Room:
    """A session with six organisations, of which the first five have come, and one of them with two people."""

    def __init__(self, cast) -> None:
        self.cast, self.assessment = cast, in_session(cast)
        LiveSession.objects.update(moment="agree")
        for name in ("n2", "s3", "o1"):
            membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[name])
        self.colleague = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"])
        self.decision = self.assessment.decisions.get(number=1)
        own = Membership.objects.filter(partnership=cast.partnership, role=Role.REPRESENTATIVE)
        self.memberships = {
            name: own.exclude(pk=self.colleague.pk).get(partner=partner) for name, partner in cast.partners.items()
        }
        self.facilitator = self.roles_of(cast.north_facilitator)

    def roles_of(self, person):
        return member_roles_of(person, self.cast.partnership)

    def come(self, *memberships) -> None:
        for each in memberships:
            presence.note(self.assessment, self.roles_of(each.user))

    def five(self) -> list[Membership]:
        return [self.memberships[name] for name in ("n1", "n2", "s1", "s2", "s3")]

    def ask(self) -> None:
        private_ballot.ask(self.assessment, self.facilitator, self.decision)

    def leave(self, each: Membership) -> None:
        presence.forget(self.assessment, self.roles_of(each.user))

    def answer(self, each: Membership, agree: bool | None) -> None:
        private_ballot.save_answer(self.assessment, self.roles_of(each.user), self.decision, agree)

    def close(self) -> None:
        private_ballot.close(self.assessment, self.facilitator, self.decision)

    @property
    def result(self) -> str:
        return PrivateBallot.objects.get(decision=self.decision).result


@pytest.fixture
def room(cast) -> Room:
    return Room(cast)


def opened(room: Room, *more: Membership) -> list[Membership]:
    asked = [*room.five(), *more]
    room.come(*asked)
    room.ask()
    return asked


def test_five_who_say_yes_all_agree_and_one_no_makes_it_a_no(room):
    for answers, result in (
        ([True] * 5, "all"),
        ([True, True, False, True, True], "not_all"),
        ([False] * 5, "not_all"),
    ):
        with transaction.atomic():
            asked = opened(room)
            for each, agree in zip(asked, answers, strict=True):
                assert room.result == "open", "nothing is shown before the last has answered"
                room.answer(each, agree)
            assert room.result == result
            assert not BallotAnswer.objects.exists(), "the answers are gone as soon as the result stands"
            transaction.set_rollback(True)


def test_with_fewer_than_five_organisations_it_is_asked_aloud(room):
    room.come(*room.five()[:4], room.colleague)
    with pytest.raises(Refused, match="ask the question aloud"):
        room.ask()
    room.come(room.five()[4])
    room.ask()
    assert room.result == "open"


def test_two_people_of_one_organisation_are_both_waited_for_and_one_no_is_enough(room):
    asked = opened(room, room.colleague)
    for each in asked[:-1]:
        room.answer(each, True)
    assert room.result == "open"
    room.answer(room.colleague, False)
    assert room.result == "not_all"


def test_one_may_change_her_answer_until_all_have_answered(room):
    asked = opened(room)
    room.answer(asked[0], False)
    for each in asked:
        room.answer(each, True)
    assert room.result == "all"


def test_when_somebody_leaves_facilitators_end_it_and_five_have_to_have_answered(room):
    asked = opened(room, room.memberships["o1"])
    for each in asked[:4]:
        room.answer(each, True)
    for each in asked[4:]:
        room.leave(each)
    room.close()
    assert room.result == "hidden"
    assert not BallotAnswer.objects.exists()
    room.come(*asked)
    room.ask()
    for each in asked[:5]:
        room.answer(each, True)
    room.leave(asked[5])
    room.close()
    assert room.result == "all"


def test_it_ends_early_only_for_somebody_who_left(room):
    asked = opened(room, room.memberships["o1"])
    for each in asked[:5]:
        room.answer(each, True)
    with pytest.raises(Refused, match="still in the session"):
        room.close()
    assert room.result == "open"
    room.leave(asked[5])
    room.close()
    assert room.result == "all"


def test_a_pass_ends_the_waiting_and_is_no_answer(room):
    for answers, result in (([True] * 5 + [None], "all"), ([True] * 4 + [None, False], "not_all")):
        with transaction.atomic():
            for each, agree in zip(opened(room, room.memberships["o1"]), answers, strict=True):
                room.answer(each, agree)
            assert room.result == result
            transaction.set_rollback(True)


def test_four_answers_and_a_pass_have_no_result_and_it_may_be_asked_aloud(room):
    for each, agree in zip(opened(room), [True] * 4 + [None], strict=True):
        room.answer(each, agree)
    assert room.result == "hidden"
    live.record_word(room.assessment, room.facilitator, room.decision, 1, "yes")
    assert room.decision.spoken_words.get().word == "yes"


def test_a_result_stands_since_asking_again_would_tell_who_came_to_it(room):
    for each in opened(room):
        room.answer(each, True)
    with pytest.raises(Refused, match="cannot ask it again"):
        room.ask()
    with pytest.raises(IntegrityError, match="has its result"), transaction.atomic():
        PrivateBallot.objects.update(result="hidden")


def test_an_answer_after_the_result_changes_nothing(room):
    for each in opened(room):
        room.answer(each, True)
    room.answer(room.memberships["o1"], False)
    assert room.result == "all"
    assert not BallotAnswer.objects.exists()


def test_the_database_takes_answers_of_representatives_while_the_question_is_open(room):
    opened(room)
    found = PrivateBallot.objects.get()
    own = room.assessment.participants.get(acronym="S1")
    with pytest.raises(IntegrityError, match="while the question is open"), transaction.atomic():
        BallotAnswer.objects.create(round=found, participant=own, membership=room.memberships["s2"], agree=True)
    answer = BallotAnswer.objects.create(round=found, participant=own, membership=room.memberships["s1"], agree=True)
    with pytest.raises(IntegrityError, match="takes five organisations"), transaction.atomic():
        PrivateBallot.objects.update(result="all")
    PrivateBallot.objects.update(result="hidden")
    assert not BallotAnswer.objects.filter(pk=answer.pk).exists(), "also when no service did it"
    with pytest.raises(IntegrityError, match="while the question is open"), transaction.atomic():
        BallotAnswer.objects.create(round=found, participant=own, membership=room.memberships["s1"], agree=True)


def test_nobody_goes_on_or_records_a_yes_while_people_are_answering(room):
    asked = opened(room)
    other = room.assessment.decisions.get(number=2)
    with pytest.raises(Refused, match="still open"):
        live.go_on(room.assessment, room.facilitator, other)
    with pytest.raises(Refused, match="still open"):
        joint.record_outcome(room.assessment, room.facilitator, room.decision, 0, {"agree": True})
    for each in asked:
        room.answer(each, True)
    assert Outcome.objects.get(decision=room.decision).agree is True, "the answer of the group is recorded by itself"
    live.go_on(room.assessment, room.facilitator, other)


def test_answers_do_not_outlive_the_session(room):
    asked = opened(room)
    room.answer(asked[0], False)
    step(room.cast, room.assessment, "read_back")
    assert not BallotAnswer.objects.exists()


# --- the twins

PAGES = (
    ("session", ()),
    ("session-decision", (1,)),
    ("session-all", ()),
    ("projector", ()),
    ("session-history", (1,)),
)
WHEN_IT_STANDS = ("assessments_outcome", "assessments_agreedchange", "assessments_job")


def surfaces(room: Room) -> dict[str, str]:
    """Return what everybody's pages say, all tables but the open answers, and what a screen that polls gets."""
    cast = room.cast
    people = [
        cast.north_facilitator,
        cast.south_facilitator,
        cast.observer,
        *(each.user for each in room.memberships.values()),
    ]
    found = {}
    for person in people:
        client = as_(person)
        for name, args in PAGES:
            url = reverse(f"assessments:{name}", args=[room.assessment.code, *args])
            found[f"{person.pk} {name}"] = without_tokens(client.get(url, {"moment": "agree"}).content.decode())
        state = reverse("assessments:session-state", args=[room.assessment.code])
        answer = client.get(state, {"v": "0"}, headers=FRAGMENT)
        found[f"{person.pk} poll"] = without_tokens(answer.content.decode())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("assessments_", "partnerships_")) and table != "assessments_ballotanswer":
                # Without its id: a sequence goes on counting through worlds that are rolled back. When the result
                # stands is when the last one has answered, in each world.
                when = " - 'at' - 'discussed_at' - 'created_at'" if table in WHEN_IT_STANDS else ""
                cursor.execute(f"SELECT (to_jsonb(t) - 'id' - 'last_login'{when})::text FROM \"{table}\" t ORDER BY 1")  # noqa: S608
                found[table] = repr(cursor.fetchall())
    return found


def without_tokens(page: str) -> str:
    page = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken"?:? ?)"?[\w&;: ]*\w{64}', "", page)
    page = re.sub(r"(?s)<time.*?</time>", "", page)  # in the history: when the last one has answered
    return re.sub(r"\b\w{64}\b", "", page)


NO = ((False,) * 5, (True, True, True, True, False), (False, True, True, True, True))
ALL: tuple[bool, ...] = (True,) * 5


def worlds(room: Room, upto: int) -> dict[tuple[bool, ...], dict[str, str]]:
    """Let the first of five answer in several ways, each world from the same beginning, and return the surfaces."""
    found = {}
    for answers in (ALL, *NO):
        with transaction.atomic():
            cache.delete_pattern("*")  # who was here to look in the world before
            caches["process"].clear()
            asked = opened(room)
            for each, agree in list(zip(asked, answers, strict=True))[:upto]:
                room.answer(each, agree)
            found[answers] = surfaces(room)
            transaction.set_rollback(True)
    return found


def differ(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_while_it_is_open_no_surface_depends_on_any_answer(room):
    first, *others = worlds(room, upto=4).values()
    assert [differ(first, other) for other in others] == [set()] * 3


def test_when_it_stands_every_surface_is_a_function_of_the_one_bit(room):
    found = worlds(room, upto=5)
    yes = found.pop(ALL)
    first, *others = found.values()
    assert [differ(first, other) for other in others] == [set()] * 2, "whoever said no, and however many"
    assert differ(yes, first)
    assert any("not all agree" in page for page in first.values())


def test_nobody_but_herself_learns_that_she_has_answered(room):
    asked = opened(room)
    mine = reverse("assessments:session", args=[room.assessment.code])
    others = [room.cast.north_facilitator, room.cast.observer, asked[1].user]
    before = [without_tokens(as_(person).get(mine).content.decode()) for person in others]
    room.answer(asked[0], False)
    assert [without_tokens(as_(person).get(mine).content.decode()) for person in others] == before
    own = as_(asked[0].user).get(mine).content.decode()
    assert "Your answer has been saved." in own
    room.answer(asked[0], True)
    again = as_(asked[0].user).get(mine).content.decode()
    assert without_tokens(own) == without_tokens(again), "nor does her own screen say which"
