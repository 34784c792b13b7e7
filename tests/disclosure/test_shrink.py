"""After an erasure a release says less, never something else."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.disclosure import basis, release, shrink
from tests.disclosure.tables import cases, example_ratings, examples, gaps, tables

NORTH_GONE = {"north": None, "difference": None}


def released_with_basis(frame, ticks, mode="by_side"):
    return release(frame, ticks, mode), basis(frame, ticks, mode)


def is_subset(less, more):
    """Tell whether each value is as before or None, in the same structure."""
    if isinstance(more, dict):
        return isinstance(less, dict) and less.keys() == more.keys() and all(is_subset(less[k], more[k]) for k in more)
    if isinstance(more, list):
        return isinstance(less, list) and len(less) == len(more) and all(map(is_subset, less, more))
    return less is None or less == more


@pytest.mark.parametrize("mode", ["by_side", "all_together", "named"])
@examples(40)
@given(case=cases(), data=st.data())
def test_a_release_only_shrinks_whoever_goes_in_whatever_order(mode, case, data):
    before, record = released_with_basis(case.ratings, case.ticks, mode)
    untouched = deepcopy(before)
    gone = data.draw(st.permutations(case.organisations))[:2]
    after, then = shrink(before, record, gone[0]), before
    assert is_subset(after, before)
    assert before == untouched
    for organisation in reversed(gone):
        then = shrink(then, record, organisation)
    assert shrink(after, record, gone[1]) == then == shrink(then, record, gone[0])
    assert is_subset(then, after)


SMALL_NORTH = tables(
    gaps(N1=2, N2=1, S1=1, S2=1, S3=0),
    gaps("D2", N1=3, S1=2, S2=2, S3=2),
)


def test_a_side_shown_by_ticks_loses_its_numbers_and_all_that_derives_from_them():
    before, record = released_with_basis(SMALL_NORTH, {"N1", "N2"})
    assert before["decisions"] == [
        {"decision": "D1", "north": 1.5, "south": 0.5, "difference": 1.0},
        {"decision": "D2", "north": 3.0, "south": 2.0, "difference": 1.0},
    ]
    assert None not in before["assessment"].values()
    after = shrink(before, record, "N2")
    assert after["decisions"] == [d | NORTH_GONE for d in before["decisions"]]
    assert after["assessment"] == NORTH_GONE | {
        "south": 1.2,
        "agreement": None,
        "answered": {"north": None, "south": 3},
    }
    assert after["mode"] == "by_side"


def test_a_side_of_three_organisations_stays_as_it_was():
    before, record = released_with_basis(SMALL_NORTH, {"N1", "N2"})
    assert shrink(before, record, "S1") == before
    assert shrink(before, record, "N1") != before


def test_a_side_of_three_that_also_ticked_stays():
    frame = gaps(S1=1, S2=1, S3=0)
    before, record = released_with_basis(frame, {"S1", "S2", "S3"})
    assert record["sides"]["south"]["by_ticks"] == []
    assert shrink(before, record, "S1") == before


def test_only_the_decisions_that_ticks_showed_are_lost_but_every_mean_that_holds_them():
    frame = tables(gaps(S1=1, S2=1, S3=1, N1=2), gaps("D2", S1=2, S2=2))
    before, record = released_with_basis(frame, {"S1", "S2", "S3", "N1"})
    assert [d["south"] for d in before["decisions"]] == [1.0, 2.0]
    after = shrink(before, record, "S3")  # not in D2 itself, but the side's consent was also its own
    assert [d["south"] for d in after["decisions"]] == [1.0, None]
    assert after["assessment"] == before["assessment"] | {
        "south": None,
        "agreement": None,
        "answered": {"north": 1, "south": None},
    }


@pytest.mark.parametrize("gone", ["N3", "O1", "nobody"])
def test_who_gave_nothing_to_a_small_side_takes_nothing_away(gone):
    frame = tables(SMALL_NORTH, gaps(O1=1, N3=None).assign(level=[1.0, 0.0, None, None]))
    before, record = released_with_basis(frame, {"N1", "N2"})
    assert before["decisions"][0]["north"] == 1.5
    assert shrink(before, record, gone) == before


def test_all_together_stays():
    frame = example_ratings()
    before, record = released_with_basis(frame, {"NSF", "FjA"}, "all_together")
    assert shrink(before, record, "NSF") == before


def test_a_fallen_back_release_stays_even_for_those_who_ticked():
    frame = gaps(N1=1, N2=1, S1=1, S2=1, O1=1)
    before, record = released_with_basis(frame, {"N1"})
    assert before["mode"] == record["mode"] == "all_together"
    assert shrink(before, record, "N1") == before


def test_named_loses_the_organisations_own_answers_its_side_and_all_self_gaps():
    frame = gaps(N1=2, S1=1, S2=1, S3=1)
    before, record = released_with_basis(frame, (), "named")
    after = shrink(before, record, "S1")
    assert [m["level"] for m in after["medians"]] == [
        None if m["rater_partner"] == "S1" else m["level"] for m in before["medians"]
    ]
    assert [s["self_gap"] for s in before["self_gaps"]] != [None, None]
    assert [s["self_gap"] for s in after["self_gaps"]] == [None, None]
    assert after["decisions"] == [{"decision": "D1", "north": 2.0, "south": None, "difference": None}]


def test_the_basis_tells_per_side_who_answered_and_what_ticks_showed():
    record = basis(SMALL_NORTH, {"N1", "N2"}, "by_side")
    assert json.loads(json.dumps(record)) == record
    assert record == {
        "mode": "by_side",
        "sides": {
            "north": {"organisations": ["N1", "N2"], "by_ticks": ["D1", "D2"]},
            "south": {"organisations": ["S1", "S2", "S3"], "by_ticks": []},
        },
    }


def test_the_example_without_one_of_its_two_northern_organisations():
    before, record = released_with_basis(example_ratings(), {"NSF", "FjA", "SFGO"})
    after = shrink(before, record, "FjA")
    assert {d["north"] for d in after["decisions"]} == {None}
    assert [d["south"] for d in after["decisions"]] == [d["south"] for d in before["decisions"]]
    assert after["assessment"]["south"] == 2.0
