"""The results in short: each named case of each sentence has its golden text here."""

from itertools import combinations

import pytest

from assessments import sentences
from assessments.sentences import in_short

PARTNERS = {1: "north", 2: "south", 3: "other", 4: "other"}
NAMES = {
    "decisions": {1: "Dividing the budget", 2: "Hiring", 3: "Selecting partners"},
    "sides": {"north": "North", "south": "South", "other": "Other"},
    "groups": {"north": "Northern partners", "south": "Southern partners", "other": "Other partners"},
    "partners": {number: {"side": side, "donor": number == 3} for number, side in PARTNERS.items()},
}


def scores(*decisions: dict[int, int], agree=(), wish=None):
    """Return what an agreed result holds of these levels ({partner: level} per decision) and answers."""
    wish = wish or {}
    cells = [
        {"decision": number, "partner": partner, "state": "level", "actual": level, "desired": wish.get(number)}
        for number, levels in enumerate(decisions, start=1)
        for partner, level in levels.items()
    ]
    outcomes = [{"decision": number, "agree": answer, "route": ""} for number, answer in enumerate(agree, start=1)]
    return {"cells": cells, "outcomes": outcomes}


NORTH, SOUTH, DONOR, OTHER, NOBODY = {1: 4, 2: 1}, {1: 2, 2: 3}, {1: 2, 3: 4}, {1: 2, 4: 3}, {1: 1, 2: 2}


def test_the_headline_counts_where_southern_partners_decide():
    said = in_short.headline(scores(NORTH, SOUTH, NORTH), NAMES)
    assert (said.case, said.text) == (
        "all_have_levels",
        "Southern partners decide or co-decide in 1 of 3 decisions.",
    )


def test_the_headline_says_which_decisions_it_counts():
    said = in_short.headline(scores(NORTH, SOUTH), NAMES)
    assert (said.case, said.text) == (
        "some_have_levels",
        "Southern partners decide or co-decide in 1 of the 2 decisions that have agreed levels.",
    )


def test_without_levels_the_headline_says_so():
    assert in_short.headline(scores(), NAMES).text == "No level has been agreed yet."


def test_northern_partners_and_a_donor_are_not_both_sides():
    """METHOD §3, `holding`: a donor is named, and neither shared nor Northern."""
    said = sentences.who_decides(scores(NORTH, {1: 4, 2: 1, 3: 4}, NORTH), NAMES)
    assert said
    assert said.text == (
        "Who decides or co-decides today: only Northern partners in 2 and Northern partners and a donor in 1."
    )


def test_a_network_on_neither_side_is_no_donor():
    said = sentences.who_decides(scores(DONOR, OTHER), NAMES)
    assert said
    assert said.text == ("Who decides or co-decides today: only a donor in 1 and only other partners in 1.")


def test_equal_levels_without_influence_are_called_so():
    said = sentences.who_decides(scores({1: 1, 2: 1}, {1: 0, 2: 0}), NAMES)
    assert said
    assert said.text == "All partners have the same low level. No partner has influence."


def test_nobody_is_an_answer_of_its_own():
    said = sentences.who_decides(scores(NOBODY), NAMES)
    assert said
    assert said.text == "Who decides or co-decides today: no partner in 1."


def test_each_combination_has_words_of_its_own():
    groups = [frozenset(some) for size in range(5) for some in combinations(in_short.ORDER, size)]
    assert len({in_short.holder(group, NAMES) for group in groups}) == 16


@pytest.mark.parametrize(
    ("agree", "acted_on", "routed", "text"),
    [
        ([True, True, True], [], [], "No partner asks for change in the 3 decisions that the group discussed."),
        ([True], [], [], "No partner asks for change in the 3 decisions that the group discussed."),
        ([False, False, True], [1, 2], [], "Partners want change in 2 of 3 decisions: 2 have a planned action."),
        (
            [False, False, True],
            [2],
            [],
            "Partners want change in 2 of 3 decisions: 1 has a planned action and 1 has no plan (decision 1).",
        ),
        (
            [False, False, False],
            [2],
            [1, 2],
            "Partners want change in 3 of 3 decisions: 1 has a planned action, 1 will be dealt with in another way "
            "and 1 has no plan (decision 3).",
        ),
        (
            [False, False, False],
            [],
            [],
            "Partners want change in 3 of 3 decisions: 3 have no plan (decisions 1, 2 and 3).",
        ),
        ([False, True, True], [3], [], "Partners want change in 1 of 3 decisions: 1 has no plan (decision 1)."),
    ],
)
def test_each_no_has_an_action_another_way_or_is_named(agree, acted_on, routed, text):
    assert str(in_short.change_wanted(scores(NORTH, NORTH, NORTH, agree=agree), acted_on, routed)) == text


def test_a_wish_for_another_level_is_a_wish_for_change():
    assert in_short.without_action(scores(NORTH, NORTH, agree=[True, True], wish={2: 3}), []) == [2]


def test_before_anything_is_discussed_nothing_is_said_of_change():
    assert in_short.change_wanted(scores(), []) is None


def compared(south=None, north=None, progress=None):
    def side(mean):
        return {"n": 0 if mean is None else 4, "mean": mean}

    return {"sides": {"south": side(south), "north": side(north)}, "all": {"progress": progress}}


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (compared(), []),
        (
            compared(0.5, -0.2, 0.35),
            [
                "Change in average levels since May 2025: Southern partners +0.5, Northern partners −0.2.",
                "35% of the desired change has been achieved.",
            ],
        ),
        (compared(0.04, None), ["Change in the average level since May 2025: Southern partners 0.0."]),
        (
            compared(None, 1.0, 1.2),
            [
                "Change in the average level since May 2025: Northern partners +1.0.",
                ("The desired change has been achieved."),
            ],
        ),
        (
            compared(0.0, 0.0, 0.0),
            [
                "Change in average levels since May 2025: Southern partners 0.0, Northern partners 0.0.",
                "None of the desired change has been achieved.",
            ],
        ),
        (
            compared(-1.0, 0.0, -0.5),
            [
                "Change in average levels since May 2025: Southern partners −1.0, Northern partners 0.0.",
                "On the whole, levels have moved away from the desired levels.",
            ],
        ),
    ],
)
def test_the_change_is_said_per_side_and_against_the_wish(found, texts):
    assert [str(said) for said in in_short.since(found, "May 2025", NAMES)] == texts
