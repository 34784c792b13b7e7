"""Scores of private ratings: prescribed values, undefined columns, several raters as one voice, the slow reference."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import agreement, score_perceptions
from assessments.scoring.perceptions import COLUMNS
from tests.scoring import reference
from tests.scoring.generated import assert_same, generated, ratings_frames, swap_sides

NAN = math.nan
WORDS = {"N": "north", "S": "south", "O": "other"}


def ratings(table, decision="D"):
    """Rows of one decision from {rater: {partner: level}}; a name's first letter is its side, 'S1.b' rates for S1."""
    rows = [
        ("A", decision, partner, WORDS[partner[0]], rater, rater.split(".")[0], WORDS[rater[0]], level)
        for rater, given_levels in table.items()
        for partner, level in given_levels.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def by_three(north, south1, south2):
    """Ratings of N, S1, S2 by N, S1, S2."""
    partners = ("N", "S1", "S2")
    lines = {"N": north, "S1": south1, "S2": south2}
    return {rater: dict(zip(partners, levels, strict=True)) for rater, levels in lines.items()}


METHOD = by_three([4, 2, 1], [3, 3, 2], [4, 3, 3])


def test_the_columns_of_the_method():
    scores = score_perceptions(ratings(METHOD))
    seen = ["seen_by_north", "seen_by_south", "perception_gap"]
    assert list(scores.decisions) == ["assessment", "decision", *seen, "n_north", "n_south"]
    assert list(scores.assessments) == ["assessment", *seen, "agreement"]
    assert list(scores.own_gaps) == ["assessment", "decision", "rater_partner", "rater_side", "own_gap"]
    counts = [f"count_{level}" for level in range(5)]
    assert list(scores.cells) == ["assessment", "decision", "partner", "n", "mean", "median", *counts, "consensus"]
    assert list(scores.partners) == ["assessment", "partner", "self_gap"]


def test_oracle_of_the_method():
    scores = score_perceptions(ratings(METHOD))
    assert list(scores.decisions.iloc[0]) == ["A", "D", 2.5, 0.75, 1.75, 1, 2]
    assert list(scores.assessments.iloc[0])[:4] == ["A", 2.5, 0.75, 1.75]
    assert list(scores.partners.self_gap) == [0.5, 0.5, 1.5]
    assert list(scores.own_gaps.own_gap) == [2.5, 0.5, 1]
    assert list(scores.own_gaps.rater_side) == ["north", "south", "south"]


def test_several_raters_are_one_voice_and_their_median_keeps_its_half():
    table = {"N.a": {"N": 4, "S1": 0}, "N.b": {"N": 3, "S1": 1}, "S1": {"N": 4, "S1": 2}}
    scores = score_perceptions(ratings(table))
    assert list(scores.own_gaps.own_gap) == [3, 2]
    south = scores.cells.set_index("partner").loc["S1"]
    assert (south.n, south["mean"], south["median"]) == (2, 1.25, 1.25)
    assert [south[f"count_{level}"] for level in range(5)] == [1, 0, 1, 0, 0]
    assert south.consensus == pytest.approx(1 + np.log2(1 - 0.75 / 4))
    assert scores.assessments.agreement[0] == pytest.approx(agreement([[3.5, 0.5], [4, 2]]))


def test_three_raters_of_one_organisation_have_a_middle():
    table = {f"N.{i}": {"N": 4, "S1": level} for i, level in enumerate([0, 1, 4])}
    assert list(score_perceptions(ratings(table)).own_gaps.own_gap) == [3]


def test_organisations_of_neither_side_count_in_cells_and_agreement_but_see_for_no_side():
    with_donor = METHOD | {"O": {"N": 0, "S1": 4, "S2": 4}}
    one, two = score_perceptions(ratings(METHOD)), score_perceptions(ratings(with_donor))
    pd.testing.assert_frame_equal(one.decisions, two.decisions)
    assert list(two.own_gaps.own_gap) == [2.5, -4, 0.5, 1]
    assert list(two.cells.n) == [4, 4, 4]
    assert two.assessments.agreement[0] < one.assessments.agreement[0]


def test_an_assessments_view_averages_organisations_not_decisions():
    first = ratings({"S1": {"N": 4, "S1": 0}, "S2": {"N": 1, "S1": 1}}, "D1")
    second = ratings({"S1": {"N": 2, "S1": 0}}, "D2")
    assert score_perceptions(pd.concat([first, second])).assessments.seen_by_south[0] == 1.5


@pytest.mark.parametrize(
    ("table", "undefined"),
    [
        ({"N": {"N": NAN, "S1": NAN}}, {"seen_by_north", "seen_by_south", "perception_gap"}),
        ({"N": {"N": 4, "S1": NAN}}, {"seen_by_north", "seen_by_south", "perception_gap"}),
        ({"N": {"N": 4, "S1": 0}}, {"seen_by_south", "perception_gap"}),
        ({"S1": {"N": 4, "S1": 0}}, {"seen_by_north", "perception_gap"}),
        ({"O": {"N": 4, "S1": 0}}, {"seen_by_north", "seen_by_south", "perception_gap"}),
        ({"N": {"N": 4, "S1": 0}, "S1": {"N": 4, "S1": 0}}, set()),
    ],
)
def test_undefined_views_are_missing(table, undefined):
    scores = score_perceptions(ratings(table))
    for frame in (scores.decisions, scores.assessments):
        columns = ["seen_by_north", "seen_by_south", "perception_gap"]
        assert {name for name in columns if math.isnan(frame.loc[0, name])} == undefined
    counted = [scores.decisions.loc[0, "n_north"] == 0, scores.decisions.loc[0, "n_south"] == 0]
    assert counted == ["seen_by_north" in undefined, "seen_by_south" in undefined]


def test_an_organisation_that_rated_one_side_only_has_a_missing_own_gap():
    scores = score_perceptions(ratings({"N": {"N": 4, "S1": 1}, "S1": {"N": 4}, "S2": {"N": NAN, "S1": NAN}}))
    assert list(scores.own_gaps.rater_partner) == ["N", "S1"]
    assert list(scores.own_gaps.own_gap) == pytest.approx([3, NAN], nan_ok=True)


def test_a_cell_that_nobody_answered_stays_and_is_missing():
    cells = score_perceptions(ratings({"N": {"N": 3, "S1": NAN}})).cells
    assert list(cells.n) == [1, 0]
    assert list(cells["mean"]) == pytest.approx([3, NAN], nan_ok=True)
    assert list(cells["median"]) == pytest.approx([3, NAN], nan_ok=True)
    assert list(cells.count_0) == [0, 0]
    assert cells.consensus.isna().all()  # one voice does not agree with itself


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"N": {"N": 4}, "S1": {"N": 2}}, [2]),
        ({"N": {"N": 4}}, [NAN]),
        ({"S1": {"N": 4}}, [NAN]),
        ({"N": {"N": NAN}, "S1": {"N": 4}}, [NAN]),
        ({"N": {"N": 4}, "S1": {"N": NAN}}, [NAN]),
        ({"N.a": {"N": 4}, "N.b": {"N": 1}, "S1": {"N": 1}, "S2": {"N": 2}}, [1]),
    ],
)
def test_a_self_gap_needs_the_own_and_another_level(table, expected):
    assert list(score_perceptions(ratings(table)).partners.self_gap) == pytest.approx(expected, nan_ok=True)


def test_self_gaps_are_averaged_over_the_decisions_that_have_both():
    parts = [{"N": {"N": 4}, "S1": {"N": 1}}, {"N": {"N": 3}, "S1": {"N": 2}}, {"N": {"N": 0}}]
    frame = pd.concat([ratings(table, f"D{i}") for i, table in enumerate(parts)])
    assert list(score_perceptions(frame).partners.self_gap) == [2]


@pytest.mark.parametrize(
    "table", [{"N": {"N": 4, "S1": 1}}, {"N": {"N": 2}, "S1": {"N": 2}}, {"N": {"N": 2}, "S1": {"S1": 3}}]
)
def test_agreement_is_undefined_without_variation_or_a_second_voice(table):
    assert math.isnan(score_perceptions(ratings(table)).assessments.agreement[0])


@given(ratings_frames())
@generated
def test_the_slow_reference_agrees(frame):
    if len(frame):
        scores = score_perceptions(frame)
        expected = reference.score_perceptions(frame.to_dict("records"))
        empty = {"own_gaps": scores.own_gaps[:0]}  # nobody answered anything
        found = {name: pd.DataFrame(rows) if rows else empty[name] for name, rows in expected.items()}
        assert_same(scores, found)


@given(ratings_frames(), st.randoms())
@generated
def test_permuting_raters_changes_nothing(frame, random):
    raters = sorted(set(frame.rater))
    order = random.sample(raters, len(raters))
    names = dict(zip(raters, [f"x{i}" for i in range(len(order))], strict=True))
    renamed = frame.assign(rater=frame.rater.map(names))
    assert_same(score_perceptions(frame), score_perceptions(renamed.sample(frac=1, random_state=random.randrange(99))))


@given(ratings_frames())
@generated
def test_swapping_all_sides_swaps_and_negates_the_views(frame):
    scores = score_perceptions(frame)
    turned = {"cells": scores.cells, "partners": scores.partners}
    for name in ("decisions", "assessments"):
        one = getattr(scores, name)
        turned[name] = one.assign(seen_by_north=-one.seen_by_south, seen_by_south=-one.seen_by_north)
    turned["decisions"] = turned["decisions"].assign(n_north=scores.decisions.n_south, n_south=scores.decisions.n_north)
    turned["own_gaps"] = swap_sides(scores.own_gaps).assign(own_gap=-scores.own_gaps.own_gap)
    assert_same(score_perceptions(swap_sides(frame)), turned)


def test_the_same_answers_from_the_other_side_negate_the_perception_gap():
    same = by_three([4, 1, 1], [2, 1, 1], [2, 1, 1])
    other = by_three([2, 1, 1], [4, 1, 1], [4, 1, 1])
    one, two = (score_perceptions(ratings(table)) for table in (same, other))
    assert one.decisions.perception_gap[0] == -two.decisions.perception_gap[0] == 2
    assert one.assessments.perception_gap[0] == -two.assessments.perception_gap[0] == 2


@given(ratings_frames())
@generated
def test_a_missing_answer_changes_nothing(frame):
    silent = frame.assign(rater=frame.rater + " again", level=NAN).drop_duplicates(
        ["assessment", "decision", "partner", "rater"]
    )
    stranger = silent.assign(rater="stranger", rater_partner="stranger", rater_side="south").drop_duplicates(
        ["assessment", "decision", "partner"]
    )
    assert_same(score_perceptions(frame), score_perceptions(pd.concat([silent, frame, stranger])))


@given(ratings_frames())
@generated
def test_agreement_is_that_of_organisations_on_cells(frame):
    scores = score_perceptions(frame)
    for row in scores.assessments.itertuples():
        here = frame[frame.assessment == row.assessment]
        matrix = here.pivot_table("level", "rater_partner", ["decision", "partner"], aggfunc="median")
        assert row.agreement == pytest.approx(agreement(matrix), abs=1e-9, nan_ok=True)
