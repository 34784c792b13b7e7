"""The joint session's services: versions, conflicts, undo, and two people at the same moment."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from assessments.models import AgreedChange, AgreedLevel, Job, Outcome
from assessments.results.agreed import make_agreed_result
from assessments.services import transitions
from assessments.services.session import board, joint
from assessments.workflow import jobs
from assessments.workflow.actions import lock_and_require
from partnerships.access import member_roles_of
from partnerships.services import Refused
from tests.assessments.making import answer_all, closed, in_session, rating, step
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(cast):
    """A session with a Northern and a Southern facilitator at its first decision."""
    return Table(cast)


class Table:
    def __init__(self, cast, assessment=None) -> None:
        self.cast = cast
        self.assessment = assessment or in_session(cast)
        self.decision = self.assessment.decisions.get(number=1)
        self.north = member_roles_of(cast.north_facilitator, cast.partnership)
        self.south = member_roles_of(cast.south_facilitator, cast.partnership)

    def entry(self, number: int, base: int, **values) -> joint.Entry:
        return joint.Entry(self.assessment.participants.get(number=number), base, values)

    def record(self, who, *entries) -> joint.Saved:
        return joint.record(self.assessment, who, self.decision, list(entries))

    def cell(self, number: int = 1) -> AgreedLevel:
        return AgreedLevel.objects.get(decision=self.decision, participant__number=number)


def test_a_stale_version_is_a_conflict_and_kept(table):
    table.record(table.north, table.entry(1, 0, actual=3))
    saved = table.record(table.south, table.entry(1, 0, actual=1))
    assert saved.changed == 0
    assert [(c.current["actual"], c.wanted["actual"], c.version) for c in saved.conflicts] == [(3, 1, 1)]
    assert table.cell().actual == 3
    assert table.record(table.south, table.entry(1, 1, actual=1)).changed == 1
    assert table.cell().actual == 1


def test_values_left_out_stay(table):
    table.record(table.north, table.entry(1, 0, actual=3, desired=4))
    table.record(table.north, table.entry(1, 1, actual=2))
    assert (table.cell().actual, table.cell().desired) == (2, 4)
    table.record(table.north, table.entry(1, 2, state="unknown"))
    assert (table.cell().actual, table.cell().desired) == (None, 4)


def test_the_same_refused_wish_is_remembered_once(table):
    table.record(table.north, table.entry(1, 0, actual=3))
    for _again in range(2):
        table.record(table.south, table.entry(1, 0, actual=1))
    assert AgreedChange.objects.filter(lost=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_one_wins_and_both_are_kept(table):
    north, south = table.entry(1, 0, actual=3), table.entry(1, 0, actual=1)
    saved = while_held(lambda: table.record(table.north, north), lambda: table.record(table.south, south))
    assert [(conflict.current["actual"], conflict.wanted["actual"]) for conflict in saved.conflicts] == [(3, 1)]
    assert (table.cell().actual, table.cell().version) == (3, 1)
    assert sorted(AgreedChange.objects.values_list("lost", flat=True)) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_different_cells_at_the_same_moment_are_both_recorded(table):
    north, south = table.entry(1, 0, actual=2), table.entry(2, 0, actual=2)
    before = table.assessment.joint_version
    saved = while_held(lambda: table.record(table.north, north), lambda: table.record(table.south, south))
    assert (saved.changed, saved.conflicts) == (1, [])
    table.assessment.refresh_from_db()
    assert table.assessment.joint_version == before + 2
    assert Outcome.objects.count() == 1
    assert Job.objects.get(kind="agreed").wanted == 2


@pytest.mark.django_db(transaction=True)
def test_an_edit_while_the_session_ends_comes_too_late(table):
    entry = table.entry(1, 0, actual=2)
    edited = while_held(
        lambda: transitions.apply(table.assessment, table.south, "read_back"),
        lambda: table.record(table.north, entry),
    )
    assert isinstance(edited, Refused)
    assert not AgreedLevel.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_session_ends_after_an_edit_that_came_first(table):
    entry = table.entry(1, 0, actual=2)
    ended = while_held(
        lambda: table.record(table.north, entry),
        lambda: transitions.apply(table.assessment, table.south, "read_back"),
    )
    assert ended.stage == "readback"
    assert table.cell().actual == 2


def test_a_closed_assessment_takes_nothing_more(cast):
    table = Table(cast, closed(cast))
    before = table.cell().actual
    for act in (
        lambda: table.record(table.north, table.entry(1, 1, actual=4)),
        lambda: joint.record_outcome(table.assessment, table.north, table.decision, 0, {"agree": True}),
        lambda: joint.undo(table.assessment, table.north, table.decision),
        lambda: joint.go_to(table.assessment, table.north, table.decision),
    ):
        with pytest.raises(Refused):
            act()
    assert table.cell().actual == before


def test_a_decision_of_another_assessment_is_refused(cast, table):
    from django.core.exceptions import PermissionDenied

    other = step(cast, rating(cast), "close_rating")
    with pytest.raises(PermissionDenied):
        joint.record_decision(other, table.north, table.decision, [table.entry(1, 0, actual=2)])
    assert not AgreedLevel.objects.exists()
    assert joint.record_decision(table.assessment, table.north, table.decision, [table.entry(1, 0, actual=2)]).changed


def test_undo_goes_back_step_by_step(table):
    table.record(table.north, table.entry(1, 0, actual=3))
    table.record(table.south, table.entry(2, 0, actual=1))
    joint.record_outcome(table.assessment, table.north, table.decision, 0, {"agree": False, "note": "x"})
    values = {"route": "trial", "review_on": date(2031, 1, 2)}
    joint.record_outcome(table.assessment, table.north, table.decision, 1, values)
    seen = []
    while joint.undo(table.assessment, table.south, table.decision):
        outcome = Outcome.objects.get()
        seen.append((outcome.agree, outcome.route, table.cell(2).actual, table.cell(1).actual))
    assert seen == [(False, "", 1, 3), (None, "", 1, 3), (None, "", None, 3), (None, "", None, None)]


def test_undo_restores_a_review_date(table):
    values = {"agree": False, "route": "trial", "review_on": date(2031, 1, 2)}
    joint.record_outcome(table.assessment, table.north, table.decision, 0, values)
    joint.record_outcome(table.assessment, table.north, table.decision, 1, {"route": ""})
    joint.undo(table.assessment, table.north, table.decision)
    outcome = Outcome.objects.get()
    assert (outcome.route, outcome.review_on) == ("trial", date(2031, 1, 2))


# --- what the release says about a decision


def test_the_release_stands_beside_the_decision(cast):
    assessment = rating(cast)
    for person in (cast.north_representative, cast.south_representative, cast.guest):
        answer_all(assessment, cast.membership(person), lambda d, p: 4 if p.side == "north" else 1, tick=True)
    table = Table(cast, in_session_after(cast, assessment))
    released = board.released_on(table.assessment, table.decision)
    assert {name: said.text for name, said in released.views.items()} == {
        "north": "North 3 or more levels higher",
        "south": "North 3 or more levels higher",
        "difference": "both see a gap of 3 or more levels",
    }
    assert released.marks == [("north", 12), ("south", 12)]
    assert released.agreement is None, "three organisations are too few"


def in_session_after(cast, assessment):
    from assessments.models import Assessment
    from assessments.results.release import make_release

    make_release(step(cast, assessment, "close_rating"))
    return Assessment.objects.get(pk=assessment.pk)


def test_where_each_decision_stands(table):
    def state() -> str:
        return board.places(table.assessment)[0].state

    assert state() == "none"
    table.record(table.north, table.entry(1, 0, actual=3))
    assert state() == "discussed"
    joint.record_outcome(table.assessment, table.north, table.decision, 0, {"agree": True})
    assert state() == "agreed"
    joint.record_outcome(table.assessment, table.north, table.decision, 1, {"agree": False})
    assert state() == "no"
    values = {"route": "noted", "review_on": date(2031, 1, 2)}
    joint.record_outcome(table.assessment, table.north, table.decision, 2, values)
    assert state() == "routed"


@pytest.mark.django_db(transaction=True)
def test_the_worker_never_waits_for_a_recording_that_will_wait_for_it(table):
    row = jobs.request(table.assessment, Job.Kind.AGREED)
    done = []

    def compute() -> None:
        try:
            done.append(jobs.run(row.pk, lambda held: make_agreed_result(held.assessment)))
        finally:
            connection.close()

    worker = threading.Thread(target=compute)
    with transaction.atomic():
        held = lock_and_require(table.assessment, table.north, "record")
        worker.start()
        worker.join(20)
        assert done == [True]
        joint.changed(held)
    worker.join()
    assert jobs.status_of(table.assessment, "agreed")["state"] == "waiting"
