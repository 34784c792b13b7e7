"""Shift: what changed between two assessments, and how much of what was desired is achieved.

Takes any finite numbers, NaN (or None) when missing; anything else raises ValueError. A difference below 1e-9 is a tie.
An undefined statistic is NaN.
"""

import math
from typing import NamedTuple

import numpy as np
import scipy  # its parts load when first asked for: statistics would be a fifth of the start of every command

from assessments.scoring.checks import Floats, Values, aligned, as_numbers, signs_of


class Shift(NamedTuple):
    """What changed between two assessments, over the `n` pairs present in both."""

    n: int
    mean: float
    up: int
    same: int
    down: int
    net: float
    rank_biserial: float
    progress: float


def _over(above: float, below: float) -> float:
    return float(above / below) if below else math.nan


def _rank_biserial(change: Floats) -> float:
    moved = change[signs_of(change) != 0]
    # Rounded, so that sizes which differ by rounding alone share a rank.
    ranks = scipy.stats.rankdata(np.round(np.abs(moved), 9))
    return _over((ranks * np.sign(moved)).sum(), ranks.sum())


def _progress(before: Floats, after: Floats, desired: Floats) -> float:
    known = ~np.isnan(before + after + desired)
    wanted, change = (desired - before)[known], (after - before)[known]
    direction = signs_of(wanted)
    return _over((direction * change).sum(), np.abs(wanted[direction != 0]).sum())


def shift(before: Values, after: Values, desired: Values | None = None) -> Shift:
    """Return the change from `before` to `after`, paired by position and equally long, in steps of the ladder.

    `net` = (up − down)/n; `rank_biserial` is the matched-pairs rank-biserial correlation (Kerby 2014), zeros dropped;
    `progress` = Σ sign(d − b)(a − b) / Σ |d − b| over complete triples with `desired`: 1 as much as was wanted.
    NaN: all without a pair, `rank_biserial` without change, `progress` if nothing was desired.
    """
    b, a = as_numbers(before, "before"), as_numbers(after, "after")
    d = np.full(len(b), np.nan) if desired is None else as_numbers(desired, "desired")
    aligned(before=b, after=a, desired=d)
    change = (a - b)[~np.isnan(a - b)]
    signs = signs_of(change)
    n, up, down = len(change), int((signs > 0).sum()), int((signs < 0).sum())
    mean, net = _over(change.sum(), n), _over(up - down, n)
    return Shift(n, mean, up, n - up - down, down, net, _rank_biserial(change), _progress(b, a, d))
