"""One-laptop mode at the server: what a machine gets, and what becomes of each change that it sends."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import AgreedChange, AgreedLevel, Job, LaptopReceipt, Outcome, SpokenWord, Stage
from assessments.services.session import joint, laptop, live
from partnerships.access import member_roles_of
from tests.assessments.making import agree_levels, in_session, rating, step
from tests.test_queries import sized

pytestmark = pytest.mark.django_db
LEVEL = ["3", "", "", ""]


@pytest.fixture
def assessment(cast):
    return in_session(cast)


@pytest.fixture
def desk(cast, assessment):
    return Desk(cast, assessment, cast.north_facilitator)


class Desk:
    """A facilitator's machine."""

    def __init__(self, cast, assessment, user) -> None:
        self.client, self.cast, self.assessment = Client(), cast, assessment
        self.client.force_login(user)
        self.membership = member_roles_of(user, cast.partnership).any.code

    def sheet(self) -> dict:
        return self.client.get(at("laptop-sheet", self.assessment), headers={"Accept": "application/json"}).json()

    def send(self, cell: str, answer: list[str], base: int = 0, mutation: UUID | None = None, **more):
        change = {"w": self.membership, "m": str(mutation or uuid4()), "d": 1, "c": cell, "b": base, "a": answer}
        path, kind = at("laptop-save", self.assessment), "application/json"
        return self.client.post(path, json.dumps(change | more), kind, headers={"Accept": kind})

    def send_many(self, changes: list[tuple]):
        """Send levels together: (decision, cell, answer, base version, mutation)."""
        listed = [
            {"m": str(mutation), "d": number, "c": cell, "b": base, "a": answer}
            for number, cell, answer, base, mutation in changes
        ]
        path, kind = at("laptop-save", self.assessment), "application/json"
        body = json.dumps({"w": self.membership, "changes": listed})
        return self.client.post(path, body, kind, headers={"Accept": kind})


def at(name: str, assessment) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code])


def level(assessment, partner: int = 1) -> AgreedLevel:
    return AgreedLevel.objects.get(decision__assessment=assessment, decision__number=1, participant__number=partner)


def test_a_machine_gets_the_whole_session_with_versions(cast, assessment, desk):
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    first = assessment.decisions.get(number=1)
    agree_levels(cast, assessment)
    live.record_word(assessment, member, first, 2, "no")
    joint.record_outcome(assessment, member, first, 0, {"agree": False, "note": "So."})
    desk.send("x1", ["Share the budget", "1", "2027-03-01", "3"])
    sheet = desk.sheet()
    assert sheet["answers"]["1"]["p1"] == [1, "2", "", "", ""]
    assert sheet["answers"]["1"]["w2"] == [2, "no"]
    assert sheet["answers"]["1"]["o"][:2] == [1, "no"]
    assert sheet["actions"]["1"] == [["Share the budget", "1", "2027-03-01", "3"]]
    assert [side for *_rest, side in sheet["partners"]] == ["north", "north", "south", "south", "south", "other"]
    assert sheet["membership"] == desk.membership


def test_each_kind_of_change_is_recorded_and_its_receipt_names_it(assessment, desk):
    mutation = uuid4()
    assert desk.send("p1", LEVEL, mutation=mutation).json() == {"m": str(mutation), "v": 1, "won": True}
    assert desk.send("p2", ["differs", "4", "We decide", "You are told"]).json()["won"]
    assert desk.send("w1", ["no"]).json()["v"] == laptop.WORDS.index("no")
    assert desk.send("o", ["no", "Too late", "mediator", "2027-02-01"]).json()["v"] == 1
    assert desk.send("x7", ["Decide together", "1", "2027-03-01", "2"]).json()["won"]
    assert level(assessment).actual == 3
    differs = level(assessment, 2)
    assert (differs.state, differs.desired, differs.one_view) == ("differs", 4, "We decide")
    outcome = Outcome.objects.get(decision__number=1)
    assert (outcome.agree, outcome.route, outcome.note) == (False, "mediator", "Too late")
    assert SpokenWord.objects.get().word == "no"
    action = assessment.actions.get()
    assert (action.owner.number, action.confirmer.number) == (1, 2)


def test_a_change_that_comes_twice_is_applied_once_even_after_somebody_changed_it(cast, assessment, desk):
    mutation, other = uuid4(), Desk(cast, assessment, cast.south_facilitator)
    first = desk.send("p1", LEVEL, mutation=mutation).json()
    assert other.send("p1", ["1", "", "", ""], base=1).json()["won"]
    assert desk.send("p1", LEVEL, mutation=mutation).json() == first
    assert level(assessment).actual == 1
    assert level(assessment).version == 2
    assert not assessment.decisions.get(number=1).changes.filter(lost=True).exists()
    action = ["Decide together", "1", "2027-03-01", ""]
    assert desk.send("x7", action, mutation=mutation).json() == first  # the same name is the same change
    assert not assessment.actions.exists()


@pytest.mark.parametrize(
    ("cell", "theirs", "ours"),
    [
        ("p1", ["1", "2", "", ""], LEVEL),
        ("o", ["no", "Later", "", "", ""], ["no", "Now", "", "", "yes"]),
        ("w1", ["passes"], ["yes"]),
    ],
)
def test_a_cell_that_changed_meanwhile_is_not_overwritten_and_both_are_told(cast, assessment, desk, cell, theirs, ours):
    other = Desk(cast, assessment, cast.south_facilitator)
    assert other.send(cell, theirs).json()["won"]
    refused = desk.send(cell, ours).json()
    assert refused["won"] is False
    assert refused["theirs"] == theirs
    assert LaptopReceipt.objects.count() == 1
    assert desk.sheet()["answers"]["1"][cell][1:] == theirs
    assert desk.send(cell, ours, base=refused["v"]).json()["won"]
    assert desk.sheet()["answers"]["1"][cell][1:] == ours


def test_many_levels_come_together_and_each_has_its_own_receipt(cast, assessment, desk):
    sent, other = [uuid4() for _ in range(5)], Desk(cast, assessment, cast.south_facilitator)
    assert other.send("p2", ["1", "", "", ""]).json()["won"]
    together = [
        (1, "p1", LEVEL, 0, sent[0]),
        (1, "p2", LEVEL, 0, sent[1]),  # somebody was first
        (2, "p1", ["differs", "4", "We decide", "You are told"], 0, sent[2]),
        (2, "p9", LEVEL, 0, sent[3]),  # no such partner
        (2, "p2", ["9", "", "", ""], 0, sent[4]),  # no such level
    ]
    receipts = desk.send_many(together).json()["receipts"]
    assert receipts[0] == {"m": str(sent[0]), "v": 1, "won": True}
    assert receipts[1] == {"m": str(sent[1]), "v": 1, "won": False, "theirs": ["1", "", "", ""]}
    assert receipts[2] == {"m": str(sent[2]), "v": 1, "won": True}
    assert [receipt["m"] for receipt in receipts[3:]] == [str(name) for name in sent[3:]]
    assert all(receipt["error"] for receipt in receipts[3:])
    assert level(assessment).actual == 3
    assert level(assessment, 2).actual == 1
    assert AgreedLevel.objects.get(decision__number=2).one_view == "We decide"
    assert assessment.decisions.get(number=1).changes.filter(lost=True).count() == 1
    assert joint.last_change(assessment.decisions.get(number=2)).before == joint.complete({})
    assert assessment.jobs.get(kind=Job.Kind.AGREED).wanted == 2


def test_many_levels_that_come_twice_are_applied_once_even_upon_another_version(cast, assessment, desk):
    sent = [uuid4(), uuid4()]
    together = [(1, "p1", LEVEL, 0, sent[0]), (2, "p1", LEVEL, 0, sent[1])]
    first = desk.send_many(together).json()
    other = Desk(cast, assessment, cast.south_facilitator)
    assert other.send("p1", ["1", "", "", ""], base=1).json()["won"]
    assert desk.send_many(together).json() == first
    again = [(1, "p1", ["4", "", "", ""], 2, sent[0])]  # the same name is the same change
    assert desk.send_many(again).json()["receipts"] == first["receipts"][:1]
    assert level(assessment).actual == 1
    assert AgreedChange.objects.count() == 3


def test_what_comes_together_are_levels_each_once(assessment, desk):
    one = uuid4()
    for wrong in (
        [(1, "p1", LEVEL, 0, one), (1, "p1", LEVEL, 0, uuid4())],
        [(1, "p1", LEVEL, 0, one), (1, "p2", LEVEL, 0, one)],
        [(1, "o", ["no", "", "", ""], 0, one)],
        [(1, "p1", LEVEL, 0, uuid4())] * (laptop.MOST + 1),
    ):
        assert desk.send_many(wrong).status_code == 400
    assert not AgreedLevel.objects.exists()
    assert desk.send_many([(1, "p1", LEVEL, 0, one)]).json()["receipts"][0]["won"]


def test_120_levels_take_as_many_statements_as_one():
    cast, assessment = sized(Stage.JOINT, 10, 12)
    desk = Desk(cast, assessment, cast.north_facilitator)
    for count, base in ((1, 1), (120, 2)):  # each cell stands at version 1; the first comes again
        numbers = [(d, p) for d in range(1, 13) for p in range(1, 11)][:count]
        levels = [
            (d, f"p{p}", [str(base), "", "", ""], 1 + (base == 2 and (d, p) == (1, 1)), uuid4()) for d, p in numbers
        ]
        with CaptureQueriesContext(connection) as found:
            receipts = desk.send_many(levels).json()["receipts"]
        assert [receipt["won"] for receipt in receipts] == [True] * count
        assert len([sql for sql in found.captured_queries if "SAVEPOINT" not in sql["sql"]]) == 8
    assert set(AgreedLevel.objects.values_list("actual", "version")) == {(2, 2), (2, 3)}


def test_silence_is_no_yes_from_a_machine_either(assessment, desk):
    assert desk.send("w1", ["yes"]).status_code == 200
    refused = desk.send("o", ["yes", "", "", ""])
    assert refused.status_code == 409
    assert "Silence" in refused.json()["error"]
    assert desk.client.get(at("laptop-sheet", assessment)).status_code == 200  # so the machine knows: only this one
    for number in range(2, 7):
        desk.send(f"w{number}", ["yes"])
    assert desk.send("o", ["yes", "", "", ""]).json()["won"]


def test_a_machine_that_asks_again_gets_nothing_until_something_changed(assessment, desk):
    seen = {"v": desk.sheet()["v"]}
    assert desk.client.get(at("laptop-sheet", assessment), seen).status_code == 204
    desk.send("p1", LEVEL)
    again = desk.client.get(at("laptop-sheet", assessment), seen)
    assert again.status_code == 200
    assert again.json()["v"] != seen["v"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"c": "p9"}, {"c": "q1"}, {"c": "pé"}, {"d": 9}, {"d": "1"}, {"b": -1}, {"a": ["9", "", "", ""]}, {"a": ["3"]},
        {"a": "3"}, {"m": "1"}, {"c": "w1", "a": ["perhaps"]}, {"c": "x1", "a": ["", "1", "2027-03-01", ""]},
        {"c": "o", "a": ["no", "", "nowhere", ""]}, {"c": "p" + "9" * 30},
    ],
)  # fmt: skip
def test_what_no_machine_of_ours_sends_is_refused(assessment, desk, wrong):
    assert desk.send("p1", LEVEL, **wrong).status_code == 400
    assert desk.send("p1", LEVEL).status_code == 200


def test_another_membership_and_other_roles_may_not(cast, assessment, desk):
    assert desk.send("p1", LEVEL, w="somebody").status_code == 403
    member = Desk(cast, assessment, cast.north_representative)
    assert member.send("p1", LEVEL).status_code == 403
    assert not AgreedLevel.objects.exists()


def test_nothing_is_recorded_before_the_session_and_after_it(cast, assessment, desk):
    before = Desk(cast, rating(cast, title="Later"), cast.north_facilitator)
    assert before.client.get(at("laptop", before.assessment)).status_code == 302
    assert before.send("p1", LEVEL).status_code == 409
    step(cast, assessment, "read_back")
    assert desk.send("p1", LEVEL).status_code == 409
    assert desk.client.get(at("laptop-sheet", assessment), headers={"Accept": "application/json"}).status_code == 409


def test_the_page_is_the_same_for_every_assessment(cast, assessment, desk):
    page = desk.client.get(at("laptop", assessment)).content
    assert page == desk.client.get(at("laptop", in_session(cast, title="Another"))).content
    for word in (assessment.title, "Dividing the budget", "N1", cast.north_facilitator.get_full_name(), "csrf"):
        assert word not in page.decode()


def test_a_large_session_takes_as_many_statements_as_a_small_one():
    taken = []
    for partners, decisions in ((6, 2), (40, 60)):
        _cast, assessment = sized(Stage.JOINT, partners, decisions)
        with CaptureQueriesContext(connection) as found:
            laptop.session_of(assessment)
        taken.append(len(found))
    assert taken[0] == taken[1]


def test_what_was_said_is_the_answer_whatever_a_machine_sends_beside_it(assessment, desk):
    assert desk.send("w1", ["no"]).json()["won"]
    assert desk.send("o", ["open", "It was late", "", ""]).json()["won"]
    outcome = Outcome.objects.get()
    assert (outcome.agree, outcome.note) == (False, "It was late")
    assert desk.send("o", ["yes", "It was late", "", ""], base=1).status_code == 409
    assert Outcome.objects.get().agree is False


def test_no_common_wish_is_recorded_until_there_is_a_wish(assessment, desk):
    desk.send("w1", ["no"])
    assert desk.send("o", ["no", "", "", "", "yes"]).json()["won"]
    assert desk.sheet()["answers"]["1"]["o"] == [1, "no", "", "", "", "yes"]
    assert desk.send("p1", ["3", "4", "", ""]).json()["won"]
    assert not Outcome.objects.get().no_common_wish
    refused = desk.send("o", ["no", "", "", "", "yes"], base=1)
    assert refused.status_code == 409
    assert "recorded for this decision" in refused.json()["error"]


def test_a_page_from_before_says_nothing_of_a_common_wish(assessment, desk):
    desk.send("w1", ["no"])
    desk.send("o", ["no", "", "", "", "yes"])
    assert desk.send("o", ["no", "Too late", "", ""], base=1).json()["won"]
    outcome = Outcome.objects.get()
    assert (outcome.note, outcome.no_common_wish) == ("Too late", True)
