"""Pooled means and leading shares: prescribed values, undefined cases, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assessments.scoring import leading_share, pooled
from tests.scoring.example import near
from tests.scoring.generated import generated

NAN = math.nan
VALUES = [2, 1.5, 1, 0.5, 2.5, -0.5, 1, 0]
numbers = st.one_of(st.sampled_from([-2, 0, 0.5, 1, 4, NAN]), st.floats(-4, 4).map(lambda x: round(x, 3)))


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
