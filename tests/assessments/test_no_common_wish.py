"""“No common wish” after a “no”: an answer of its own, which is not the same as a wish that nobody recorded."""

import html
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assessments.models import AgreedChange, Outcome
from assessments.results.agreed import make_agreed_result
from assessments.results.presenters import results_of
from assessments.results.reporting.actions import outcomes_of
from assessments.results.tables.agreed import agreed_tables
from assessments.services.session import joint
from partnerships.services import Refused
from tests.assessments.making import step
from tests.assessments.pages import as_
from tests.assessments.test_joint import Table
from tests.assessments.test_live import at_moment

pytestmark = pytest.mark.django_db
SAID = "No agreement on what we want"


@pytest.fixture
def table(cast) -> Table:
    """Return a session whose first decision has a “no”, in its moment *Want*."""
    table = Table(cast)
    joint.record_outcome(table.assessment, table.north, table.decision, 0, {"agree": False})
    at_moment(table.assessment, "want")
    return table


def record(table, said=True) -> joint.Saved:
    seen = Outcome.objects.get(decision=table.decision).version
    return joint.record_outcome(table.assessment, table.north, table.decision, seen, {"no_common_wish": said})


def recorded() -> bool:
    return Outcome.objects.get().no_common_wish


def page(person, table, name="session", *about, **query) -> str:
    address = reverse(f"assessments:{name}", args=[table.assessment.code, *about])
    return html.unescape(as_(person).get(address, query).content.decode())


def press(person, table, said="yes", **query) -> None:
    """Press the button of the screen that follows the group, as a browser sends its form."""
    shown = page(person, table)
    sent = re.search(r'name="seen-outcome" value="(.*?)">', shown)
    assert sent
    address = reverse("assessments:session-decision", args=[table.assessment.code, 1]) + "?follow=yes"
    as_(person).post(address, {"seen-outcome": sent[1], "no_wish": said})


def test_it_is_recorded_withdrawn_and_seen_by_all(cast, table):
    press(cast.north_facilitator, table)
    assert recorded()
    for person, name in ((cast.guest, "session"), (cast.observer, "projector"), (cast.south_facilitator, "session")):
        assert SAID in page(person, table, name)
    press(cast.south_facilitator, table, said="")
    assert not recorded()
    assert SAID not in page(cast.guest, table)


@pytest.mark.parametrize(("person", "may"), [("north_facilitator", True), ("guest", False), ("observer", False)])
def test_only_facilitators_record_it(cast, table, person, may):
    address = reverse("assessments:session-decision", args=[table.assessment.code, 1])
    as_(getattr(cast, person)).post(address, {"seen-outcome": '{"version":1,"no_wish":""}', "no_wish": "yes"})
    assert recorded() == may


def test_the_table_of_all_decisions_records_it(cast, table):
    shown = page(cast.north_facilitator, table, "session-all", moment="want")
    assert 'name="no_wish" value="yes"' in shown
    record(table)
    assert 'name="no_wish" value=""' in page(cast.north_facilitator, table, "session-all", moment="want")


def test_it_is_undone_and_the_history_tells(cast, table):
    record(table)
    assert "no · no agreement on what we want" in page(cast.observer, table, "session-history", 1)
    joint.undo(table.assessment, table.south, table.decision)
    assert not recorded()
    assert "withdrew the last change" in page(cast.observer, table, "session-history", 1)


def test_undo_passes_a_change_from_before_it_existed(table):
    change = AgreedChange.objects.get()
    for values in (change.before, change.after):
        del values["no_common_wish"]
    change.save()
    joint.undo(table.assessment, table.south, table.decision)
    assert Outcome.objects.get().agree is None


def test_a_wish_ends_it_and_forbids_it(table):
    record(table)
    table.record(table.south, table.entry(1, 0, actual=1))
    assert recorded(), "a level is no wish"
    table.record(table.south, table.entry(2, 0, desired=3))
    assert not recorded()
    with pytest.raises(Refused):
        record(table)
    table.record(table.south, table.entry(2, 1, desired=None))
    assert record(table).changed


def test_undo_of_a_cleared_wish_ends_it(table):
    table.record(table.south, table.entry(2, 0, desired=3))
    table.record(table.south, table.entry(2, 1, desired=None))
    Outcome.objects.update(no_common_wish=True)
    joint.undo(table.assessment, table.south, table.decision)
    assert (table.cell(2).desired, recorded()) == (3, False)


def test_another_answer_than_no_ends_it(table):
    record(table)
    joint.record_outcome(table.assessment, table.north, table.decision, 2, {"agree": None})
    assert not recorded()


def test_a_newer_answer_is_not_overwritten(table):
    joint.record_outcome(table.assessment, table.south, table.decision, 1, {"note": "Later."})
    saved = joint.record_outcome(table.assessment, table.north, table.decision, 1, {"no_common_wish": True})
    assert (saved.changed, len(saved.conflicts), recorded()) == (0, 1, False)


@pytest.mark.parametrize("first", ["wish", "none"])
def test_the_database_holds_one_of_the_two(table, first):
    def wish() -> None:
        table.decision.agreed_levels.create(participant=table.assessment.participants.get(number=1), desired=3)

    def none() -> None:
        Outcome.objects.update(no_common_wish=True)

    one, other = (wish, none) if first == "wish" else (none, wish)
    one()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="wishes or no common wish"), transaction.atomic():
        other()


@pytest.mark.parametrize("agree", [None, True])
def test_the_database_holds_it_only_after_a_no(table, agree):
    Outcome.objects.update(no_common_wish=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.update(agree=agree)


@pytest.mark.parametrize("said", [True, False])
def test_review_results_report_and_data_say_it(cast, table, said):
    table.record(table.north, *(table.entry(number, 0, actual=2) for number in (1, 2, 3)))
    record(table, said)
    assessment = step(cast, table.assessment, "read_back")
    make_agreed_result(assessment)
    results = results_of(assessment)
    exported = next(each for each in agreed_tables(results) if each.code == "agreed")
    assert exported.records()[0]["no_common_wish"] == ("yes" if said else None)
    assert len(outcomes_of(assessment)["no_wishes"]) == said
    for name in ("closing", "dashboard", "report"):
        assert (SAID in page(cast.observer, table, name)) == said, name
