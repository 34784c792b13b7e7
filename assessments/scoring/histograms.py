"""The formulas, on counts: how many partners (or voices) stand at each level.

Every function takes an array whose last axis counts the levels 0, 1, 2, … (whole steps, or half steps where `step`
says so) and returns one value for each leading index, NaN where undefined. Counts are exact, so equal levels give exact
ties.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from assessments.scoring.checks import Floats, Ints
from assessments.scoring.levels import CO_DECIDES, SIDES, TOP

HOLDERS = np.array([None, "none", *SIDES, "shared"], dtype=object)


def ratio(above: npt.ArrayLike, below: npt.ArrayLike) -> Floats:
    """Divide, leaving NaN where the divisor is not positive."""
    numerator, divisor = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    quotient: Floats = np.full(divisor.shape, np.nan)
    np.divide(numerator, divisor, out=quotient, where=divisor > 0)
    return quotient


def counted(groups: Ints, size: int, places: Ints, width: int) -> Ints:
    """Count, for each of `size` groups, how often each of `width` places occurs."""
    return np.bincount(groups * width + places, minlength=size * width).reshape(size, width)


def mean(counts: Ints, step: float = 1) -> Floats:
    """Return the mean level."""
    return ratio((counts * np.arange(counts.shape[-1])).sum(-1), counts.sum(-1)) * step


def median(counts: Ints, step: float = 1) -> Floats:
    """Return the median level."""
    n, up_to = counts.sum(-1, keepdims=True), counts.cumsum(-1)
    middle = (up_to > (n - 1) // 2).argmax(-1) + (up_to > n // 2).argmax(-1)
    return np.where(n[..., 0] > 0, middle * step / 2, np.nan)


def gini(counts: Ints) -> Floats:
    """Return the mean-difference Gini × n/(n−1) (Deltas 2003)."""
    n = counts.sum(-1)
    below = counts.cumsum(-1)
    differences = (below * (n[..., None] - below)).sum(-1)
    return ratio(differences, (n - 1) * (counts * np.arange(counts.shape[-1])).sum(-1))


def cliff_delta(north: Ints, south: Ints) -> Floats:
    """Return Cliff's δ: how much more often a Northern level exceeds a Southern one than the reverse."""
    up_to, n_south = south.cumsum(-1), south.sum(-1)
    wins = north * (up_to - south)
    losses = north * (n_south[..., None] - up_to)
    return ratio((wins - losses).sum(-1), north.sum(-1) * n_south)


def consensus(counts: Ints, step: float = 1) -> Floats:
    """Return consensus on a ladder of width 4 (Tastle & Wierman 2007)."""
    n = counts.sum(-1)
    centre = np.where(n > 0, mean(counts, step), 0)
    distance = np.abs(np.arange(counts.shape[-1]) * step - centre[..., None]) / TOP
    occurs = counts > 0
    logs = np.log2(np.where(occurs, 1 - distance, 1))
    return np.where(n > 1, 1 + (counts * logs).sum(-1) / np.maximum(n, 1), np.nan)


def balance(gap: Floats) -> Floats:
    """Return the power-balance score 100·(1 − |gap|/4)."""
    return 100 * (1 - np.abs(gap) / TOP)


def holders(counts: Ints) -> npt.NDArray[Any]:
    """Return who stands at 3 or 4, from counts whose last axes are side and level; None without any level."""
    decides = counts[..., CO_DECIDES:].sum(-1) > 0
    sides = decides.sum(-1)
    place = np.select([counts.sum((-1, -2)) == 0, sides == 0, sides == 1], [0, 1, 2 + decides.argmax(-1)], 5)
    return np.asarray(HOLDERS[place])
