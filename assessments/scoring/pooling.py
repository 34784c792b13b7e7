"""Pooling many partnerships, one value each: their mean, and the share of them that one side leads.

Takes any finite numbers, NaN (or None) when missing; anything else raises ValueError. A gap below 1e-9 is a tie.
An undefined statistic is NaN.
"""

import math
from typing import NamedTuple

import numpy as np
import scipy  # its parts load when first asked for: statistics would be a fifth of the start of every command

from assessments.scoring.checks import Values, as_numbers, signs_of


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
    signs = signs_of(x[~np.isnan(x)])
    k, n = int((signs > 0).sum()), int((signs != 0).sum())
    ties = len(signs) - n
    if n == 0:
        return Share(k, n, ties, math.nan, math.nan, math.nan, math.nan)
    test = scipy.stats.binomtest(k, n)
    low, high = test.proportion_ci(method="wilson")
    return Share(k, n, ties, k / n, float(low), float(high), float(test.pvalue))
