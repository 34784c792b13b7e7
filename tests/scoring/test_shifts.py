"""Shift between two assessments: prescribed values, undefined cases, refusals."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import shift
from tests.scoring.example import near
from tests.scoring.generated import generated

NAN = math.nan


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
