"""Neither order nor the kind of a key says anything; a frame that cannot be right is refused."""

import json
import uuid

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from assessments.disclosure import release
from tests.disclosure.tables import cases, decision, examples, gaps, swapped, tables

MODES = ("by_side", "all_together", "named")


@pytest.mark.parametrize("mode", MODES)
@examples(15)
@given(case=cases())
def test_neither_the_order_of_rows_nor_rows_without_an_answer_change_anything(mode, case):
    before = json.dumps(release(case.ratings, case.ticks, mode))
    turned = case.ratings.sample(frac=1, random_state=1)
    assert json.dumps(release(turned, sorted(case.ticks, reverse=True), mode)) == before
    answers = case.ratings[case.ratings["level"].notna()]
    if set(answers["decision"]) == set(case.ratings["decision"]) and set(answers["partner"]) == set(
        case.ratings["partner"]
    ):
        assert json.dumps(release(answers, case.ticks, mode)) == before


@examples(40)
@given(case=cases())
def test_swapping_the_sides_negates(case):
    one, other = (release(frame, case.ticks, "by_side") for frame in (case.ratings, swapped(case.ratings)))
    for a, b in zip([*one["decisions"], one["assessment"]], [*other["decisions"], other["assessment"]], strict=True):
        assert a["north"] == (None if b["south"] is None else -b["south"])
        assert a["south"] == (None if b["north"] is None else -b["north"])
        assert a["difference"] == b["difference"]
    assert one["assessment"]["agreement"] == other["assessment"]["agreement"]
    assert one["cells"] == other["cells"]


def test_decisions_and_cells_come_in_the_order_of_their_keys_and_all_of_them():
    frame = tables(gaps(10, S2=1, S1=1), gaps(9, S3=1), gaps(2, S1=None))
    released = release(frame[frame["partner"].eq("N1") | frame["decision"].eq(9)], (), "all_together")
    assert [d["decision"] for d in released["decisions"]] == [2, 9, 10]
    assert [(c["decision"], c["partner"]) for c in released["cells"]] == [
        (d, p) for d in (2, 9, 10) for p in ("N1", "S1")
    ]


def test_keys_may_be_text_whole_numbers_categories_or_codes():
    frame = gaps(N1=2, S1=1, S2=0, S3=0)
    expected = release(frame, {"N1"}, "by_side")
    categories = frame.astype(dict.fromkeys(frame.columns.drop("level"), "category"))
    assert release(categories, {"N1"}, "by_side") == expected
    numbers = {name: i for i, name in enumerate(["N1", "S1", "S2", "S3"])}
    counted = frame.replace({"partner": numbers, "rater_partner": numbers, "rater": numbers}).infer_objects()
    assert release(counted, {np.int64(0)}, "by_side") == expected
    codes = {name: uuid.uuid5(uuid.NAMESPACE_URL, name) for name in numbers}
    coded = frame.assign(rater_partner=frame["rater_partner"].map(codes), decision=codes["N1"])
    assert decision(release(coded, {codes["N1"]}, "by_side"), str(codes["N1"]))["north"] == 2.0


def test_levels_may_be_nullable_whole_numbers():
    frame = gaps(N1=2, S1=1, S2=0, S3=None)
    assert release(frame.astype({"level": "Int64"}), {"N1"}, "by_side") == release(frame, {"N1"}, "by_side")


@pytest.mark.parametrize(
    ("column_name", "value"),
    [("level", 5), ("level", -1), ("level", 2.5), ("level", np.inf), ("partner_side", "east"), ("rater_side", "North")],
)
def test_a_value_that_cannot_be_right_is_refused_by_its_column(column_name, value):
    frame = gaps(S1=1, S2=1, S3=1)
    release(frame, (), "by_side")
    frame.loc[1, column_name] = value
    with pytest.raises(ValueError, match=f"^{column_name}: .*{value}"):
        release(frame, (), "by_side")


@pytest.mark.parametrize("column_name", ["assessment", "decision", "partner", "rater", "rater_partner"])
def test_a_missing_key_or_column_is_refused(column_name):
    frame = gaps(S1=1, S2=1, S3=1)
    with pytest.raises(ValueError, match=f"^{column_name}: the column"):
        release(frame.drop(columns=column_name), (), "by_side")
    frame[column_name] = frame[column_name].where(frame.index != 1, None)
    with pytest.raises(ValueError, match=f"^{column_name}: a value is missing"):
        release(frame, (), "by_side")


def test_two_assessments_duplicates_turncoats_and_unknown_modes_are_refused():
    frame = gaps(S1=1, S2=1, S3=1)
    wrong = {
        "assessment": pd.concat([frame, frame.assign(assessment="A2")]),
        "rater": pd.concat([frame, frame]),
        "partner_side": tables(frame, gaps("D2", S1=1).assign(partner_side="north")),
        "rater_side": tables(frame, gaps("D2", S1=1).assign(rater_side="north")),
        "rater_partner": tables(frame, gaps("D2", S1=1).assign(rater_partner="S2")),
    }
    for name, refused in wrong.items():
        with pytest.raises(ValueError, match=f"^{name}: "):
            release(refused, (), "by_side")
    with pytest.raises(ValueError, match=r"^mode: 'by-side'"):
        release(frame, (), "by-side")
