"""Comparing two assessments, and pooling many: shift, pooled means, the share of partnerships that one side leads.

All take any finite numbers, NaN (or None) when missing; anything else raises ValueError. A difference or gap below 1e-9
is a tie. An undefined statistic is NaN.
"""

import math
from typing import NamedTuple

import numpy as np
import scipy  # its parts load when first asked for: statistics would be a fifth of the start of every command

from assessments.scoring.checks import TIE, Floats, Values, aligned, as_numbers


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


class Pooled(NamedTuple):
    """Mean over `n` partnerships, standard deviation between them, and the 95 % interval of the mean."""

    n: int
    mean: float
    sd: float
    low: float
    high: float


class Share(NamedTuple):
    """In `k` of `n` partnerships without a tie the gap is positive, with 95 % interval and two-sided p value."""

    k: int
    n: int
    ties: int
    share: float
    low: float
    high: float
    p_value: float


def _signs(differences: Floats) -> Floats:
    return np.where(np.abs(differences) < TIE, 0, np.sign(differences))


def _over(above: float, below: float) -> float:
    return float(above / below) if below else math.nan


def _rank_biserial(change: Floats) -> float:
    moved = change[_signs(change) != 0]
    # Rounded, so that sizes which differ by rounding alone share a rank.
    ranks = scipy.stats.rankdata(np.round(np.abs(moved), 9))
    return _over((ranks * np.sign(moved)).sum(), ranks.sum())


def _progress(before: Floats, after: Floats, desired: Floats) -> float:
    known = ~np.isnan(before + after + desired)
    wanted, change = (desired - before)[known], (after - before)[known]
    direction = _signs(wanted)
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
    signs = _signs(change)
    n, up, down = len(change), int((signs > 0).sum()), int((signs < 0).sum())
    mean, net = _over(change.sum(), n), _over(up - down, n)
    return Shift(n, mean, up, n - up - down, down, net, _rank_biserial(change), _progress(b, a, d))


def pooled(values: Values) -> Pooled:
    """Return mean, standard deviation (n − 1) and 95 % t interval of one value per partnership, with equal weight.

    The mean is NaN without a value, `sd` below two, the interval below five or if all values are the same.
    """
    x = as_numbers(values, "values")
    x = x[~np.isnan(x)]
    n = len(x)
    mean = float(x.mean()) if n else math.nan
    sd = math.nan if n < 2 else 0.0 if np.ptp(x) == 0 else float(x.std(ddof=1))
    reach = float(scipy.stats.t.ppf(0.975, n - 1)) * sd / math.sqrt(n) if n >= 5 and sd else math.nan
    return Pooled(n, mean, sd, mean - reach, mean + reach)


def leading_share(gaps: Values) -> Share:
    """Return in what share of partnerships the gap (north − south) is positive, ties dropped.

    95 % Wilson interval, uncorrected; exact binomial test against one half, two-sided. NaN if nothing is left.
    """
    x = as_numbers(gaps, "gaps")
    signs = _signs(x[~np.isnan(x)])
    k, n = int((signs > 0).sum()), int((signs != 0).sum())
    ties = len(signs) - n
    if n == 0:
        return Share(k, n, ties, math.nan, math.nan, math.nan, math.nan)
    test = scipy.stats.binomtest(k, n)
    low, high = test.proportion_ci(method="wilson")
    return Share(k, n, ties, k / n, float(low), float(high), float(test.pvalue))
