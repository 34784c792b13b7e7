"""What leaves the private ratings, by the method's §4: rule by rule, on tables small enough to check by hand."""

import json

import numpy as np
import pytest
from hypothesis import given

from assessments.disclosure import coarse_gap, release
from tests.disclosure.plain import plain_release
from tests.disclosure.tables import cases, decision, examples, gaps, ratings, table, tables

MODES = ("by_side", "all_together", "named")
HIDDEN = {"north": None, "south": None, "difference": None}
HALF_STEPS = [None, *(x / 2 for x in range(-6, 7))]
TENTHS = [None, *(x / 10 for x in range(-30, 31))]


def bands(released):
    return {cell["partner"]: cell["band"] for cell in released["cells"]}


def column(*levels):
    """Return ratings of the partner N1 by as many Southern organisations as there are levels."""
    return table("N1", {f"S{i + 1}": [level] for i, level in enumerate(levels)})


# The structure


def assert_on_the_whitelist(released, asked):
    text = json.dumps(released, allow_nan=False)
    assert json.loads(text) == released
    assert "-0.0" not in text
    assert released["mode"] in (asked, "all_together") if asked == "by_side" else released["mode"] == asked
    named = {"medians", "self_gaps"} if released["mode"] == "named" else set()
    assert released.keys() == {"mode", "decisions", "assessment", "cells"} | named
    for row in released["decisions"]:
        assert row.keys() == {"decision", "north", "south", "difference"}
        assert row["north"] in HALF_STEPS
        assert row["south"] in HALF_STEPS
        assert row["difference"] == (None if None in (row["north"], row["south"]) else row["north"] - row["south"])
    summary = released["assessment"]
    assert summary.keys() == {"north", "south", "difference", "agreement", "answered"}
    assert summary["north"] in TENTHS
    assert summary["south"] in TENTHS
    assert summary["difference"] is None or round(summary["difference"], 1) == summary["difference"]
    assert summary["agreement"] is None or round(summary["agreement"], 1) == summary["agreement"] <= 1
    if released["mode"] == "all_together":
        assert [{k: v for k, v in row.items() if k != "decision"} for row in released["decisions"]] == [HIDDEN] * len(
            released["decisions"]
        )
        assert {k: summary[k] for k in HIDDEN} | {"agreement": summary["agreement"]} == HIDDEN | {"agreement": None}
        assert summary["answered"].keys() == {"all"}
        assert isinstance(summary["answered"]["all"], int)
    else:
        assert summary["answered"].keys() == {"north", "south"}
        assert released["cells"] == []
    for cell in released["cells"]:
        assert cell.keys() == {"decision", "partner", "band"}
        assert cell["band"] in (None, "0–1", "2", "3–4")


@pytest.mark.parametrize("mode", MODES)
@examples(40)
@given(case=cases())
def test_only_whitelisted_keys_and_values_leave(mode, case):
    assert_on_the_whitelist(release(case.ratings, case.ticks, mode), mode)


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_assessment_shows_nothing(mode):
    released = release(ratings([]), (), mode)
    assert_on_the_whitelist(released, mode)
    assert (released["decisions"], released["cells"]) == ([], [])


@pytest.mark.parametrize("mode", ["by_side", "all_together"])
@examples(60)
@given(case=cases())
def test_it_is_what_the_rules_say_in_whole_fractions(mode, case):
    released = release(case.ratings, case.ticks, mode)
    del released["assessment"]["agreement"]
    assert released == plain_release(case.ratings, case.ticks, mode)


@pytest.mark.parametrize("mode", ["by_side", "all_together"])
def test_if_nobody_answered_all_questions_are_listed_and_nothing_is_shown(mode):
    released = release(gaps(N1=1, S1=1).assign(level=np.nan), {"N1", "S1"}, mode)
    assert released["mode"] == "all_together"
    assert released["assessment"]["answered"] == {"all": 0}
    assert [decision(released)["north"], *bands(released).values()] == [None, None, None]


# The coarse gap


@pytest.mark.parametrize(
    ("gap", "coarse"),
    [
        (0.2, 0.0), (0.25, 0.0), (0.26, 0.5), (0.75, 1.0), (1 / 3, 0.5), (2.25, 2.0), (2.75, 3.0), (3.0, 3.0),
        (4.0, 3.0), (-0.25, 0.0), (-0.75, -1.0), (-4.0, -3.0), (0.1 + 0.2 - 0.05, 0.0), (np.nan, np.nan),
    ],
)  # fmt: skip
def test_a_gap_is_rounded_to_half_steps_and_cut(gap, coarse):
    np.testing.assert_array_equal(coarse_gap([gap]), [coarse])
    assert not np.signbit(coarse_gap([gap]))[0] or coarse < 0


def test_an_own_gap_is_north_minus_south_of_the_organisations_medians():
    frame = table("N1 N2 S1 S2 O1", {"S1.a": [4, 3, 0, None, 4], "S1.b": [3, 3, 1, 2, 4], "S2": [2, None, 1, 0, 0]})
    # S1: N (3.5 + 3) / 2, S (.5 + 2) / 2, so 2; S2: 2 − .5; their mean 1.75 is a tie, and goes to 2
    assert decision(release(frame, {"S1", "S2"}, "by_side"))["south"] == 2.0


@pytest.mark.parametrize("unrated", ["N1", "S1"])
def test_without_a_rating_of_both_sides_there_is_no_gap(unrated):
    frame = gaps(S1=1, S2=1, S3=1)
    assert decision(release(frame, (), "by_side"))["south"] == 1.0
    frame.loc[(frame["rater"] == "S3") & (frame["partner"] == unrated), "level"] = np.nan
    assert decision(release(frame, (), "by_side"))["south"] is None


# Rules 1–3: which side is shown


def test_three_organisations_show_their_side_and_two_do_not():
    assert decision(release(gaps(S1=3, S2=1, S3=1), (), "by_side"))["south"] == 1.5
    assert decision(release(gaps(S1=3, S2=1), (), "by_side"))["south"] is None


def test_several_raters_of_one_organisation_are_one():
    frame = table("N1 S1", {"S1": [2, 1], "S2.a": [2, 1], "S2.b": [2, 1]})
    assert decision(release(frame, (), "by_side"))["south"] is None


def test_k_can_only_be_raised():
    frame = gaps(S1=3, S2=1, S3=1)
    assert decision(release(frame, (), "by_side", k=3))["south"] == 1.5
    assert decision(release(frame, (), "by_side", k=4))["south"] is None
    with pytest.raises(ValueError, match="raised"):
        release(frame, (), "by_side", k=2)


def test_a_small_side_is_shown_if_all_of_it_ticked():
    frame = gaps(N1=2, N2=1, S1=1, S2=1, S3=1)
    assert decision(release(frame, {"N1", "N2"}, "by_side")) == {
        "decision": "D1",
        "north": 1.5,
        "south": 1.0,
        "difference": 0.5,
    }
    assert decision(release(frame, {"N1"}, "by_side")) == {
        "decision": "D1",
        "north": None,
        "south": 1.0,
        "difference": None,
    }


def test_an_organisation_without_an_answer_needs_no_tick_and_one_with_any_answer_does():
    silent = tables(gaps(N1=2, N2=None, S1=1, S2=1, S3=1))
    silent.loc[silent["rater"] == "N2", "level"] = np.nan
    assert decision(release(silent, {"N1"}, "by_side"))["north"] == 2.0
    elsewhere = tables(silent, gaps("D2", N2=2))
    assert decision(release(elsewhere, {"N1"}, "by_side"))["north"] is None
    partly = silent.copy()
    partly.loc[(partly["rater"] == "N2") & (partly["partner"] == "S1"), "level"] = 3
    assert decision(release(partly, {"N1"}, "by_side"))["north"] is None


def test_a_refusal_does_not_hide_the_other_side():
    frame = gaps(N1=2, S1=1)
    shown = {
        side: decision(release(frame, ticks, "by_side"))[side] for side, ticks in (("north", {"N1"}), ("south", {"S1"}))
    }
    assert shown == {"north": 2.0, "south": 1.0}


def test_a_side_is_judged_decision_by_decision():
    frame = tables(gaps(S1=3, S2=3, S3=3), gaps("D2", S1=3, S2=3))
    released = release(frame, (), "by_side")
    assert (decision(released)["south"], decision(released, "D2")["south"]) == (3.0, None)


def test_other_organisations_have_no_side_to_show():
    frame = gaps(O1=1, O2=1, O3=1, S1=2)
    assert release(frame, {"O1", "O2", "O3"}, "by_side")["mode"] == "all_together"


def test_by_side_falls_back_to_all_together_only_if_no_side_is_shown_anywhere():
    frame = tables(gaps(N1=2, N2=2, S1=1, S2=1, O1=0), gaps("D2", N1=2, N2=2, S1=1, S2=1, O1=0))
    fallen = release(frame, {"N1"}, "by_side")
    assert fallen == release(frame, {"N1"}, "all_together")
    assert {cell["band"] for cell in fallen["cells"]} == {"0–1"}
    third = gaps("D2", S3=1)
    sides = release(tables(frame, third), {"N1"}, "by_side")
    assert (sides["mode"], sides["cells"]) == ("by_side", [])
    assert [d["south"] for d in sides["decisions"]] == [None, 1.0]


# By side: the numbers


def test_the_difference_is_of_the_shown_numbers():
    frame = gaps(N1=1, N2=1, N3=2, S1=0, S2=0, S3=2)  # 4/3 and 2/3 are shown as 1.5 and .5, the difference as 1, not .5
    assert decision(release(frame, (), "by_side")) == {"decision": "D1", "north": 1.5, "south": 0.5, "difference": 1.0}


def test_the_assessment_averages_shown_numbers_to_one_decimal():
    frame = tables(
        gaps(N1=1, N2=1, N3=2, S1=0, S2=0, S3=2),
        gaps("D2", N1=3, N2=3, N3=3, S1=0, S2=0),
        gaps("D3", N1=4, N2=4, N3=4, S1=-4, S2=-4, S3=-4),
    )
    summary = release(frame, (), "by_side")["assessment"]
    assert summary["north"] == 2.5  # of 1.5, 3, 3
    assert summary["south"] == -1.2  # of .5, −3: −1.25, ties to even
    assert summary["difference"] == 3.5  # of 1 and 6, where both are shown
    assert summary["answered"] == {"north": 3, "south": 3}


def test_the_agreement_is_alpha_over_the_coarse_gaps_of_shown_sides():
    raters = {
        "S1": [3, 2, 1, 0, -1],
        "S2": [3, 2, 1, 1, -1],
        "S3": [3, 1, 1, 0, 0],
    }  # the method's .878491, one level lower
    frame = tables(*(gaps(f"D{i}", **{r: c[i] for r, c in raters.items()}) for i in range(5)))
    assert release(frame, (), "by_side")["assessment"]["agreement"] == 0.9
    contrary = tables(frame, *(gaps(f"D{i}", N1=-raters["S1"][i]) for i in range(5)))
    assert release(contrary, (), "by_side")["assessment"]["agreement"] == 0.9
    assert release(contrary, {"N1"}, "by_side")["assessment"]["agreement"] < 0.9


def test_nothing_is_said_of_a_side_that_no_decision_shows():
    released = release(gaps(N1=2, S1=1, S2=1, S3=1), (), "by_side")["assessment"]
    assert released == {
        "north": None,
        "south": 1.0,
        "difference": None,
        "agreement": None,
        "answered": {"north": None, "south": 3},
    }


def test_a_zero_has_no_sign():
    frame = gaps(S1=-1, S2=0, S3=0, S4=0, S5=0)
    assert json.dumps(decision(release(frame, (), "by_side"))["south"]) == "0.0"


# All together: the bands


def test_a_cell_needs_five_organisations():
    assert bands(release(column(3, 3, 3, 3, 3), (), "all_together")) == {"N1": "3–4"}
    assert bands(release(column(3, 3, 3, 3, None), (), "all_together")) == {"N1": None}
    pair = table("N1", {"S1.a": [3], "S1.b": [3], "S2": [3], "S3": [3], "S4": [3]})
    assert bands(release(pair, (), "all_together")) == {"N1": None}


@pytest.mark.parametrize(
    ("levels", "band"),
    [
        ((0, 0, 0, 4, 4), "0–1"), ((0, 0, 1, 4, 4), "0–1"), ((0, 0, 2, 4, 4), "2"), ((0, 0, 3, 4, 4), "3–4"),
        ((0, 0, 4, 4, 4), "3–4"), ((0, 0, 1, 2, 4, 4), "0–1"), ((0, 0, 2, 3, 4, 4), "2"),
    ],
)  # fmt: skip
def test_a_band_holds_the_lower_median(levels, band):
    assert bands(release(column(*levels), (), "all_together")) == {"N1": band}


@pytest.mark.parametrize(("pair", "band"), [((1, 2), "0–1"), ((2, 3), "2"), ((3, 4), "3–4")])
def test_a_half_counts_in_the_level_below(pair, band):
    frame = table("N1", {"S1.a": [pair[0]], "S1.b": [pair[1]], "S2": [0], "S3": [0], "S4": [4], "S5": [4]})
    assert bands(release(frame, (), "all_together")) == {"N1": band}


def test_everyone_of_any_side_counts():
    frame = table("N1", {"N1": [4], "S1": [0], "S2": [0], "O1": [4], "O2": [4]})
    assert bands(release(frame, (), "all_together")) == {"N1": "3–4"}
    assert release(frame, (), "all_together")["assessment"]["answered"] == {"all": 5}


# Named

PAT = table("N1 S1 S2", {"N1": [4, 2, 1], "S1": [3, 3, 2], "S2": [4, 3, 3]})


def test_named_adds_each_organisations_medians_and_the_self_gaps():
    released = release(PAT, (), "named")
    assert released["mode"] == "named"
    assert [s["self_gap"] for s in released["self_gaps"]] == [0.5, 0.5, 1.5]
    assert released["medians"][:2] == [
        {"decision": "D1", "partner": "N1", "rater_partner": "N1", "level": 4.0},
        {"decision": "D1", "partner": "N1", "rater_partner": "S1", "level": 3.0},
    ]
    assert len(released["medians"]) == 9
    # South .5 and 1, mean .75: ties to even
    assert decision(released) == {"decision": "D1", "north": 2.5, "south": 1.0, "difference": 1.5}


def test_named_keeps_the_median_of_colleagues_and_leaves_out_what_is_missing():
    frame = table("N1 S1", {"N1.a": [4, 2], "N1.b": [3, 2], "S1": [None, 1]})
    released = release(frame, (), "named")
    assert [m["level"] for m in released["medians"]] == [3.5, None, 2.0, 1.0]
    assert released["self_gaps"] == [{"partner": "N1", "self_gap": None}, {"partner": "S1", "self_gap": -1.0}]


@pytest.mark.parametrize("mode", ["by_side", "all_together"])
def test_only_named_has_names(mode):
    assert release(PAT, {"N1", "S1", "S2"}, mode).keys() == {"mode", "decisions", "assessment", "cells"}
