"""What leaves a caucus: each side's open answer, and nothing that could tell who said what inside it."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.caucus import AGREEMENT_COLUMNS, LEVEL_COLUMNS, SIDES, release

PARTNERS = ((1, "north"), (2, "south"), (3, "south"), (4, "other"))
KEYS = {
    "": {"mode", "decisions", "assessment", "cells", "agreements"},
    "decisions": {"decision", "north", "south", "other", "difference"},
    "cells": {"decision", "partner", "side", "level"},
    "agreements": {"decision", "north", "south", "other"},
}


def answers(given, decision=1, partners=PARTNERS):
    """Return frames of one decision from each side's levels, in the order of the partners."""
    rows = [
        ("A1", decision, partner, partner_side, side, level)
        for side, levels in given.items()
        for (partner, partner_side), level in zip(partners, levels, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=list(LEVEL_COLUMNS)).astype({"level": "float64"})
    agreed = pd.DataFrame([("A1", decision, side, True) for side in given], columns=list(AGREEMENT_COLUMNS))
    return frame, agreed


def both(*decisions):
    frames = [answers(given, number) for number, given in enumerate(decisions, start=1)]
    return [pd.concat(parts, ignore_index=True) for parts in zip(*frames, strict=True)]


def test_each_side_has_its_own_gap_and_the_difference_is_between_the_two():
    levels, agreed = both(
        {"north": [4, 2, 1, None], "south": [4, 1, 0, 3], "other": [3, 3, 3, 3]},
        {"north": [2, 2, 2, 2], "south": [None, 1, 0, 3], "other": [0, 4, 4, 0]},
    )
    released = release(levels, agreed)
    assert released["decisions"] == [
        {"decision": 1, "north": 2.5, "south": 3.5, "other": 0.0, "difference": -1.0},
        {"decision": 2, "north": 0.0, "south": None, "other": -4.0, "difference": None},
    ]
    assert released["assessment"] == {"north": 1.25, "south": 3.5, "other": -2.0, "difference": -1.0}


def test_levels_are_as_the_side_gave_them_and_missing_is_none_not_excluded():
    levels, agreed = answers({"north": [4, None, 0, 1], "south": [3, 2, 2, 2]})
    cells = {(cell["partner"], cell["side"]): cell["level"] for cell in release(levels, agreed)["cells"]}
    assert [cells[partner, "north"] for partner, _side in PARTNERS] == [4, None, 0, 1]
    assert [cells[partner, "south"] for partner, _side in PARTNERS] == [3, 2, 2, 2]


def test_agreement_is_told_per_side_and_unanswered_is_neither_yes_nor_no():
    levels, agreed = answers({"north": [1] * 4, "south": [1] * 4})
    agreed["agree"] = [False, None]
    assert release(levels, agreed)["agreements"] == [{"decision": 1, "north": False, "south": None, "other": None}]


def test_nothing_but_these_keys_leaves():
    released = release(*answers({side: [1, 2, 3, 4] for side in SIDES}))
    assert set(released) == KEYS[""]
    for part in ("decisions", "cells", "agreements"):
        assert {frozenset(row) for row in released[part]} == {frozenset(KEYS[part])}
    assert set(released["assessment"]) == KEYS["decisions"] - {"decision"}


@pytest.mark.parametrize("name", ["rater", "rater_partner", "user", "at"])
def test_a_frame_that_names_anybody_is_refused(name):
    levels, agreed = answers({"north": [1] * 4, "south": [2] * 4})
    release(levels, agreed)
    for bad in ((levels.assign(**{name: "Ama"}), agreed), (levels, agreed.assign(**{name: "Ama"}))):
        with pytest.raises(ValueError, match=f"^{name}: "):
            release(*bad)


def test_malformed_frames_are_refused_by_name():
    levels, agreed = answers({"north": [1] * 4, "south": [2] * 4})
    with pytest.raises(ValueError, match=r"^level: 5"):
        release(levels.assign(level=5.0), agreed)
    with pytest.raises(ValueError, match=r"^side: 'east'"):
        release(levels.assign(side="east"), agreed)
    with pytest.raises(ValueError, match=r"^partner: 1"):
        release(pd.concat([levels, levels]), agreed)
    with pytest.raises(ValueError, match=r"^assessment: "):
        release(levels, agreed.assign(assessment="A2"))


def test_nothing_answered_releases_nothing():
    released = release(*answers({"north": [None] * 4, "south": [None] * 4}))
    assert {value for row in released["decisions"] for key, value in row.items() if key != "decision"} == {None}
    assert set(released["assessment"].values()) == {None}


rungs = st.one_of(st.none(), st.integers(0, 4))
sheets = st.fixed_dictionaries({side: st.lists(rungs, min_size=4, max_size=4) for side in SIDES})


@settings(max_examples=60, deadline=None)
@given(sheets, st.randoms(use_true_random=False))
def test_neither_order_nor_another_side_moves_what_a_side_released(given, random):
    levels, agreed = answers(given)
    shuffled = levels.sample(frac=1, random_state=random.randint(0, 99))
    assert json.dumps(release(levels, agreed)) == json.dumps(release(shuffled, agreed))
    silent, _agreed = answers(given | {"south": [None] * 4})
    assert release(silent, agreed)["decisions"][0]["north"] == release(levels, agreed)["decisions"][0]["north"]


@settings(max_examples=60, deadline=None)
@given(sheets)
def test_swapping_the_sides_negates(given):
    swap = {"north": "south", "south": "north", "other": "other"}
    levels, agreed = answers(given)
    swapped = levels.assign(side=levels["side"].map(swap), partner_side=levels["partner_side"].map(swap))
    one, other = release(levels, agreed)["assessment"], release(swapped, agreed)["assessment"]
    for side, its_twin in swap.items():
        assert other[its_twin] == (None if one[side] is None else -one[side])
    assert other["difference"] == one["difference"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=2, max_size=5),
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
)
def test_whoever_said_what_inside_a_side_the_release_is_the_same_byte_for_byte(said, agreed_on):
    """The attack on this mode: what each person of the side argued for is no input, so all of it stays possible."""
    outcome, verdicts = answers({"north": agreed_on, "south": [2, 2, 2, 2]})
    first = json.dumps(release(outcome, verdicts))
    for order in (said, said[::-1]):
        talked = {f"rater_{place}": str(levels) for place, levels in enumerate(order)}
        assert json.dumps(release(outcome[list(LEVEL_COLUMNS)], verdicts)) == first
        with pytest.raises(ValueError, match=r"^rater_"):
            release(outcome.assign(**talked), verdicts)
