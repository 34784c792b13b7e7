"""The heart of the product: nobody learns a level from a release, and the attack that shows it does find leaks."""

from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.disclosure import coarse_gap, release
from tests.disclosure.attack import attack
from tests.disclosure.tables import cases, examples, ratings, table

CLAIMS = ((1, 3), (3, 2))  # all together: against so many colluding organisations, so many levels remain possible


def fewer_than(number, possible):
    return {rating: levels for rating, levels in possible.items() if len(levels) < number}


# The claims


@examples(100)
@given(cases(), st.data())
def test_by_side_no_level_is_certain_even_if_all_others_collude(case, data):
    released = release(case.ratings, case.ticks, "by_side")
    if released["mode"] == "all_together":
        assert_the_middle_is_safe(released, case, "by_side", data)
        return
    attacked = data.draw(st.sampled_from(case.organisations), label="attacked")
    others = set(case.organisations) - {attacked}
    assert not fewer_than(2, attack(released, case.ratings, case.ticks, "by_side", others, enough=2))


@examples(100)
@given(cases(), st.data())
def test_all_together_three_levels_remain_against_one_and_two_against_three(case, data):
    released = release(case.ratings, case.ticks, "all_together")
    assert_the_middle_is_safe(released, case, "all_together", data)


def assert_the_middle_is_safe(released, case, mode, data):
    members = data.draw(st.permutations(case.organisations), label="coalition, from the left")
    for size, remain in CLAIMS:
        possible = attack(released, case.ratings, case.ticks, mode, set(members[:size]), enough=remain)
        assert not fewer_than(remain, possible)


def drawn(start):
    """Return the tables that a seed draws."""
    seen = []

    @examples(3, start)
    @given(cases())
    def draw(case):
        seen.append(repr(case))

    draw()
    return seen


def test_a_seed_draws_the_same_tables_again_and_another_one_others():
    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


# Why they hold, for all tables at once


@pytest.mark.parametrize("grid", [1, 2], ids=["whole", "halves"])
@pytest.mark.parametrize("colleagues", [0, 1])
@pytest.mark.parametrize("sign", [1, -1], ids=["north", "south"])
@pytest.mark.parametrize("own", [1, 2, 3, 5])
@pytest.mark.parametrize("other", [1, 2, 3, 6])
def test_each_coarse_gap_leaves_two_levels_to_each_rating_in_it(own, other, sign, colleagues, grid):
    """A rating, perhaps a colleague's in its cell, the sum of the rest of its side, and that of the other side."""
    level, colleague = np.arange(5), np.arange(5 if colleagues else 1)
    rest, opposite = np.arange(4 * (own - 1) * grid + 1) / grid, np.arange(4 * other * grid + 1) / grid
    v, w, r, s = np.meshgrid(level, colleague, rest, opposite, indexing="ij")
    voice = (v + w) / 2 if colleagues else v
    c = coarse_gap(sign * ((voice + r) / own - s / other))
    for value in np.unique(c):
        assert len(np.unique(v[c == value])) >= 2


@pytest.mark.parametrize(("colluding", "remain"), [*CLAIMS, (2, 2)])
@pytest.mark.parametrize("organisations", [4, 5, 6])
def test_each_band_leaves_enough_levels_to_each_rating_in_it(organisations, colluding, remain):
    known = list(combinations_with_replacement(range(5), colluding))
    hidden = [
        (first, *rest)
        for first in range(5)
        for rest in combinations_with_replacement(range(5), organisations - colluding - 1)
    ]
    columns = list(product(known, hidden))
    rows = [
        (number, f"O{i}", f"O{i}", "N1", level)
        for number, (mine, others) in enumerate(columns)
        for i, level in enumerate(mine + others)
    ]
    bands = [cell["band"] for cell in release(ratings(rows), (), "all_together")["cells"]]
    possible = {}
    for (mine, (target, *_)), band in zip(columns, bands, strict=True):
        possible.setdefault((mine, band), set()).add(target)
    assert not fewer_than(remain, possible)


# The control cases: worse releases, which the attack has to see through

OPEN = table("N1 S1", {"N1": [4, 0], "S1": [3, 1], "S2": [2, 0], "S3": [3, 0]})
MIDDLE = table("N1", {"S1": [0], "S2": [0], "S3": [4], "N1": [2], "O1": [3], "O2": [3]})
PAIR = table("N1", {"S1": [0], "S2": [0], "S3": [4], "N1": [3], "O1": [3]})
COALITION = {"S1", "S2", "S3"}


def with_counts(frame, ticks, mode):
    """Add to a release how often each level was given in each cell."""
    counts = frame.groupby(["decision", "partner"])["level"].value_counts().sort_index()
    return release(frame, ticks, mode) | {"counts": [[*map(str, key), int(n)] for key, n in counts.items()]}


@pytest.mark.parametrize(
    ("frame", "mode", "coalition"), [(OPEN, "by_side", {"N1", "S1", "S2"}), (PAIR, "all_together", COALITION)]
)
def test_control_adding_cell_counts_is_seen_through(frame, mode, coalition):
    safe = attack(release(frame, (), mode), frame, (), mode, coalition)
    assert not fewer_than(2, safe)
    leaky = attack(with_counts(frame, (), mode), frame, (), mode, coalition, publish=with_counts)
    assert fewer_than(2, leaky)


def with_a_word_for_nobody(frame, ticks, mode):
    """Label a cell "≤ 1" where all said zero."""
    released = release(frame, ticks, mode)
    highest = frame.groupby(["decision", "partner"])["level"].max()
    for cell in released["cells"]:
        if highest[cell["decision"], cell["partner"]] == 0:
            cell["band"] = "≤ 1"
    return released


def test_control_a_label_for_unanimous_zeros_is_seen_through():
    frame = table("N1 S1", {name: [4, 0] for name in ("N1", "S1", "S2", "S3", "O1")})
    safe = attack(release(frame, (), "all_together"), frame, (), "all_together", {"N1"})
    assert not fewer_than(3, safe)
    label = with_a_word_for_nobody
    leaky = attack(label(frame, (), "all_together"), frame, (), "all_together", {"N1"}, publish=label)
    assert fewer_than(2, leaky) == {("D1", name, "S1"): {0} for name in ("S1", "S2", "S3", "O1")}


def recomputed(frame, ticks, mode):
    """Release, and once more after N1 withdrew: its 2 alone kept the middle from being a 3."""
    after = release(frame[frame["rater_partner"] != "N1"], ticks, mode)
    return {"before": release(frame, ticks, mode), "after": after, "cells": []}


def test_control_recomputing_after_a_withdrawal_is_seen_through():
    safe = attack(release(MIDDLE, (), "all_together"), MIDDLE, (), "all_together", COALITION)
    assert not fewer_than(2, safe)
    both = recomputed(MIDDLE, (), "all_together")
    leaky = attack(both, MIDDLE, (), "all_together", COALITION, publish=recomputed)
    assert leaky["D1", "N1", "N1"] == {2}


FIVE = table(
    "N1 S1 S2 S3 S4",
    {"N1": [4, 0, 0, 0, 0], "S1": [4, 4, 4, 4, 4]} | {name: [2, 0, 0, 0, 0] for name in ("S2", "S3", "S4")},
)


def both_columns(frame, ticks, mode):
    """Release the sides and the middle at once."""
    return {"sides": release(frame, ticks, "by_side"), "middle": release(frame, ticks, "all_together"), "cells": []}


def test_control_both_columns_at_once_are_seen_through():
    ticks = {"N1"}
    sides, middle = release(FIVE, ticks, "by_side"), release(FIVE, ticks, "all_together")
    assert not fewer_than(2, attack(sides, FIVE, ticks, "by_side", {"S1"}, enough=2))
    assert not fewer_than(3, attack(middle, FIVE, ticks, "all_together", {"S1"}, enough=3))
    rating = ("D1", "S2", "N1")
    both = both_columns(FIVE, ticks, "")
    assert attack(both, FIVE, ticks, "", {"S1"}, publish=both_columns, only={rating}) == {rating: {2}}


def exact_means(frame, ticks, mode):
    """Release the exact own gaps of a side instead of the coarse ones."""
    levels = frame.pivot_table("level", ["decision", "rater_side", "rater_partner"], "partner_side")
    gap = (levels["north"] - levels["south"]).groupby(["decision", "rater_side"]).mean()
    return release(frame, ticks, mode) | {"exact": [[*key, round(value, 9)] for key, value in gap.items()]}


def test_control_exact_means_are_seen_through():
    frame = table("N1 S1", {"N1": [4, 0], "S1": [4, 0], "S2": [4, 0], "S3": [4, 0]})
    others = {"N1", "S1", "S2"}
    assert not fewer_than(2, attack(release(frame, (), "by_side"), frame, (), "by_side", others))
    leaky = attack(exact_means(frame, (), "by_side"), frame, (), "by_side", others, publish=exact_means)
    assert fewer_than(2, leaky) == {("D1", "S3", "N1"): {4}, ("D1", "S3", "S1"): {0}}


# The limit that the module's docstring names


def test_colleagues_who_share_a_voice_may_work_out_each_others_part():
    frame = table("N1 S1", {"N1.a": [0, 4], "N1.b": [4, 0], "S1": [4, 0]})
    released = release(frame, {"N1"}, "by_side")
    assert not fewer_than(2, attack(released, frame, {"N1"}, "by_side", {"S1"}))
    assert fewer_than(2, attack(released, frame, {"N1"}, "by_side", {"S1", "N1.a"}))
