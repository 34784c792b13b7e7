"""Agreement among raters: Krippendorff's α for ordinal data (Krippendorff 2004, Content Analysis, ch. 11)."""

import math
from collections.abc import Sequence
from typing import Any

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd

from assessments.scoring.checks import Floats, Ints, as_numbers
from assessments.scoring.histograms import ratio


def _matrix(rows: Sequence[Sequence[Any]] | npt.NDArray[Any] | pd.DataFrame) -> Floats:
    lines = rows.to_numpy() if isinstance(rows, pd.DataFrame) else rows
    values = [as_numbers(line, "matrix") for line in lines]
    if len({len(line) for line in values}) > 1:
        raise ValueError("matrix: raters must have equally many units")
    return np.vstack(values) if values else np.empty((0, 0))


def agreement(matrix: Sequence[Sequence[Any]] | npt.NDArray[Any] | pd.DataFrame) -> float:
    """Return Krippendorff's α, ordinal, of raters (rows) × units (columns): 1 perfect … 0 as by chance, or below.

    Takes any finite numbers; NaN is missing. NaN without variation, or if no unit has two raters.
    """
    data = _matrix(matrix)
    data = data[:, (~np.isnan(data)).sum(0) > 1]
    if len(np.unique(data[~np.isnan(data)])) < 2:
        return math.nan
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="ordinal"))


def agreements(counts: Ints, groups: Ints) -> Floats:
    """Return `agreement` of many groups of units at once, from each unit's counts per value.

    `counts` is units × values, `groups` the units' group 0, 1, 2, …: sorted, none left out. Ordinal distance is squared
    distance between mid-ranks, so α needs no coincidence matrix: within-unit variance against total variance.
    """
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    raters = counts.sum(1)
    paired = counts * (raters > 1)[:, None]
    totals = np.add.reduceat(paired, starts, axis=0) if len(starts) else paired
    ranks = totals.cumsum(1) - totals / 2
    own = ranks[groups]
    within = raters * (paired * own**2).sum(1) - (paired * own).sum(1) ** 2
    observed = np.bincount(groups, within / np.maximum(raters - 1, 1), minlength=len(totals))
    n = totals.sum(1)
    expected = n * (totals * ranks**2).sum(1) - (totals * ranks).sum(1) ** 2
    alpha: Floats = 1 - (n - 1) * ratio(observed, expected)
    return alpha
