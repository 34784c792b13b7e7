"""Figures from released numbers: the right marks at the right places, and nothing that was hidden."""

import json
import re

import pandas as pd
import pytest

from assessments import charts, disclosure
from assessments.charts import colours, rows
from assessments.scoring import score_agreed
from tests.assessments.example import read

SIDES = {row["acronym"]: row["side"] for row in read("partners")}
NUMBERS = {row["code"]: number for number, row in enumerate(read("decisions"), 1)}
NAMES = {
    "decisions": {NUMBERS[row["code"]]: row["decision"] for row in read("decisions")},
    "partners": {},
    "sides": {"north": "North", "south": "South", "other": "Other"},
}


def level(text):
    return float(text) if text else float("nan")


def example_release(ticks=("NSF", "FjA", "SFGO")):
    ratings = pd.DataFrame(
        {
            "assessment": 1, "decision": NUMBERS[row["decision"]], "partner": row["partner"],
            "partner_side": SIDES[row["partner"]], "rater": row["rater"], "rater_partner": row["rater_partner"],
            "rater_side": SIDES[row["rater_partner"]], "level": level(row["level"]),
        }
        for row in read("ratings")
    )  # fmt: skip
    return disclosure.release(ratings, set(ticks), "by_side")


def example_scores():
    agreed = pd.DataFrame(
        {
            "assessment": 1, "decision": NUMBERS[row["decision"]], "partner": row["partner"],
            "partner_side": SIDES[row["partner"]], "actual": level(row["actual"]), "desired": level(row["desired"]),
        }
        for row in read("agreed")
    )  # fmt: skip
    decisions = score_agreed(agreed).decisions.astype(object)
    return {"decisions": decisions.where(decisions.notna(), None).to_dict("records")}


def marks(figure):
    """Return the traces with marks, by their name in the legend: {decision's place from above: x}."""
    return {trace["name"]: trace for trace in figure["data"] if "markers" in trace["mode"]}


def labels(figure):
    """Return the decisions' numbers from above, as the labels name them."""
    words = [a for a in figure["layout"]["annotations"] if a.get("yref", "y") == "y" and a["text"][0].isdigit()]
    return [int(a["text"].split(".")[0]) for a in sorted(words, key=lambda a: a["y"])]


def test_the_two_views_stand_where_the_release_says():
    release = example_release()
    figure = charts.release_figures(release, NAMES)["perception"]
    found = marks(figure)
    assert set(found) == {"As seen by North", "As seen by South"}
    by_decision = {row["decision"]: row for row in release["decisions"]}
    order = labels(figure)
    assert list(found["As seen by North"]["x"]) == [by_decision[n]["north"] for n in order]
    assert list(found["As seen by South"]["x"]) == [by_decision[n]["south"] for n in order]
    apart = [abs(by_decision[n]["difference"]) for n in order]
    assert apart == sorted(apart, reverse=True)


def test_a_hidden_view_has_no_mark_and_gets_no_reason():
    figure = charts.release_figures(example_release(ticks=()), NAMES)["perception"]
    assert set(marks(figure)) == {"As seen by South"}
    text = " ".join(a["text"] for a in figure["layout"]["annotations"])
    assert text.count("Not shown, to protect answers.") == 12
    assert "As seen by North" not in json.dumps(figure)


def test_all_together_has_a_table_and_no_chart():
    release = example_release()
    release["decisions"] = [row | {"north": None, "south": None, "difference": None} for row in release["decisions"]]
    assert charts.release_figures(release, NAMES) == {}


def test_what_was_cut_reads_three_or_more():
    figure = charts.release_figures(example_release(), NAMES)["perception"]
    south = marks(figure)["As seen by South"]
    assert {text for x, text in zip(south["x"], south["text"], strict=True) if x == 3.0} == {"3+"}
    assert any("North 3 or more levels higher" in text for text in south["hovertext"])


def test_agreed_levels_widest_gap_first():
    scores = example_scores()
    figure = charts.agreed_figures(scores, NAMES)["gap"]
    gaps = {row["decision"]: abs(row["gap"]) for row in scores["decisions"]}
    assert [gaps[n] for n in labels(figure)] == sorted(gaps.values(), reverse=True)
    north = marks(figure)["North"]
    assert list(north["x"]) == [{r["decision"]: r["north"] for r in scores["decisions"]}[n] for n in labels(figure)]
    assert north["marker"]["color"] == "#0072b2"
    assert north["marker"]["symbol"] == "circle"
    south = marks(figure)["South"]
    assert (south["marker"]["color"], south["marker"]["symbol"]) == ("#d55e00", "triangle-up")


def test_the_axis_has_the_words_of_the_ladder():
    axis = charts.agreed_figures(example_scores(), NAMES)["gap"]["layout"]["xaxis"]
    assert axis["ticktext"] == [
        "0<br>excluded",
        "1<br>informed<br>only",
        "2<br>consulted",
        "3<br>co-decides",
        "4<br>decides",
    ]


def test_desired_levels_are_hollow_and_only_where_recorded():
    scores = example_scores()
    figure = charts.agreed_figures(scores, NAMES)["desired"]
    wanted = {row["decision"] for row in scores["decisions"] if row["level_desired"] is not None}
    assert set(labels(figure)) == wanted
    assert 0 < len(wanted) < 12
    found = marks(figure)
    assert found["South: desired"]["marker"]["symbol"] == "triangle-up-open"
    assert found["South: today"]["marker"]["symbol"] == "triangle-up"
    assert list(found["South: desired"]["x"]) == [
        {r["decision"]: r["south_desired"] for r in scores["decisions"]}[n] for n in labels(figure)
    ]


def test_without_levels_there_is_no_chart():
    scores = example_scores()
    scores["decisions"] = [dict.fromkeys(row) | {"decision": 1} for row in scores["decisions"]]
    assert charts.agreed_figures(scores, NAMES) == {}


@pytest.fixture
def every_figure():
    drawn = charts.release_figures(example_release(), NAMES) | charts.agreed_figures(example_scores(), NAMES)
    return drawn | charts.shift_figures(shifted(12), NAMES) | charts.shift_figures(shifted(3), NAMES)


def test_figures_are_plain_json_of_the_basic_bundle(every_figure):
    assert set(every_figure) == {"perception", "gap", "widest", "desired", "arrows", "north", "south"}
    for figure in every_figure.values():
        assert json.loads(json.dumps(figure)) == figure
        assert {trace["type"] for trace in figure["data"]} == {"scatter"}
        assert not {"template", "paper_bgcolor", "plot_bgcolor", "font"} & set(figure["layout"])


def shifted(count):
    return {
        "decisions": [
            {"decision": n, "north": {"before": 4.0, "after": 4.0 - n / 10}, "south": {"before": 0.0, "after": 1.0}}
            for n in range(1, count + 1)
        ]
    }


def test_slopes_up_to_eight_lines_and_arrows_beyond():
    assert set(charts.shift_figures(shifted(8), NAMES)) == {"north", "south"}
    assert set(charts.shift_figures(shifted(9), NAMES)) == {"arrows"}


def test_slopes_that_end_at_one_level_share_a_label():
    figure = charts.shift_figures(shifted(5), NAMES)["south"]
    assert [a["text"] for a in figure["layout"]["annotations"]] == ["1, 2, 3, 4<br>5", "1, 2, 3, 4<br>5"]


def test_arrows_point_from_then_to_now():
    arrows = [a for a in charts.shift_figures(shifted(9), NAMES)["arrows"]["layout"]["annotations"] if a["showarrow"]]
    assert {(a["ax"], a["x"]) for a in arrows if a["arrowcolor"] == colours.SIDES["south"]} == {(0.0, 1.0)}


def test_sixty_decisions_of_long_wording_stay_readable():
    scores = example_scores()
    one = scores["decisions"][0]
    names = NAMES | {"decisions": dict.fromkeys(range(1, 61), "Dividing the unspent money " * 11)}
    figure = charts.agreed_figures({"decisions": [one | {"decision": n} for n in range(1, 61)]}, names)["gap"]
    assert figure["layout"]["height"] > 60 * 60
    words = [a["text"] for a in figure["layout"]["annotations"]]
    assert max(len(line) for text in words for line in text.split("<br>")) <= rows.WIDTH
    assert len(json.dumps(figure)) < 60_000


def test_a_note_needs_no_style_that_the_policy_forbids():
    """Plotly turns bold and italic letters into style attributes; a line break needs none."""
    drawn = json.dumps(charts.perception_figure(example_release(ticks=()), NAMES))
    assert "Not shown" in drawn
    assert set(re.findall(r"<(\w+)", drawn)) == {"br"}


def test_markup_in_a_wording_stays_letters():
    names = NAMES | {"decisions": {1: '<a href="https://example.org">Budget</a> & <b>more</b>'}}
    figure = charts.agreed_figures({"decisions": [example_scores()["decisions"][0]]}, names)["gap"]
    text = json.dumps(figure).replace("<br>", "")
    assert "<" not in text
    assert "&amp;" in text
