"""Agreement: the published values, the undefined cases, and the vectorised α against the package."""

import math

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import agreement
from assessments.scoring.alpha import agreements
from tests.scoring.generated import generated

NAN = math.nan
THREE = [[4, 3, 2, 1, 0], [4, 3, 2, 2, 0], [4, 2, 2, 1, 1]]
KRIPPENDORFF_C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


@pytest.mark.parametrize(("matrix", "alpha"), [(THREE, 0.878491), (KRIPPENDORFF_C, 0.815388)])
def test_oracles(matrix, alpha):
    assert agreement(matrix) == pytest.approx(alpha, abs=5e-7)
    assert agreement(np.array(matrix)) == agreement(pd.DataFrame(matrix)) == agreement(matrix)


def test_any_numbers_in_the_same_order_agree_as_much():
    assert agreement(np.array(THREE) * 0.5 - 7) == pytest.approx(agreement(THREE))


@pytest.mark.parametrize(
    "matrix",
    [
        [],
        [[]],
        [[1, 2, 3]],
        [[1, NAN], [NAN, 2]],
        [[2, 2], [2, 2]],
        [[2, 1, NAN], [2, NAN, 3]],
        [[NAN, NAN], [NAN, NAN]],
    ],
)
def test_no_variation_or_no_unit_with_two_raters_is_undefined(matrix):
    assert math.isnan(agreement(matrix))


@pytest.mark.parametrize("matrix", [[[1, math.inf], [1, 2]], [["1"], [2]], [[True], [False]]])
def test_only_finite_numbers_are_compared(matrix):
    with pytest.raises(ValueError, match=r"^matrix: "):
        agreement(matrix)


def test_raters_must_have_equally_many_units():
    with pytest.raises(ValueError, match=r"^matrix: raters must have equally many units"):
        agreement([[1, 2], [1]])


counted_units = st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=5)


def by_the_package(units):
    counts = np.array(units)
    counts = counts[counts.sum(1) > 1]
    if not len(counts) or (counts.sum(0) > 0).sum() < 2:
        return NAN
    return krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal")


@given(st.lists(counted_units, min_size=1, max_size=4))
@generated
def test_many_groups_at_once_agree_with_the_package(groups):
    counts = np.array([unit for units in groups for unit in units])
    group = np.repeat(np.arange(len(groups)), [len(units) for units in groups])
    expected = [by_the_package(units) for units in groups]
    assert agreements(counts, group) == pytest.approx(expected, abs=1e-12, nan_ok=True)
