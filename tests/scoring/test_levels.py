"""Scalars on levels: every value that the method prescribes, every undefined case, every refusal."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import balance, concentration, consensus, evenness, gini, holders, holding, side_gap
from tests.scoring import reference
from tests.scoring.example import near
from tests.scoring.generated import LEVELS, SIDES, generated

NAN = math.nan


@pytest.mark.parametrize(
    ("statistic", "levels", "expected"),
    [
        (gini, [4, 0, 0, 0], 1),
        (gini, [4, 2, 1, 1], 0.416667),
        (gini, [4, 1], 0.6),
        (gini, [1, 1, 1, 1], 0),
        (concentration, [4, 2, 1, 1], 0.125),
        (concentration, [4, 1], 0.36),
        (concentration, [4, 0, 0], 1),
        (concentration, [3, 3, 3], 0),
        (evenness, [4, 2, 1, 1], 0.875),
        (evenness, [4, 1], 0.721928),
        (evenness, [4, 0, 0, 0], 0),
        (evenness, [2, 2, 2], 1),
        (consensus, [3, 3, 4], 0.828635),
        (consensus, [1, 2, 3], 0.723308),
        (consensus, [0, 0, 4, 4], 0),
        (consensus, [2, 2], 1),
        (consensus, [0, 0, 0], 1),
    ],
)
def test_oracles(statistic, levels, expected):
    assert statistic(levels) == near(expected)
    assert statistic([NAN, *levels, None]) == near(expected)
    assert type(statistic(levels)) is float


@pytest.mark.parametrize("levels", [[], [3], [NAN, 3], [NAN, NAN], [0, 0, 0], [0, NAN, 0]])
@pytest.mark.parametrize("statistic", [gini, concentration, evenness])
def test_inequality_is_undefined_below_two_levels_or_if_all_are_zero(statistic, levels):
    assert math.isnan(statistic(levels))


@pytest.mark.parametrize("levels", [[], [3], [NAN, 3], [NAN, NAN]])
def test_consensus_is_undefined_below_two_levels(levels):
    assert math.isnan(consensus(levels))


@pytest.mark.parametrize(
    ("levels", "sides", "expected"),
    [
        ([4, 3, 1], ["north", "south", "south"], "shared"),
        ([2, 2, 1], ["north", "south", "south"], "none"),
        ([3, 4, 2], ["north", "north", "south"], "north"),
        ([2, 4, 3], ["north", "south", "south"], "south"),
        ([2, 2, 3], ["north", "south", "other"], "other"),
        ([4, 2, 3], ["north", "south", "other"], "shared"),
        ([NAN, 3], ["north", "south"], "south"),
        ([NAN, NAN], ["north", "south"], None),
        ([], [], None),
    ],
)
def test_holders(levels, sides, expected):
    assert holders(levels, sides) == expected


@pytest.mark.parametrize(
    ("levels", "sides", "expected"),
    [
        ([4, 3, 1], ["north", "other", "south"], {"north", "other"}),
        ([2, 2, 1], ["north", "south", "south"], set()),
        ([NAN, 3], ["north", "south"], {"south"}),
        ([NAN, NAN], ["north", "south"], None),
        ([], [], None),
    ],
)
def test_holding_names_the_sides_that_decide(levels, sides, expected):
    assert holding(levels, sides) == expected


def test_side_gap_of_the_method():
    found = side_gap([4, 2, 2, 1, 2], ["north", "south", "south", "south", "north"])
    assert found == (3, near(5 / 3), near(1.333333), near(0.666667), near(0.833333), 2, 3)
    assert found._fields == ("north", "south", "gap", "delta", "superiority", "n_north", "n_south")
    assert side_gap([4, NAN, 4], ["north", "north", "other"]) == near((4, NAN, NAN, NAN, NAN, 1, 0))


@pytest.mark.parametrize(
    ("levels", "sides", "north", "south"),
    [([2], ["north"], 2, NAN), ([2], ["south"], NAN, 2), ([2], ["other"], NAN, NAN), ([], [], NAN, NAN)],
)
def test_side_gap_is_undefined_if_a_side_is_empty(levels, sides, north, south):
    found = side_gap(levels, sides)
    assert [found.north, found.south] == near([north, south])
    assert [found.gap, found.delta, found.superiority] == near([NAN, NAN, NAN])


@pytest.mark.parametrize(
    ("gap", "score"), [(1.333333, 66.66667), (-1.333333, 66.66667), (0, 100), (4, 0), (-4, 0), (NAN, NAN), (None, NAN)]
)
def test_balance(gap, score):
    assert balance(gap) == pytest.approx(score, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize("gap", [4.1, -5, math.inf, "1", True])
def test_balance_refuses_what_is_no_gap(gap):
    with pytest.raises(ValueError, match="gap: "):
        balance(gap)


@pytest.mark.parametrize(
    ("levels", "named"),
    [
        ([1, 5, 6], "5"),
        ([1, -1], "-1"),
        ([1, 2.5], "2.5"),
        ([1, 0.5], "0.5"),
        ([math.inf, 1], "inf"),
        ([1, "3"], "'3'"),
        (["1", "3"], "'1'"),
        (["x"], "'x'"),
        ([True, 2], "True"),
        ([1, False], "False"),
        (np.array([True, False]), "True"),
        (np.array([1, 9]), "9"),
        (pd.Series(["2", "3"]), "'2'"),
        (pd.Series([2, 7], dtype="Int64"), "7"),
        ([1 + 0j], r"\(1\+0j\)"),
    ],
)
@pytest.mark.parametrize("statistic", [gini, concentration, evenness, consensus])
def test_a_wrong_level_is_named(statistic, levels, named):
    with pytest.raises(ValueError, match=rf"^levels: {named} is not"):
        statistic(levels)


@pytest.mark.parametrize("statistic", [holders, side_gap])
@pytest.mark.parametrize(
    ("levels", "sides", "named"),
    [
        ([1, 2], ["north", "West"], "sides: 'West'"),
        ([1, 2], ["North", "south"], "sides: 'North'"),
        ([1, 2], ["north", None], "sides: None"),
        ([NAN, 2], [NAN, "south"], "sides: nan"),
        ([1, 2], [1, 2], "sides: 1 "),
        ([1, 7], ["north", "south"], "levels: 7"),
        ([1, 2], ["north"], "unequal lengths: levels 2, sides 1"),
    ],
)
def test_a_wrong_side_is_named(statistic, levels, sides, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        statistic(levels, sides)


@pytest.mark.parametrize(
    "levels",
    [
        [4, 2, NAN, 1, 1],
        (4, 2, None, 1, 1),
        np.array([4, 2, NAN, 1, 1], dtype=np.float32),
        np.array([4, 2, None, 1, 1], dtype=object),
        pd.Series([4, 2, pd.NA, 1, 1], dtype="Int8"),
        pd.Series([4, 2, NAN, 1, 1], index=[9, 8, 7, 6, 5]),
        pd.Series([4, 2, NAN, 1, 1], dtype="category"),
        pd.Index([4, 2, 1, 1]),
    ],
)
def test_any_sequence_of_levels_will_do(levels):
    assert gini(levels) == near(0.416667)


@given(st.lists(LEVELS, max_size=8))
@generated
def test_statistics_agree_with_their_definitions(levels):
    known = reference.present(levels)
    assert gini(levels) == near(reference.gini(known))
    assert consensus(levels) == near(reference.consensus(known))
    shares = [level / sum(known) for level in known] if len(known) > 1 and sum(known) else None
    n = len(known)
    assert concentration(levels) == near((sum(p * p for p in shares) - 1 / n) / (1 - 1 / n) if shares else NAN)
    entropy = -sum(p * math.log(p) for p in shares if p) / math.log(n) if shares else NAN
    assert evenness(levels) == near(entropy)


@given(st.lists(st.tuples(LEVELS, st.sampled_from(SIDES)), max_size=8), st.randoms())
@generated
def test_order_and_missing_levels_change_nothing(cells, random):
    mixed = [*cells, (NAN, "north"), (NAN, "south"), (NAN, "other")]
    random.shuffle(mixed)
    (levels, sides), (more, their) = ([list(part) for part in zip(*x, strict=True)] or [[], []] for x in (cells, mixed))
    for statistic in (gini, concentration, evenness, consensus):
        assert statistic(more) == near(statistic(levels))
    assert side_gap(more, their) == near(side_gap(levels, sides))
    assert holders(more, their) == holders(levels, sides)


@given(st.lists(st.tuples(LEVELS, st.sampled_from(SIDES)), max_size=8))
@generated
def test_swapping_the_sides_negates_the_gap(cells):
    levels, sides = [level for level, _ in cells], [side for _, side in cells]
    swapped = [{"north": "south", "south": "north"}.get(side, side) for side in sides]
    one, two = side_gap(levels, sides), side_gap(levels, swapped)
    assert two == near((one.south, one.north, -one.gap, -one.delta, 1 - one.superiority, one.n_south, one.n_north))
    assert balance(two.gap) == near(balance(one.gap))


def test_delta_counts_every_pair_of_small_groups():
    groups = [list(group) for size in (1, 2) for group in product(range(5), repeat=size)]
    for north, south in product(groups, groups):
        found = side_gap(north + south, ["north"] * len(north) + ["south"] * len(south))
        assert found.delta == near(reference.delta(north, south))
