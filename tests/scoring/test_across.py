"""Shift between two assessments, pooled means and leading shares: prescribed values, undefined cases, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assessments.scoring import leading_share, pooled, shift
from tests.scoring.example import near
from tests.scoring.generated import generated

NAN = math.nan
VALUES = [2, 1.5, 1, 0.5, 2.5, -0.5, 1, 0]


def test_shift_of_the_method():
    found = shift([1, 0, 2, 1, 3, 1], [2, 2, 2, 1, 2, 3])
    assert found == near((6, 0.666667, 3, 2, 1, 0.333333, 0.7, NAN))
    assert found._fields == ("n", "mean", "up", "same", "down", "net", "rank_biserial", "progress")


def test_power_that_moves_has_mean_zero_and_full_progress():
    found = shift([4, 0], [2, 2], [2, 2])
    assert (found.mean, found.progress) == near((0, 1))


def test_shift_takes_only_pairs_and_progress_only_triples():
    found = shift([1, NAN, 2, 0], [2, 3, NAN, 4], [NAN, 4, 4, 2])
    assert found == near((2, 2.5, 2, 0, 0, 1, 1, 2))


def test_going_the_wrong_way_is_negative_progress():
    assert shift([2, 2], [3, 3], [0, 2]).progress == near(-0.5)


def test_shift_without_a_pair_is_undefined():
    for before, after in ([], []), ([NAN, 1], [1, NAN]):
        assert shift(before, after, after) == near((0, NAN, 0, 0, 0, NAN, NAN, NAN))


def test_shift_without_change_has_no_rank_correlation():
    assert shift([1, 2], [1, 2], [2, 2]) == near((2, 0, 0, 2, 0, 0, NAN, 0))


def test_progress_is_undefined_if_nothing_was_desired():
    assert math.isnan(shift([1, 2], [2, 2], [1, 2]).progress)
    assert math.isnan(shift([1, 2], [2, 2], [NAN, NAN]).progress)


def test_a_difference_of_rounding_is_no_change():
    found = shift([0.1 + 0.2, 1], [0.3, 2], [0.3, 2])
    assert (found.up, found.same, found.down, found.progress) == near((1, 1, 0, 1))
    assert shift([0.1, 0.3, 1], [0.3, 0.1, 1.2]).rank_biserial == near(1 / 3)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (([math.inf], [1]), "before: inf"),
        (([1], ["1"]), "after: '1'"),
        (([1], [2], [True]), "desired: True"),
        (([1, 2], [1]), "unequal lengths: before 2, after 1"),
        (([1, 2], [1, 2], [1]), "unequal lengths: before 2, after 2, desired 1"),
    ],
)
def test_shift_refuses(arguments, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        shift(*arguments)


numbers = st.one_of(st.sampled_from([-2, 0, 0.5, 1, 4, NAN]), st.floats(-4, 4).map(lambda x: round(x, 3)))


@given(st.lists(st.tuples(numbers, numbers), max_size=10))
@generated
def test_going_back_negates_the_shift(pairs):
    before, after = [b for b, _ in pairs], [a for _, a in pairs]
    there, back = shift(before, after), shift(after, before)
    assert (back.mean, back.net, back.rank_biserial) == near((-there.mean, -there.net, -there.rank_biserial))
    assert (back.up, back.same, back.down) == (there.down, there.same, there.up)


def test_pooled_of_the_method():
    assert pooled(VALUES) == near((8, 1, 1, 0.163979, 1.836021))
    assert pooled([*VALUES, NAN, None]) == pooled(VALUES)
    assert pooled(VALUES)._fields == ("n", "mean", "sd", "low", "high")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0, NAN, NAN, NAN, NAN)),
        ([NAN], (0, NAN, NAN, NAN, NAN)),
        ([2], (1, 2, NAN, NAN, NAN)),
        ([1, 2, 3, 4], (4, 2.5, 1.290994, NAN, NAN)),
        ([0.1] * 6, (6, 0.1, 0, NAN, NAN)),
    ],
)
def test_pooled_gives_no_interval_below_five_or_without_variation(values, expected):
    assert pooled(values) == near(expected)


def test_pooled_interval_from_five_on():
    found = pooled([1, 2, 3, 4, 5])
    assert (found.low, found.high) == near(stats.t.interval(0.95, 4, 3, stats.sem([1, 2, 3, 4, 5])))


def test_leading_share_of_the_method():
    found = leading_share([1] * 10 + [-1] * 2)
    assert found == (10, 12, 0, near(0.833333), near(0.551969), near(0.953035), near(0.038574))
    assert found._fields == ("k", "n", "ties", "share", "low", "high", "p_value")


def test_leading_share_drops_ties_and_missing_gaps():
    found = leading_share([2, 0, 1e-10, -1e-10, NAN, -1, 0.5])
    assert found[:4] == (2, 3, 3, near(2 / 3))
    assert leading_share([2e-9, -2e-9]).n == 2


@pytest.mark.parametrize(("gaps", "ties"), [([], 0), ([NAN], 0), ([0, 0.0, 1e-12], 3)])
def test_leading_share_is_undefined_if_nothing_is_left(gaps, ties):
    assert leading_share(gaps) == near((0, 0, ties, NAN, NAN, NAN, NAN))


@given(st.lists(numbers, max_size=15))
@generated
def test_the_other_side_leads_the_rest(gaps):
    one, two = leading_share(gaps), leading_share([-gap for gap in gaps])
    assert two == near((one.n - one.k, one.n, one.ties, 1 - one.share, 1 - one.high, 1 - one.low, one.p_value))


@pytest.mark.parametrize("values", [[1, math.inf], [-math.inf], ["2"], [True], np.array([True])])
@pytest.mark.parametrize(("statistic", "column"), [(pooled, "values"), (leading_share, "gaps")])
def test_only_finite_numbers_are_pooled(statistic, column, values):
    with pytest.raises(ValueError, match=f"^{column}: "):
        statistic(values)
