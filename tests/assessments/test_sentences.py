"""Every named case of every sentence has its golden text here."""

import pytest

from assessments import sentences
from assessments.sentences import agreements, perceptions, shifts

NAMES = {
    "decisions": {1: "Dividing the budget", 2: "Hiring", 3: "Selecting partners"},
    "sides": {"north": "North", "south": "South", "other": "Other"},
    "partners": {},
}


def release(north=None, south=None, mode="by_side", cells=(), decisions=()):
    return {
        "mode": mode,
        "decisions": list(decisions),
        "cells": list(cells),
        "assessment": {"north": north, "south": south, "answered": {"north": 2, "south": 5}},
    }


BAND = {"decision": 1, "partner": 1, "band": "2"}
SEEN = {
    "hidden": (release(), "Not shown, to protect answers."),
    "all_together": (
        release(mode="all_together", cells=[BAND]),
        "The private answers are shown for all organisations together: the middle of what they answered, "
        "never one side's.",
    ),
    "same_level": (
        release(0.0, 0.0),
        "Both sides see the same: on average, the North side and the South side stand at the same level.",
    ),
    "same_north_ahead": (
        release(1.5, 1.5),
        "Both sides see the same gap: the North side stands higher on the ladder, by 1.5.",
    ),
    "same_south_ahead": (
        release(-1.5, -1.5),
        "Both sides see the same gap: the South side stands higher on the ladder, by 1.5.",
    ),
    "north_ahead_south_sees_more": (
        release(1.1, 2.0),
        "Both sides see the North side ahead, and the South side sees the wider gap: 2.0 on the ladder, against 1.1.",
    ),
    "north_ahead_north_sees_more": (
        release(3.0, 1.0),
        "Both sides see the North side ahead, and the North side itself sees the wider gap: "
        "3 or more on the ladder, against 1.0.",
    ),
    "south_ahead_north_sees_more": (
        release(-2.1, -0.4),
        "Both sides see the South side ahead, and the North side sees the wider gap: 2.1 on the ladder, against 0.4.",
    ),
    "south_ahead_south_sees_more": (
        release(-0.5, -1.5),
        "Both sides see the South side ahead, and the South side itself sees the wider gap: "
        "1.5 on the ladder, against 0.5.",
    ),
    "each_sees_itself_ahead": (
        release(0.5, -1.5),
        "Each side sees itself ahead: the North side by 0.5 on the ladder, the South side by 1.5.",
    ),
    "each_sees_the_other_ahead": (
        release(-0.5, 1.5),
        "Each side sees the other one ahead: the North side by 0.5 on the ladder, the South side by 1.5.",
    ),
    "only_north_sees_north_ahead": (
        release(0.5, 0.0),
        "The North side sees itself ahead by 0.5 on the ladder; the South side sees both at the same level.",
    ),
    "only_north_sees_south_ahead": (
        release(-0.5, 0.0),
        "The North side sees the South side ahead by 0.5 on the ladder; the South side sees both at the same level.",
    ),
    "only_south_sees_north_ahead": (
        release(0.0, 2.5),
        "The South side sees the North side ahead by 2.5 on the ladder; the North side sees both at the same level.",
    ),
    "only_south_sees_south_ahead": (
        release(0.0, -2.5),
        "The South side sees itself ahead by 2.5 on the ladder; the North side sees both at the same level.",
    ),
    "north_shown_north_ahead": (release(1.0), "The North side sees itself ahead, by 1.0 on the ladder."),
    "north_shown_south_ahead": (
        release(-1.0),
        "The North side sees the South side ahead, by 1.0 on the ladder.",
    ),
    "north_shown_same_level": (release(0.0), "The North side sees both sides at the same level."),
    "south_shown_north_ahead": (
        release(south=3.0),
        "The South side sees the North side ahead, by 3 or more on the ladder.",
    ),
    "south_shown_south_ahead": (release(south=-0.1), "The South side sees itself ahead, by 0.1 on the ladder."),
    "south_shown_same_level": (release(south=0.0), "The South side sees both sides at the same level."),
}


@pytest.mark.parametrize("case", perceptions.PERCEPTION)
def test_how_the_two_views_differ(case):
    data, golden = SEEN[case]
    assert sentences.perception(data, NAMES) == sentences.Said(case, golden)


def test_all_together_without_a_band_reads_like_whatever_is_hidden():
    data = release(mode="all_together", cells=[BAND | {"band": None}])
    assert sentences.perception(data, NAMES) == sentences.perception(release(), NAMES)


@pytest.mark.parametrize(
    ("gap", "case", "golden"),
    [
        (None, "hidden", "Not shown, to protect answers."),
        (0.0, "same_level", "same level"),
        (1.5, "north_ahead", "North 1.5 higher"),
        (-3.0, "south_ahead", "South 3 or more higher"),
    ],
)
def test_one_view_of_one_decision(gap, case, golden):
    assert sentences.view(gap, NAMES) == sentences.Said(case, golden)


@pytest.mark.parametrize(
    ("north", "south", "case", "golden"),
    [
        (1.0, None, "hidden", "Not shown, to protect answers."),
        (1.0, 1.0, "same", "the same view"),
        (3.0, 3.0, "both_cut", "both 3 or more"),
        (1.0, 2.5, "apart", "1.5 apart"),
        (1.0, 3.0, "apart", "2.0 or more apart"),
    ],
)
def test_how_far_two_views_are_apart(north, south, case, golden):
    assert sentences.views(row(1, north, south), NAMES)["difference"] == sentences.Said(case, golden)


def test_an_average_of_other_decisions_is_not_called_the_same_gap():
    """Over all decisions the difference covers fewer of them than each side's mean does."""
    overall = {"north": 3.0, "south": 2.0, "difference": 0.0}
    assert sentences.views(overall, NAMES)["difference"].case == "same"


def row(decision, north, south):
    gap = None if None in (north, south) else north - south
    return {"decision": decision, "north": north, "south": south, "difference": gap}


@pytest.mark.parametrize(
    ("rows", "case", "golden"),
    [
        ([row(1, None, None)], "hidden", "Not shown, to protect answers."),
        ([row(1, 1.0, None), row(2, 1.0, None)], "one_side", "On 2 decisions a side's view is shown."),
        (
            [row(1, 1.0, 1.0), row(2, 0.5, 0.5)],
            "same",
            "On 2 decisions both views are shown, and they are the same on each.",
        ),
        (
            [row(1, 1.0, 3.0), row(2, 0.5, 0.5)],
            "apart",
            "On 2 decisions both views are shown. They are furthest apart on “Dividing the budget”. "
            "Seen by the North side: North 1.0 higher. Seen by the South side: North 3 or more higher.",
        ),
    ],
)
def test_the_perception_chart_in_words(rows, case, golden):
    assert sentences.perception_chart(release(decisions=rows), NAMES) == sentences.Said(case, golden)


def test_who_answered_is_said_as_far_as_it_is_shown():
    data = release()
    assert [s.text for s in sentences.answered(data, NAMES)] == [
        "2 organisations of the North side answered.",
        "5 organisations of the South side answered.",
    ]
    data["assessment"]["answered"] = {"north": None, "south": None}
    assert sentences.answered(data, NAMES) == []


# Agreed levels. The scores are laid by hand here; the method itself makes them in test_charts.


def scores(*decisions, agree=(), desired=None):
    """Lay out scores of decisions (holders, gap, levels); `agree` per decision, `desired` {decision: level of all}."""
    desired = desired or {}
    return {
        "decisions": [
            {"decision": n, "holders": holders, "gap": gap, "north": None, "south": None, "level": None}
            | {"north_desired": None, "south_desired": None, "level_desired": None}
            for n, (holders, gap, _levels) in enumerate(decisions, 1)
        ],
        "cells": [
            {"decision": n, "partner": p, "state": "level", "actual": level, "desired": desired.get(n)}
            for n, (_h, _g, levels) in enumerate(decisions, 1)
            for p, level in enumerate(levels, 1)
        ],
        "outcomes": [{"decision": n, "agree": answer} for n, answer in enumerate(agree, 1)],
    }


NORTH, SOUTH = ("north", 3.0, [4, 1, 1]), ("south", -2.0, [1, 3, 3])
SHARED, NOBODY, OTHER = ("shared", 0.0, [3, 3, 3]), ("none", 1.0, [2, 1, 1]), ("other", 0.0, [1, 1, 4])
POWERLESS = ("none", 0.0, [1, 1, 1])


def test_a_desired_level_counts_as_wanting_another_way():
    assert sentences.wanting(scores(NORTH, SOUTH, agree=[True, True], desired={2: 3})) == {2}
    assert sentences.wanting(scores(SHARED, agree=[True], desired={1: 3})) == set()


def test_seen_differently_is_discussed():
    only = scores((None, None, [None]))
    only["cells"][0]["state"] = "differs"
    assert sentences.discussed(only) == {1}
    assert sentences.discussed(scores((None, None, []), agree=[None])) == set()


BALANCED = {
    "undefined": ((None, None, [1, None]), "Not defined: a side has no agreed level."),
    "equal_but_powerless": (POWERLESS, "Equal, but nobody has a say."),
    "equal_without_say": (("none", 0.0, [2, 2]), "Equal on average, but nobody decides or co-decides."),
    "equal": (SHARED, "Both sides stand at the same level."),
    "led_by_north": (NORTH, "The North side stands higher."),
    "led_by_south": (SOUTH, "The South side stands higher."),
}


@pytest.mark.parametrize("case", agreements.BALANCE)
def test_what_stands_beside_a_balance(case):
    decision, golden = BALANCED[case]
    found = scores(decision)
    assert sentences.balance_label(found["decisions"][0], found, NAMES) == sentences.Said(case, golden)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([4, 3, 0], ["A partner stands at “decides” and 1 at “co-decides”: who has the last word?"]),
        ([4, 4, 0], ["2 partners stand at “decides”: is it really each of them alone?"]),
        (
            [4, 4, 3],
            [
                "2 partners stand at “decides”: is it really each of them alone?",
                "A partner stands at “decides” and 1 at “co-decides”: who has the last word?",
            ],
        ),
        ([4, 2, 2], []),
        ([3, 3, 3], []),
    ],
)
def test_warns_of_levels_that_hardly_fit_together(levels, said):
    assert [warning.text for warning in sentences.warnings(1, scores(("north", 1.0, levels)))] == said


def test_counts_what_nobody_knows_and_what_is_seen_differently():
    found = scores(("north", 1.0, [4, None, None, None]))
    for cell, state in zip(found["cells"][1:], ("unknown", "differs", "differs"), strict=True):
        cell["state"] = state
    assert [said.text for said in sentences.states(found)] == [
        "For 1 cell the group recorded that nobody knows.",
        "2 levels are seen differently within the group.",
    ]
    assert sentences.states(scores(NORTH)) == []


AGREES = {
    "undefined": ([None], "The group has not said yet on which decisions it agrees with how partners are involved."),
    "all": ([True, True], "The group agrees with how partners are involved on all 2 decisions it took up."),
    "none": (
        [False, False],
        "On none of the 2 decisions it took up does everybody agree with how partners are involved.",
    ),
    "some": (
        [True, False, None],
        "On 1 of 2 decisions taken up everybody agrees with how partners are involved.",
    ),
}


@pytest.mark.parametrize("case", agreements.AGREEMENT)
def test_agreement_of_the_group(case):
    answers, golden = AGREES[case]
    assert sentences.agreement(scores(*[NORTH] * len(answers), agree=answers)) == sentences.Said(case, golden)


def gap_row(decision, north, south):
    gap = None if None in (north, south) else north - south
    return {"decision": decision, "north": north, "south": south, "gap": gap}


CHARTS = {
    "undefined": ([gap_row(1, 4.0, None)], "No decision has an agreed level on both sides yet."),
    "equal": (
        [gap_row(1, 3.0, 3.0), gap_row(2, 1.0, 1.0)],
        "On all 2 decisions with levels on both sides, they stand at the same level.",
    ),
    "north_widest": (
        [gap_row(1, 4.0, 0.8), gap_row(2, 1.0, 2.0)],
        "Of 2 decisions the gap is widest on “Dividing the budget”: the North side stands at 4, the South side at 0.8.",
    ),
    "south_widest": (
        [gap_row(1, 2.0, 2.8), gap_row(2, 1.0, 1.0)],
        "Of 2 decisions the gap is widest on “Dividing the budget”: the South side stands at 2.8, the North side at 2.",
    ),
}


@pytest.mark.parametrize("case", agreements.AGREED_CHART)
def test_the_gap_chart_in_words(case):
    rows, golden = CHARTS[case]
    assert sentences.agreed_chart({"decisions": rows}, NAMES) == sentences.Said(case, golden)


def wish(decision, now, wanted):
    north, south = zip(now, wanted, strict=True)
    return {"decision": decision, "level": 1.0, "level_desired": 2.0} | {
        "north": north[0], "north_desired": north[1], "south": south[0], "south_desired": south[1],
    }  # fmt: skip


WISHES = {
    "undefined": ([], "No desired levels are recorded."),
    "nothing": ([wish(1, (4, 1), (4, 1))], "The desired levels are the levels of today."),
    "south_up": (
        [wish(1, (4, 1), (3, 2)), wish(2, (4, 1), (3, 2))],
        "On 2 decisions the group wants the South side to stand higher than today.",
    ),
    "north_up": ([wish(1, (1, 3), (2, 3))], "On 1 decision the group wants the North side to stand higher than today."),
    "other": ([wish(1, (4, 1), (3, 1))], "On 1 decision the group wants other levels than today's."),
}


@pytest.mark.parametrize("case", agreements.DESIRED_CHART)
def test_the_desired_chart_in_words(case):
    rows, golden = WISHES[case]
    changed = case == "other"
    cells = [{"decision": 1, "partner": 1, "state": "level", "actual": 4, "desired": 3 if changed else 4}]
    found = {"decisions": rows, "cells": cells if rows else [], "outcomes": []}
    assert sentences.desired_chart(found, NAMES) == sentences.Said(case, golden)


def moved(mean, n=3, up=1, down=1):
    return {"n": n, "mean": mean, "up": up, "down": down}


NONE = moved(None, 0, 0, 0)
SINCE = "Since the earlier assessment the "
SHIFTS = {
    "undefined": (NONE, NONE, "No level of the two assessments can be compared."),
    "unchanged": (moved(0, 3, 0, 0), moved(0, 3, 0, 0), "The levels that can be compared are the same as before."),
    "south_up_north_down": (
        moved(-0.5), moved(1.0),
        SINCE + "South side rose by 1.0 on average, and the North side came down by 0.5.",
    ),
    "south_up_north_same": (
        moved(0.0), moved(1.0),
        SINCE + "South side rose by 1.0 on average; "
        "the North side stands where it stood.",
    ),
    "south_up_north_up": (
        moved(0.5), moved(1.0),
        SINCE[:-4] + "both sides rose: the South side by 1.0 on average, the North side by 0.5.",
    ),
    "south_same_north_up": (
        moved(0.5), moved(0.0),
        SINCE + "North side rose by 0.5 on average; "
        "the South side stands where it stood.",
    ),
    "south_same_north_down": (
        moved(-0.5), moved(0.01),
        SINCE + "North side came down by 0.5 on average; "
        "the South side stands where it stood.",
    ),
    "south_same_north_same": (
        moved(0.0), moved(0.0),
        "Some partners rose and others came down; on average both sides stand where they stood.",
    ),
    "south_down_north_up": (
        moved(0.5), moved(-1.0),
        SINCE + "North side rose by 0.5 on average, and the South side came down by 1.0.",
    ),
    "south_down_north_same": (
        moved(0.0), moved(-1.0),
        SINCE + "South side came down by 1.0 on average; "
        "the North side stands where it stood.",
    ),
    "south_down_north_down": (
        moved(-0.5), moved(-1.0),
        SINCE[:-4] + "both sides came down: the South side by 1.0 on average, "
        "the North side by 0.5.",
    ),
    "south_up": (NONE, moved(1.0), SINCE + "South side rose by 1.0 on average."),
    "south_down": (NONE, moved(-1.0), SINCE + "South side came down by 1.0 on average."),
    "south_same": (NONE, moved(0.0), "On average the South side stands where it stood."),
    "north_up": (moved(1.0), NONE, SINCE + "North side rose by 1.0 on average."),
    "north_down": (moved(-1.0), NONE, SINCE + "North side came down by 1.0 on average."),
    "north_same": (moved(0.0), NONE, "On average the North side stands where it stood."),
}  # fmt: skip


@pytest.mark.parametrize("case", shifts.SHIFT)
def test_what_moved_between_two_assessments(case):
    north, south, golden = SHIFTS[case]
    said = sentences.shift({"north": north, "south": south}, NAMES)
    assert said == sentences.Said(case, golden)
    assert "because" not in said.text


@pytest.mark.parametrize(
    ("value", "case", "golden"),
    [
        (None, "undefined", "The earlier assessment wished for no change that can be compared."),
        (1.0, "all_the_way", "Measured by what was wished for then, the levels are where they were to be."),
        (0.42, "towards", "Of the way to the levels that were wished for then, 42 % is covered."),
        (0.0, "none", "Measured by what was wished for then, the levels have not come closer on the whole."),
        (-0.5, "away", "On the whole the levels moved away from what was wished for then."),
    ],
)
def test_progress_towards_what_was_wished_for(value, case, golden):
    assert sentences.progress(value) == sentences.Said(case, golden)


@pytest.mark.parametrize(
    ("found", "case", "golden"),
    [
        (NONE | {"same": 0}, "undefined", "No level of the South side can be compared."),
        (
            moved(0.5, 6, 3, 1) | {"same": 2},
            "counted",
            "6 levels of the South side can be compared: 3 higher than before, 2 the same, 1 lower.",
        ),
    ],
)
def test_one_side_of_the_shift_in_words(found, case, golden):
    assert sentences.moves("south", found, NAMES) == sentences.Said(case, golden)


def test_the_partnerships_own_words_for_the_sides_are_used():
    names = NAMES | {"sides": {"north": "Funding", "south": "Delivering", "other": "Other"}}
    assert sentences.perception(release(0.0, 1.0), names).text.startswith("The Delivering side sees the Funding side")
