"""Statistics of one decision's levels, as plain numbers.

Levels are whole numbers 0..4 of the ladder of participation, NaN (or None) when missing; missing ones are dropped
first, each with its side. Anything else raises ValueError. An undefined statistic is NaN, for `holders` None.
"""

import math
from typing import NamedTuple

import numpy as np

from assessments.scoring import histograms
from assessments.scoring.checks import (
    TIE,
    Ints,
    Values,
    aligned,
    as_levels,
    as_numbers,
    as_sides,
    refuse,
)
from assessments.scoring.levels import CO_DECIDES, NORTH, SIDES, SOUTH, TOP


class SideGap(NamedTuple):
    """How Northern and Southern partners stand to each other: mean levels, their difference, and who exceeds whom."""

    north: float
    south: float
    gap: float
    delta: float
    superiority: float
    n_north: int
    n_south: int


def _present(levels: Values) -> Ints:
    values = as_levels(levels, "levels")
    return values[~np.isnan(values)].astype(np.int64)


def _counts(levels: Values) -> Ints:
    return np.bincount(_present(levels), minlength=TOP + 1)


def _counts_by_side(levels: Values, sides: Values) -> Ints:
    values, places = as_levels(levels, "levels"), as_sides(sides, "sides")
    aligned(levels=values, sides=places)
    known = ~np.isnan(values)
    return histograms.counted(places[known], len(SIDES), values[known].astype(np.int64), TOP + 1)


def gini(levels: Values) -> float:
    """Return how unequal the levels are: 0 equal … 1 one partner holds all (mean-difference Gini, Deltas 2003).

    NaN for fewer than two levels, or if all are 0.
    """
    return float(histograms.gini(_counts(levels)))


def concentration(levels: Values) -> float:
    """Return the normalised Herfindahl index of the shares in the sum of levels: 0 equal … 1 one partner holds all.

    NaN for fewer than two levels, or if all are 0.
    """
    x = _present(levels)
    n, total = len(x), int(x.sum())
    return float((n * (x * x).sum() - total**2) / (total**2 * (n - 1))) if n > 1 and total else math.nan


def evenness(levels: Values) -> float:
    """Return Pielou's evenness of the shares in the sum of levels: 1 equal … 0 one partner holds all.

    NaN for fewer than two levels, or if all are 0.
    """
    x = _present(levels)
    if len(x) < 2 or not x.any():
        return math.nan
    shares = x[x > 0] / x.sum()
    return abs(float((shares * np.log(shares)).sum())) / math.log(len(x))


def holders(levels: Values, sides: Values) -> str | None:
    """Return whose partners stand at 3 or more: "none", "north", "south", "other", or "shared" by several sides.

    None without any level.
    """
    return histograms.holders(_counts_by_side(levels, sides)).item()  # type: ignore[no-any-return]


def holding(levels: Values, sides: Values) -> frozenset[str] | None:
    """Return the sides ("north", "south", "other") that have a partner at 3 or more; empty if no side has.

    None without any level. Who co-decides, by name: `holders` calls several sides "shared".
    """
    counts = _counts_by_side(levels, sides)
    if not counts.any():
        return None
    return frozenset(side for side, of_side in zip(SIDES, counts, strict=True) if of_side[CO_DECIDES:].any())


def side_gap(levels: Values, sides: Values) -> SideGap:
    """Compare Northern with Southern partners; levels and gap in steps of the ladder, gap = north − south (−4..4).

    `delta` is Cliff's δ (−1..1), `superiority` Vargha & Delaney's A (2000), the chance that a Northern partner stands
    above a Southern one (0..1, ties half). With a side empty its mean, gap, delta and superiority are NaN.
    """
    counts = _counts_by_side(levels, sides)
    northern, southern = counts[NORTH], counts[SOUTH]
    north, south = float(histograms.mean(northern)), float(histograms.mean(southern))
    delta = float(histograms.cliff_delta(northern, southern))
    n_north, n_south = int(northern.sum()), int(southern.sum())
    return SideGap(north, south, north - south, delta, (delta + 1) / 2, n_north, n_south)


def balance(gap: float) -> float:
    """Return the power-balance score of a gap (−4..4): 100 equal say … 0 one side decides, the other is excluded.

    NaN for a missing gap. Never a headline: show the level beside it.
    """
    value = as_numbers([gap], "gap")
    if np.abs(value[0]) > TOP + TIE:
        refuse("gap", gap, "is not between -4 and 4")
    return float(histograms.balance(value)[0])


def consensus(levels: Values) -> float:
    """Return how much the levels agree: 1 all the same … 0 half at either end (Tastle & Wierman 2007).

    NaN for fewer than two levels.
    """
    return float(histograms.consensus(_counts(levels)))
