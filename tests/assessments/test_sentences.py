"""Every named case of every sentence has its golden text here."""

import pytest

from assessments import sentences
from assessments.sentences import agreements, perceptions, shifts

NAMES = {
    "decisions": {1: "Dividing the budget", 2: "Hiring", 3: "Selecting partners"},
    "sides": {"north": "North", "south": "South", "other": "Other"},
    "groups": {"north": "Northern partners", "south": "Southern partners", "other": "Other partners"},
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
        (
            "The private answers are shown for all organisations together. You see the middle answer, never the "
            "answers of one side."
        ),
    ),
    "same_level": (
        release(0.0, 0.0),
        "Both sides see Northern partners and Southern partners at the same level on average.",
    ),
    "same_north_ahead": (
        release(1.5, 1.5),
        "Both sides see Northern partners as 1.5 levels higher than Southern partners.",
    ),
    "same_south_ahead": (
        release(-1.5, -1.5),
        "Both sides see Southern partners as 1.5 levels higher than Northern partners.",
    ),
    "north_ahead_south_sees_more": (
        release(1.1, 2.0),
        (
            "Both sides see Northern partners at a higher level than Southern partners. "
            "Southern partners see a gap of 2.0 levels, and Northern "
            "partners see a gap of 1.1 levels."
        ),
    ),
    "north_ahead_north_sees_more": (
        release(3.0, 1.0),
        (
            "Both sides see Northern partners at a higher level than Southern partners. "
            "Northern partners see a gap of 3 or more levels, and "
            "Southern partners see a gap of 1.0 levels."
        ),
    ),
    "south_ahead_north_sees_more": (
        release(-2.1, -0.4),
        (
            "Both sides see Southern partners at a higher level than Northern partners. "
            "Northern partners see a gap of 2.1 levels, and Southern "
            "partners see a gap of 0.4 levels."
        ),
    ),
    "south_ahead_south_sees_more": (
        release(-0.5, -1.5),
        (
            "Both sides see Southern partners at a higher level than Northern partners. "
            "Southern partners see a gap of 1.5 levels, and Northern "
            "partners see a gap of 0.5 levels."
        ),
    ),
    "each_sees_itself_ahead": (
        release(0.5, -1.5),
        "Each side sees itself as higher than the other side: Northern partners by 0.5 levels "
        "and Southern partners by 1.5 levels.",
    ),
    "each_sees_the_other_ahead": (
        release(-0.5, 1.5),
        "Each side sees the other side as higher than itself: Northern partners by 0.5 levels "
        "and Southern partners by 1.5 levels.",
    ),
    "only_north_sees_north_ahead": (
        release(0.5, 0.0),
        "Northern partners see themselves as 0.5 levels higher than Southern partners. "
        "Southern partners see both sides at the same level.",
    ),
    "only_north_sees_south_ahead": (
        release(-0.5, 0.0),
        (
            "Northern partners see Southern partners as 0.5 levels higher than themselves. "
            "Southern partners see both sides at the "
            "same level."
        ),
    ),
    "only_south_sees_north_ahead": (
        release(0.0, 2.5),
        (
            "Southern partners see Northern partners as 2.5 levels higher than themselves. "
            "Northern partners see both sides at the "
            "same level."
        ),
    ),
    "only_south_sees_south_ahead": (
        release(0.0, -2.5),
        "Southern partners see themselves as 2.5 levels higher than Northern partners. "
        "Northern partners see both sides at the same level.",
    ),
    "north_shown_north_ahead": (
        release(1.0),
        "Northern partners see themselves as 1.0 levels higher than the other side.",
    ),
    "north_shown_south_ahead": (
        release(-1.0),
        "Northern partners see Southern partners as 1.0 levels higher than themselves.",
    ),
    "north_shown_same_level": (release(0.0), "Northern partners see both sides at the same level."),
    "south_shown_north_ahead": (
        release(south=3.0),
        "Southern partners see Northern partners as 3 or more levels higher than themselves.",
    ),
    "south_shown_south_ahead": (
        release(south=-0.1),
        "Southern partners see themselves as 0.1 levels higher than the other side.",
    ),
    "south_shown_same_level": (release(south=0.0), "Southern partners see both sides at the same level."),
}


@pytest.mark.parametrize("case", perceptions.PERCEPTION)
def test_how_the_two_views_differ(case):
    data, golden = SEEN[case]
    assert sentences.perception(data, NAMES) == sentences.Sentence(case, golden)


def test_all_together_without_a_band_reads_like_whatever_is_hidden():
    data = release(mode="all_together", cells=[BAND | {"band": None}])
    assert sentences.perception(data, NAMES) == sentences.perception(release(), NAMES)


@pytest.mark.parametrize(
    ("gap", "case", "golden"),
    [
        (None, "hidden", "Not shown, to protect answers."),
        (0.0, "same_level", "same level"),
        (1.5, "north_ahead", "North 1.5 levels higher"),
        (-3.0, "south_ahead", "South 3 or more levels higher"),
    ],
)
def test_one_view_of_one_decision(gap, case, golden):
    assert sentences.view(gap, NAMES) == sentences.Sentence(case, golden)


@pytest.mark.parametrize(
    ("north", "south", "case", "golden"),
    [
        (1.0, None, "hidden", "Not shown, to protect answers."),
        (1.0, 1.0, "same", "the same view"),
        (3.0, 3.0, "both_cut", "both see a gap of 3 or more levels"),
        (1.0, 2.5, "apart", "1.5 levels apart"),
        (1.0, 3.0, "apart", "2.0 or more levels apart"),
    ],
)
def test_how_far_two_views_are_apart(north, south, case, golden):
    assert sentences.views(row(1, north, south), NAMES)["difference"] == sentences.Sentence(case, golden)


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
        ([row(1, 1.0, None), row(2, 1.0, None)], "one_side", "For 2 decisions, only one side's view is shown."),
        (
            [row(1, 1.0, 1.0), row(2, 0.5, 0.5)],
            "same",
            "The views of both sides are shown for 2 decisions. The views are the same in each decision.",
        ),
        (
            [row(1, 1.0, 3.0), row(2, 0.5, 0.5)],
            "apart",
            (
                "The views of both sides are shown for 2 decisions. They differ most on “Dividing the budget”. "
                "Northern partners see: North 1.0 levels higher. Southern partners see: North 3 or more levels higher."
            ),
        ),
    ],
)
def test_the_perception_chart_in_words(rows, case, golden):
    assert sentences.perception_chart(release(decisions=rows), NAMES) == sentences.Sentence(case, golden)


def test_who_answered_is_said_as_far_as_it_is_shown():
    data = release()
    assert [s.text for s in sentences.answered(data, NAMES)] == [
        "Northern partners: 2 organisations answered.",
        "Southern partners: 5 organisations answered.",
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
    "undefined": ((None, None, [1, None]), "The balance cannot be calculated because one side has no agreed level."),
    "equal_but_powerless": (POWERLESS, "Both sides are equal, but no partner has influence."),
    "equal_without_say": (
        ("none", 0.0, [2, 2]),
        "Both sides are equal on average, but no partner decides or co-decides.",
    ),
    "equal": (SHARED, "Both sides have the same average level."),
    "led_by_north": (NORTH, "Northern partners have the higher average level."),
    "led_by_south": (SOUTH, "Southern partners have the higher average level."),
}


@pytest.mark.parametrize("case", agreements.BALANCE)
def test_what_stands_beside_a_balance(case):
    decision, golden = BALANCED[case]
    found = scores(decision)
    assert sentences.balance_label(found["decisions"][0], found, NAMES) == sentences.Sentence(case, golden)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([4, 3, 0], ["A partner decides, and 1 other partner co-decides. Who takes the final decision?"]),
        ([4, 4, 0], ["2 partners have the level “decides”. Does each of them really decide alone?"]),
        (
            [4, 4, 3],
            [
                "2 partners have the level “decides”. Does each of them really decide alone?",
                "A partner decides, and 1 other partner co-decides. Who takes the final decision?",
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
        "The group recorded 1 level as unknown.",
        "Partners see 2 levels differently.",
    ]
    assert sentences.states(scores(NORTH)) == []


AGREES = {
    "undefined": ([None], "The group has not yet said whether it agrees with how partners are involved."),
    "all": ([True, True], "The group agrees with how partners are involved in all 2 decisions that have an answer."),
    "none": (
        [False, False],
        "In each of the 2 decisions that have an answer, not everyone agrees with how partners are involved.",
    ),
    "some": (
        [True, False, None],
        "In 1 of the 2 decisions that have an answer, everyone agrees with how partners are involved.",
    ),
}


@pytest.mark.parametrize("case", agreements.AGREEMENT)
def test_agreement_of_the_group(case):
    answers, golden = AGREES[case]
    assert sentences.agreement(scores(*[NORTH] * len(answers), agree=answers)) == sentences.Sentence(case, golden)


def gap_row(decision, north, south):
    gap = None if None in (north, south) else north - south
    return {"decision": decision, "north": north, "south": south, "gap": gap}


CHARTS = {
    "undefined": ([gap_row(1, 4.0, None)], "No decision has agreed levels for both sides yet."),
    "equal": (
        [gap_row(1, 3.0, 3.0), gap_row(2, 1.0, 1.0)],
        "In all 2 decisions with agreed levels for both sides, both have the same average level.",
    ),
    "north_widest": (
        [gap_row(1, 4.0, 0.8), gap_row(2, 1.0, 2.0)],
        (
            "Of 2 decisions, “Dividing the budget” has the widest gap. The average level is 4 for Northern partners "
            "and 0.8 for Southern partners."
        ),
    ),
    "south_widest": (
        [gap_row(1, 2.0, 2.8), gap_row(2, 1.0, 1.0)],
        (
            "Of 2 decisions, “Dividing the budget” has the widest gap. The average level is 2.8 for Southern "
            "partners and 2 for Northern partners."
        ),
    ),
}


@pytest.mark.parametrize("case", agreements.AGREED_CHART)
def test_the_gap_chart_in_words(case):
    rows, golden = CHARTS[case]
    assert sentences.agreed_chart({"decisions": rows}, NAMES) == sentences.Sentence(case, golden)


def wish(decision, now, wanted):
    north, south = zip(now, wanted, strict=True)
    return {"decision": decision, "level": 1.0, "level_desired": 2.0} | {
        "north": north[0], "north_desired": north[1], "south": south[0], "south_desired": south[1],
    }  # fmt: skip


WISHES = {
    "undefined": ([], "No desired levels have been recorded."),
    "nothing": ([wish(1, (4, 1), (4, 1))], "The desired levels are the same as today's levels."),
    "south_up": (
        [wish(1, (4, 1), (3, 2)), wish(2, (4, 1), (3, 2))],
        "The group wants a higher average level for Southern partners in 2 decisions.",
    ),
    "north_up": (
        [wish(1, (1, 3), (2, 3))],
        ("The group wants a higher average level for Northern partners in 1 decision."),
    ),
    "other": ([wish(1, (4, 1), (3, 1))], "The group wants to change levels in 1 decision."),
}


@pytest.mark.parametrize("case", agreements.DESIRED_CHART)
def test_the_desired_chart_in_words(case):
    rows, golden = WISHES[case]
    changed = case == "other"
    cells = [{"decision": 1, "partner": 1, "state": "level", "actual": 4, "desired": 3 if changed else 4}]
    found = {"decisions": rows, "cells": cells if rows else [], "outcomes": []}
    assert sentences.desired_chart(found, NAMES) == sentences.Sentence(case, golden)


def moved(mean, n=3, up=1, down=1):
    return {"n": n, "mean": mean, "up": up, "down": down}


NONE = moved(None, 0, 0, 0)
SHIFTS = {
    "undefined": (NONE, NONE, "The two assessments have no levels that can be compared."),
    "unchanged": (moved(0, 3, 0, 0), moved(0, 3, 0, 0), ("The levels that can be compared are the same as in "
                                                        "the earlier assessment.")),
    "south_up_north_down": (
        moved(-0.5), moved(1.0),
        ("Since the earlier assessment, the average level of Southern partners has risen by 1.0. The average level of "
        "Northern partners has fallen by 0.5."),
    ),
    "south_up_north_same": (
        moved(0.0), moved(1.0),
        ("Since the earlier assessment, the average level of Southern partners has risen by 1.0. The average level "
        "of Northern partners has not changed."),
    ),
    "south_up_north_up": (
        moved(0.5), moved(1.0),
        ("Since the earlier assessment, the average levels of both sides have risen: Southern partners by 1.0, "
        "Northern partners by 0.5."),
    ),
    "south_same_north_up": (
        moved(0.5), moved(0.0),
        ("Since the earlier assessment, the average level of Northern partners has risen by 0.5. The average level "
        "of Southern partners has not changed."),
    ),
    "south_same_north_down": (
        moved(-0.5), moved(0.01),
        ("Since the earlier assessment, the average level of Northern partners has fallen by 0.5. The average level "
        "of Southern partners has not changed."),
    ),
    "south_same_north_same": (
        moved(0.0), moved(0.0),
        "Some levels have risen and others have fallen. The average levels of both sides have not changed.",
    ),
    "south_down_north_up": (
        moved(0.5), moved(-1.0),
        ("Since the earlier assessment, the average level of Northern partners has risen by 0.5. The average level of "
        "Southern partners has fallen by 1.0."),
    ),
    "south_down_north_same": (
        moved(0.0), moved(-1.0),
        ("Since the earlier assessment, the average level of Southern partners has fallen by 1.0. The average level "
        "of Northern partners has not changed."),
    ),
    "south_down_north_down": (
        moved(-0.5), moved(-1.0),
        ("Since the earlier assessment, the average levels of both sides have fallen: Southern partners by 1.0, "
        "Northern partners by 0.5."),
    ),
    "south_up": (NONE, moved(1.0), ("Since the earlier assessment, the average level of Southern partners has risen "
                                   "by 1.0.")),
    "south_down": (NONE, moved(-1.0), ("Since the earlier assessment, the average level of Southern partners "
                                      "has fallen by 1.0.")),
    "south_same": (NONE, moved(0.0), "The average level of Southern partners has not changed."),
    "north_up": (moved(1.0), NONE, ("Since the earlier assessment, the average level of Northern partners has risen "
                                   "by 1.0.")),
    "north_down": (moved(-1.0), NONE, ("Since the earlier assessment, the average level of Northern partners "
                                      "has fallen by 1.0.")),
    "north_same": (moved(0.0), NONE, "The average level of Northern partners has not changed."),
}  # fmt: skip


@pytest.mark.parametrize("case", shifts.SHIFT)
def test_what_moved_between_two_assessments(case):
    north, south, golden = SHIFTS[case]
    said = sentences.shift({"north": north, "south": south}, NAMES)
    assert said == sentences.Sentence(case, golden)
    assert "because" not in said.text


@pytest.mark.parametrize(
    ("value", "case", "golden"),
    [
        (
            None,
            "undefined",
            "The earlier assessment recorded no desired change that can be compared with the new levels.",
        ),
        (1.0, "all_the_way", "The change desired in the earlier assessment has been fully achieved."),
        (0.42, "towards", "42% of the change that partners wanted in the earlier assessment has been achieved."),
        (
            0.0,
            "none",
            "On the whole, the levels are no closer to the levels that partners wanted in the earlier assessment.",
        ),
        (
            -0.5,
            "away",
            "On the whole, the levels have moved away from the levels that partners wanted in the earlier assessment.",
        ),
    ],
)
def test_progress_towards_what_was_wished_for(value, case, golden):
    assert sentences.progress(value) == sentences.Sentence(case, golden)


@pytest.mark.parametrize(
    ("found", "case", "golden"),
    [
        (
            NONE | {"same": 0},
            "undefined",
            "None of the levels of Southern partners can be compared with those in the earlier assessment.",
        ),
        (
            moved(0.5, 6, 3, 1) | {"same": 2},
            "counted",
            "6 levels of Southern partners can be compared: 3 higher than before, 2 the same, 1 lower.",
        ),
    ],
)
def test_one_side_of_the_shift_in_words(found, case, golden):
    assert sentences.moves("south", found, NAMES) == sentences.Sentence(case, golden)


def test_the_partnerships_own_words_for_the_sides_are_used():
    names = NAMES | {"groups": {"north": "Funding partners", "south": "Delivering partners", "other": "Other partners"}}
    assert sentences.perception(release(0.0, 1.0), names).text.startswith(
        "Delivering partners see Funding partners as 1.0 levels"
    )
