"""The example assessment, as published: its headline values, and every table as it was when looked at."""

from collections import Counter

import pandas as pd
import pytest

from assessments.scoring import holding, score_agreed, score_perceptions
from tests.scoring import reference
from tests.scoring.example import DATA, read
from tests.scoring.generated import assert_same, frames


@pytest.fixture(scope="module")
def agreed(sides):
    frame = read("agreed")
    return frame.assign(partner_side=frame.partner.map(sides))


@pytest.fixture(scope="module")
def ratings(sides):
    frame = read("ratings")
    return frame.assign(partner_side=frame.partner.map(sides), rater_side=frame.rater_partner.map(sides))


def near(value):
    return pytest.approx(value, abs=5e-7)


def test_headlines(agreed, ratings):
    group = score_agreed(agreed).assessments.iloc[0]
    assert (group.gap, group.balance) == near((1.983333, 38.75))
    views = score_perceptions(ratings).assessments.iloc[0]
    assert (views.seen_by_north, views.seen_by_south, views.agreement) == near((1.345833, 2.357778, 0.858241))


def test_who_decides_in_the_example(agreed):
    found = Counter(
        "".join(side[0] for side in sorted(holding(group.actual, group.partner_side) or ()))
        for _decision, group in agreed.groupby("decision")
    )
    assert found == {"n": 7, "no": 3, "s": 2}


def test_the_slow_reference_agrees(agreed, ratings):
    for fast, slow, frame in (
        (score_agreed, reference.score_agreed, agreed),
        (score_perceptions, reference.score_perceptions, ratings),
    ):
        expected = {name: pd.DataFrame(rows) for name, rows in slow(frame.to_dict("records")).items()}
        assert_same(fast(frame), expected)


@pytest.mark.parametrize("name", ["decisions", "assessments", "partners"])
def test_golden_tables_of_agreed_levels(agreed, name):
    check(f"agreed_{name}", frames(score_agreed(agreed))[name])


@pytest.mark.parametrize("name", ["decisions", "assessments", "own_gaps", "cells", "partners"])
def test_golden_tables_of_perceptions(ratings, name):
    check(f"perceptions_{name}", frames(score_perceptions(ratings))[name])


def check(name, frame):
    """Compare with tests/data/golden, written once by `frame.round(6).to_csv(…, index=False)` and read by eye."""
    golden = pd.read_csv(DATA / "golden" / f"{name}.csv")
    pd.testing.assert_frame_equal(frame, golden, check_dtype=False, rtol=0, atol=5e-7)
