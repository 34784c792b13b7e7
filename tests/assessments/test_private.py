"""Private answers: what happens when devices disagree, replay, or meet the closing."""

import uuid
from datetime import datetime, timedelta, timezone
from itertools import permutations

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating
from assessments.results import frames
from assessments.services.rating import private_answers
from assessments.services.rating.private_answers import Mutation, outcome
from partnerships.models import ActivityLogEntry, Role
from partnerships.services import Refused
from tests.assessments.making import answer_all, make_assessment, mutation, rating, step
from tests.factories import PartnerFactory, membership

MINUTE = timedelta(minutes=1)


def held():
    return Rating.objects.get().level


# One cell, several devices


@pytest.mark.django_db
def test_a_replay_changes_nothing(assessment, own):
    once = mutation()
    first = private_answers.save_level(assessment, own, 1, 1, 3, once)
    again = private_answers.save_level(assessment, own, 1, 1, 3, once)
    assert (first.won, first.version) == (again.won, again.version) == (True, 1)
    assert AnswerEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_replay_after_a_later_answer_tells_what_stands(assessment, own):
    early = mutation(ago=MINUTE)
    private_answers.save_level(assessment, own, 1, 1, 3, early)
    private_answers.save_level(assessment, own, 1, 1, 1, mutation(base_version=1))
    again = private_answers.save_level(assessment, own, 1, 1, 3, early)
    assert (again.won, again.version, again.answer) == (False, 2, {"level": 1})
    assert held() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("second_ago", "stands", "won"), [(MINUTE, 1, True), (3 * MINUTE, 3, False)])
def test_of_two_devices_that_did_not_see_each_other_the_newest_wins(assessment, own, second_ago, stands, won):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation(ago=2 * MINUTE))
    receipt = private_answers.save_level(assessment, own, 1, 1, 1, mutation(ago=second_ago))
    assert (receipt.won, held()) == (won, stands)
    assert list(AnswerEvent.objects.order_by("pk").values_list("answer", flat=True)) == [{"level": 3}, {"level": 1}]


@pytest.mark.django_db
@pytest.mark.parametrize(("second", "won"), [(3, True), (1, False)])
def test_an_older_answer_that_says_the_same_has_lost_nothing(assessment, own, second, won):
    """The page that is sent just while its script sends the same answer."""
    private_answers.save_level(assessment, own, 1, 1, 3, mutation(ago=MINUTE))
    receipt = private_answers.save_level(assessment, own, 1, 1, second, mutation(ago=2 * MINUTE))
    assert (receipt.won, receipt.version, held()) == (won, 1, 3)


@pytest.mark.django_db
def test_a_device_that_saw_the_current_answer_wins_whatever_its_clock_says(assessment, own):
    seen = private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    slow = mutation(base_version=seen.version, ago=timedelta(days=400))
    assert private_answers.save_level(assessment, own, 1, 1, 0, slow).won
    between = mutation(ago=MINUTE)  # older than the answer that the slow device had seen
    assert not private_answers.save_level(assessment, own, 1, 1, 4, between).won
    assert held() == 0


@pytest.mark.django_db
def test_no_clock_is_believed_beyond_the_servers(assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation(ago=timedelta(days=-900)))
    assert private_answers.save_level(assessment, own, 1, 1, 1, mutation()).won
    assert held() == 1


@pytest.mark.django_db
def test_dont_know_is_an_answer_and_no_zero(assessment, own):
    private_answers.save_level(assessment, own, 1, 1, None, mutation())
    assert held() is None
    private_answers.hand_in(assessment, own, False)
    assert frames.ratings(assessment)["level"].isna().all()


@pytest.mark.parametrize("value", [5, -1, True, "2", 1.0])
def test_what_is_not_on_the_ladder_is_refused(value):
    with pytest.raises(ValueError, match="level"):
        private_answers.level(1, value, mutation())


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"agree": 1}, "agree"),
        ({"agree": True, "use": "all"}, "reason_use"),
        ({"agree": True, "reason": "because"}, "reason_use: missing"),
        ({"agree": True, "use": "me", "reason": "x" * 601}, "too long"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(given, complaint):
    with pytest.raises(ValueError, match=complaint):
        private_answers.agreement(mutation=mutation(), **given)


def test_a_reason_is_kept_as_it_was_typed_but_for_what_no_database_holds():
    change = private_answers.agreement(None, mutation(), "me", " one\r\ntwo\0 ")
    assert change.answer["reason"] == "one\ntwo"


@pytest.mark.django_db
def test_a_mutation_belongs_to_one_answer(assessment, own):
    once = mutation()
    private_answers.save_level(assessment, own, 1, 1, 3, once)
    with pytest.raises(ValueError, match="mutation_id"):
        private_answers.save_level(assessment, own, 1, 2, 3, once)


@pytest.mark.django_db
def test_a_page_is_saved_all_or_not_at_all(assessment, own):
    changes = [private_answers.level(1, 2, mutation()), private_answers.level(99, 2, mutation())]
    with pytest.raises(Http404):
        private_answers.save(assessment, own, 1, changes)
    assert not Rater.objects.exists()


@pytest.mark.django_db
def test_a_decision_of_another_assessment_is_not_there(assessment, own):
    with pytest.raises(Http404):
        private_answers.save_level(assessment, own, 3, 1, 2, mutation())


@pytest.mark.django_db
def test_who_was_no_partner_at_the_opening_cannot_answer(cast, assessment):
    late = membership(cast.partnership, Role.REPRESENTATIVE, PartnerFactory(partnership=cast.partnership))
    with pytest.raises(Refused):
        private_answers.save_level(assessment, late, 1, 1, 2, mutation())


@pytest.mark.django_db
def test_saving_a_page_takes_as_many_statements_as_saving_one_answer(cast, own):
    assessment = rating(cast)

    def statements(partners):
        changes = [private_answers.level(number, 2, mutation()) for number in range(1, partners + 1)]
        with CaptureQueriesContext(connection) as queries:
            private_answers.save(assessment, own, 1, changes)
        return len(queries)

    private_answers.save_level(assessment, own, 2, 1, 2, mutation())  # opens the sheet
    assert statements(1) == statements(6) == 10


# Any order, any number of times


INSTANT = datetime(2026, 3, 1, tzinfo=timezone.utc)  # noqa: UP017
blind = st.lists(st.integers(0, 3), min_size=1, max_size=5).map(
    lambda minutes: [Mutation(uuid.UUID(int=at + 1), 0, INSTANT + m * MINUTE) for at, m in enumerate(minutes)]
)


class Held:
    """A row in memory."""

    def __init__(self, version, mutation_id, answered_at):
        self.version, self.mutation_id, self.answered_at = version, mutation_id, answered_at


class InMemory:
    """A server of one cell that holds only the rule: `outcome`, that a mutation counts once, and that an answer is not
    lost where the one that stands says the same. By itself each answer has a level of its own."""

    def __init__(self, levels=1000):
        self.row, self.level, self.known, self.won, self.levels = None, None, set(), 0, levels

    def save(self, name, mutation):
        level = name % self.levels
        if mutation.mutation_id not in self.known:
            self.known.add(mutation.mutation_id)
            at, won = outcome(self.row, mutation, INSTANT + timedelta(days=1))
            if won:
                self.row = Held(self.row.version + 1 if self.row else 1, mutation.mutation_id, at)
                self.level, self.won = level, self.won + 1
        won = self.row.mutation_id == mutation.mutation_id or self.level == level
        return private_answers.Receipt(mutation.mutation_id, self.row.version, {"level": self.level}, won, 1)


@given(blind)
def test_answers_that_saw_nothing_end_the_same_in_every_order(mutations):
    newest = max(mutations, key=lambda one: (one.answered_at, one.mutation_id.int))
    for order in permutations(mutations):
        server = InMemory()
        for one in [*order, *order[:2]]:
            server.save(one.mutation_id.int, one)
        assert server.level == newest.mutation_id.int


class Device:
    """A phone that answers one question offline or online, and sends in order, as `rate.js` does."""

    def __init__(self):
        self.queue, self.sent, self.version, self.shows = [], [], 0, None

    def answer(self, minute, name):
        self.shows = name
        self.queue.append([name, Mutation(uuid.UUID(int=name + 1), self.version, INSTANT + minute * MINUTE)])

    def send(self, server, lost):
        """Send the oldest answer; a lost reply leaves it in the queue."""
        if not self.queue:
            return
        name, mutation = self.queue[0]
        receipt = server.save(name, mutation)
        self.sent.append((name, mutation))
        if lost:
            return
        self.queue.pop(0)
        if self.queue and not receipt.won:
            return  # a newer answer of its own waits; it has not seen the one that stands
        self.version = receipt.version
        if self.queue:
            name, waiting = self.queue[0]
            self.queue[0][1] = Mutation(waiting.mutation_id, receipt.version, waiting.answered_at)

    def repeat(self, server):
        if self.sent:
            name, mutation = self.sent[0]
            server.save(name, mutation)


moves = st.lists(
    st.tuples(st.sampled_from(["answer", "send", "send", "lose", "repeat"]), st.integers(0, 1)), min_size=2, max_size=14
)


def play(server, moves):
    """Let two devices answer and send as told, then send all the rest; return the last answer anybody gave."""
    devices, last = (Device(), Device()), None
    for minute, (move, which) in enumerate(moves):
        device = devices[which]
        if move == "answer":
            device.answer(minute, last := minute)
        elif move == "repeat":
            device.repeat(server)
        else:
            device.send(server, lost=move == "lose")
    for device in devices:
        while device.queue:
            device.send(server, lost=False)
    return last


@given(moves)
@settings(max_examples=400)
def test_with_true_clocks_the_last_answer_stands_whatever_the_line_does(moves):
    server = InMemory()
    last = play(server, moves)
    assert server.level == last
    assert server.row is None or server.row.version == server.won


class InDatabase:
    """The same cell, held by the service."""

    def __init__(self, assessment, membership):
        self.save = lambda name, mutation: private_answers.save_level(assessment, membership, 1, 1, name % 5, mutation)


@pytest.mark.django_db
def test_the_database_ends_as_the_rule_says(assessment, own):
    # Fixtures live as long as the test; each example begins with an empty sheet.
    @given(moves)
    @example([("answer", 1), *[("answer", 0)] * 3, ("answer", 1), ("answer", 0)])  # the first and the last say the same
    @settings(max_examples=25, deadline=None)
    def ends(moves):
        private_answers.withdraw(assessment, own)
        memory = InMemory(levels=5)
        play(memory, moves)
        play(InDatabase(assessment, own), moves)
        row = Rating.objects.first()
        assert (row and row.level, row.version if row else 0) == (memory.level, memory.won)
        assert AnswerEvent.objects.count() == len(memory.known)
        assert AnswerEvent.objects.filter(won=True).count() == memory.won

    ends()


# The sheet


@pytest.mark.django_db
def test_a_sheet_counts_once_handed_in(assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    assert frames.ratings(assessment).empty
    private_answers.hand_in(assessment, own, False)
    private_answers.save_level(assessment, own, 1, 2, 1, mutation())  # a later change counts at once
    assert sorted(frames.ratings(assessment)["level"].dropna()) == [1, 3]


@pytest.mark.django_db
def test_an_empty_sheet_is_not_handed_in(assessment, own):
    with pytest.raises(Refused):
        private_answers.hand_in(assessment, own, True)
    assert not Rater.objects.exists()


@pytest.mark.django_db
def test_withdrawing_deletes_everything_and_leaves_the_way_open(assessment, own):
    answer_all(assessment, own)
    private_answers.withdraw(assessment, own)
    assert not any(model.objects.exists() for model in (Rater, Rating, PrivateAgreement, AnswerEvent))
    assert private_answers.save_level(assessment, own, 1, 1, 3, mutation()).version == 1


@pytest.mark.django_db
def test_a_page_from_before_a_withdrawal_brings_nothing_back(assessment, own):
    seen = private_answers.save_level(assessment, own, 1, 1, 3, mutation()).sheet
    private_answers.withdraw(assessment, own)
    stale = Mutation(uuid.uuid4(), 1, INSTANT, seen)
    with pytest.raises(private_answers.Withdrawn):
        private_answers.save_level(assessment, own, 1, 1, 4, stale)
    assert not Rater.objects.exists()
    anew = private_answers.save_level(assessment, own, 1, 1, 2, mutation()).sheet
    with pytest.raises(private_answers.Withdrawn):
        private_answers.save_level(assessment, own, 1, 1, 4, stale)
    assert private_answers.save_level(assessment, own, 1, 1, 1, Mutation(uuid.uuid4(), 1, INSTANT, anew)).won


@pytest.mark.django_db
def test_nothing_of_it_stands_in_the_activity_log(assessment, own):
    before = ActivityLogEntry.objects.count()
    answer_all(assessment, own)
    private_answers.withdraw(assessment, own)
    assert ActivityLogEntry.objects.count() == before


@pytest.mark.django_db
def test_own_answers_are_one_persons(cast, assessment, own):
    colleague = membership(cast.partnership, Role.REPRESENTATIVE, own.partner)
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    private_answers.save_level(assessment, colleague, 1, 1, 1, mutation())
    mine = private_answers.sheet(private_answers.rater_of(assessment, own))
    assert mine["levels"] == {(1, 1): private_answers.Held(3, 1)}
    assert private_answers.sheet(None) == {"levels": {}, "agreements": {}}


def imported(cast, assessment, partner):
    participant = assessment.participants.get(partner=cast.partners[partner])
    Rater.objects.create(assessment=assessment, participant=participant, label="R1", submitted_at=INSTANT)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["collecting", "joint"])
def test_outside_rating_nothing_is_taken(cast, own, stage):
    assessment = make_assessment(cast) if stage == "collecting" else step(cast, rating(cast), "close_rating")
    for act in (
        lambda: private_answers.save_level(assessment, own, 1, 1, 3, mutation()),
        lambda: private_answers.hand_in(assessment, own, False),
        lambda: private_answers.withdraw(assessment, own),
    ):
        with pytest.raises(Refused):
            act()
