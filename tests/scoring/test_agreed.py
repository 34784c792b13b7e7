"""Scores of agreed levels: prescribed values, undefined columns, ranks, and the slow reference."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import balance, gini, holders, score_agreed, side_gap
from assessments.scoring.agreed import COLUMNS
from tests.scoring import reference
from tests.scoring.generated import agreed_frames, assert_same, generated, swap_sides

NAN = math.nan
STATISTICS = ("level", "north", "south", "gap", "delta", "superiority", "balance", "gini", "holders")


def agreed(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def cells(decision, sides, actual, desired=None):
    """Rows of one decision, a partner per letter of `sides` (n, s, o)."""
    words = {"n": "north", "s": "south", "o": "other"}
    wanted = desired or [NAN] * len(sides)
    return [
        ("A", decision, f"{side}{i}", words[side], now, then)
        for i, (side, now, then) in enumerate(zip(sides, actual, wanted, strict=True))
    ]


def test_the_columns_of_the_method():
    scores = score_agreed(agreed(*cells("D", "nnsss", [4, 2, 2, 2, 1])))
    desired = [f"{name}_desired" for name in STATISTICS]
    assert list(scores.decisions) == ["assessment", "decision", *STATISTICS, *desired]
    assert list(scores.assessments) == ["assessment", "gap", "balance"]
    assert list(scores.partners) == ["assessment", "partner", "side", "level", "rank"]


def test_a_decision_has_its_oracles():
    row = score_agreed(agreed(*cells("D", "nnsss", [4, 2, 2, 2, 1]))).decisions.iloc[0]
    expected = [2.2, 3, 1.666667, 1.333333, 0.666667, 0.833333, 66.666667]
    assert list(row[2:9]) == pytest.approx(expected, abs=5e-7)
    assert row.holders == "north"


def test_actual_and_desired_are_scored_alike():
    frame = agreed(*cells("D", "nsso", [4, 0, 1, 3], [2, 3, NAN, 1]))
    turned = frame.rename(columns={"actual": "desired", "desired": "actual"})
    one, two = score_agreed(frame).decisions, score_agreed(turned).decisions
    for name in STATISTICS:
        assert one.loc[0, name] == two.loc[0, f"{name}_desired"]
        assert one.loc[0, f"{name}_desired"] == two.loc[0, name]


@pytest.mark.parametrize(
    ("sides", "actual", "undefined"),
    [
        ("ns", [NAN, NAN], set(STATISTICS)),
        ("nn", [4, 2], {"south", "gap", "delta", "superiority", "balance"}),
        ("ss", [4, 2], {"north", "gap", "delta", "superiority", "balance"}),
        ("no", [4, 2], {"south", "gap", "delta", "superiority", "balance"}),
        ("oo", [4, 2], {"north", "south", "gap", "delta", "superiority", "balance"}),
        ("ns", [0, 0], {"gini"}),
        ("nsn", [4, NAN, NAN], {"south", "gap", "delta", "superiority", "balance", "gini"}),
        ("ns", [4, 2], set()),
    ],
)
def test_undefined_statistics_are_missing(sides, actual, undefined):
    row = score_agreed(agreed(*cells("D", sides, actual))).decisions.iloc[0]
    assert {name for name in STATISTICS if pd.isna(row[name])} == undefined
    assert all(pd.isna(row[f"{name}_desired"]) for name in STATISTICS)


def test_balances_are_averaged_so_that_opposite_gaps_do_not_cancel():
    frame = agreed(*cells("D1", "ns", [4, 0]), *cells("D2", "ns", [0, 4]), *cells("D3", "ns", [NAN, 4]))
    assert score_agreed(frame).assessments.to_dict("records") == [{"assessment": "A", "gap": 0, "balance": 0}]


def test_an_assessment_without_a_gap_is_undefined():
    found = score_agreed(agreed(*cells("D", "nn", [4, 0]))).assessments.iloc[0]
    assert math.isnan(found.gap)
    assert math.isnan(found.balance)


def test_partners_are_ranked_and_ties_share_the_smaller_rank():
    first = cells("D1", "nsoss", [4, 3, 1, 4, NAN])
    second = cells("D2", "nsoss", [3, 4, 1, NAN, NAN])
    partners = score_agreed(agreed(*first, *second)).partners
    assert list(partners.partner) == ["n0", "o2", "s1", "s3", "s4"]
    assert list(partners.side) == ["north", "other", "south", "south", "south"]
    assert list(partners.level) == pytest.approx([3.5, 1, 3.5, 4, NAN], nan_ok=True)
    assert list(partners["rank"]) == pytest.approx([2, 4, 2, 1, NAN], nan_ok=True)


def test_equal_means_of_different_levels_are_a_tie():
    rows = [*cells("D1", "nn", [1, 2]), *cells("D2", "nn", [2, 1]), *cells("D3", "nn", [2, 2])]
    assert list(score_agreed(agreed(*rows)).partners["rank"]) == [1, 1]


@given(agreed_frames())
@generated
def test_the_slow_reference_agrees(frame):
    if len(frame):
        expected = reference.score_agreed(frame.to_dict("records"))
        assert_same(score_agreed(frame), {name: pd.DataFrame(rows) for name, rows in expected.items()})


@given(agreed_frames())
@generated
def test_decisions_agree_with_the_scalars(frame):
    for row in score_agreed(frame).decisions.to_dict("records"):
        here = frame[(frame.assessment == row["assessment"]) & (frame.decision == row["decision"])]
        gap = side_gap(here.actual, here.partner_side)
        expected = [gap.north, gap.south, gap.gap, gap.delta, gap.superiority, balance(gap.gap), gini(here.actual)]
        assert [row[name] for name in STATISTICS[1:8]] == pytest.approx(expected, nan_ok=True)
        held = holders(here.actual, here.partner_side)
        assert row["holders"] == held or (held is None and pd.isna(row["holders"]))


@given(agreed_frames())
@generated
def test_swapping_the_sides_negates_the_gap(frame):
    scores, swapped = score_agreed(frame), score_agreed(swap_sides(frame))
    turned = {"decisions": scores.decisions.copy(), "assessments": scores.assessments.copy()}
    for end in ("", "_desired"):
        one, two = scores.decisions, turned["decisions"]
        two[f"north{end}"], two[f"south{end}"] = one[f"south{end}"], one[f"north{end}"]
        two[f"gap{end}"], two[f"delta{end}"] = -one[f"gap{end}"], -one[f"delta{end}"]
        two[f"superiority{end}"] = 1 - one[f"superiority{end}"]
        two[f"holders{end}"] = one[f"holders{end}"].replace({"north": "south", "south": "north"})
    turned["assessments"]["gap"] *= -1
    turned["partners"] = swap_sides(scores.partners)
    assert_same(swapped, turned)


@given(agreed_frames(), st.sampled_from(["actual", "desired"]))
@generated
def test_a_missing_level_is_as_good_as_no_row(frame, column):
    dropped = frame[frame[column].notna()]
    other = {"actual": "desired", "desired": "actual"}[column]
    one = score_agreed(frame.assign(**{other: NAN})).decisions
    two = score_agreed(dropped.assign(**{other: NAN})).decisions
    keys = ["assessment", "decision"]
    both = two[keys].merge(one, on=keys)
    pd.testing.assert_frame_equal(both, two, check_dtype=False)
