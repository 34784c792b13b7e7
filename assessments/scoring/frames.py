"""From frames to small whole numbers and back: keys, pairs of keys, sides; the checks on whole frames.

Keys may be strings, integers, categories or anything else that sorts; they are factorized once, and everything after
works on codes in the order of the sorted keys. Results carry plain keys (a category's value), never the category.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from assessments.scoring.checks import Floats, Ints, refuse
from assessments.scoring.histograms import ratio
from assessments.scoring.levels import SIDES

Labels: TypeAlias = "pd.Index[Any]"


class Pairs(NamedTuple):
    """Each row's pair as an id, and per id, in sorted order, its left and its right code."""

    ids: Ints
    left: Ints
    right: Ints


class SideTable(NamedTuple):
    """The side of every partner of every assessment."""

    keys: Ints
    sides: Ints
    width: int

    def of(self, assessment: Ints, partner: Ints) -> Ints:
        """Look up sides by the codes of assessment and partner."""
        return self.sides[np.searchsorted(self.keys, assessment * self.width + partner)]


def require(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise if a column is missing."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{missing[0]}: the column is missing")


def _factorized(frame: pd.DataFrame, column: str) -> tuple[Ints, Labels]:
    series = frame[column]
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, labels = series.cat.codes.to_numpy(np.int64), series.cat.categories
    else:
        codes, labels = pd.factorize(series)
    if (codes < 0).any():
        refuse(column, series.iloc[int(np.argmax(codes < 0))], "is not a key")
    return codes.astype(np.int64, copy=False), pd.Index(labels)


def coded(frame: pd.DataFrame, *columns: str) -> tuple[Labels, list[Ints]]:
    """Return the sorted labels that the columns share, and each column as codes into them."""
    codes, names = zip(*(_factorized(frame, column) for column in columns), strict=True)
    ranks, labels = pd.factorize(names[0].append(list(names[1:])), sort=True)
    parts = np.split(ranks, np.cumsum([len(part) for part in names[:-1]]))
    return pd.Index(labels), [rank[code] for rank, code in zip(parts, codes, strict=True)]


def pair(left: Ints, right: Ints, width: int) -> Pairs:
    """Number the pairs that occur; `right` runs below `width`."""
    ids, keys = _numbered(left * width + right)
    return Pairs(ids, keys // width, keys % width)


def _numbered(keys: Ints) -> tuple[Ints, Ints]:
    """Return each key's place among the sorted keys, and these."""
    starts = _runs(keys)
    ids, distinct = pd.factorize(keys[starts], sort=True)
    return np.repeat(ids, np.diff(starts, append=len(keys))), distinct


def _runs(keys: Ints) -> Ints:
    """Return where another key begins: rows of one decision mostly stand together, and one of them speaks for all."""
    return np.flatnonzero(np.diff(keys, prepend=-1))


def in_order(keys: Ints) -> Ints:
    """Sort whole numbers, at once where they come in order, as from a database."""
    return keys if (keys[1:] >= keys[:-1]).all() else np.sort(keys)


def refuse_duplicates(frame: pd.DataFrame, columns: Sequence[str], keys: Ints) -> None:
    """Raise if a key, the whole number that stands for a row's `columns`, occurs twice."""
    ordered = in_order(keys)
    if (ordered[1:] == ordered[:-1]).any():
        row = int(np.argmax(pd.Series(keys).duplicated()))
        values = ", ".join(repr(frame[column].iloc[row]) for column in columns)
        raise ValueError(f"{', '.join(columns)}: ({values}) occurs twice")


def side_table(
    assessments: Labels, partners: Labels, assessment: Ints, members: dict[str, tuple[Ints, Ints]]
) -> SideTable:
    """Return every partner's side from columns of (partner, side) codes; raise if one has two in an assessment."""
    width = len(partners)
    owners_with_side: Ints = np.empty(0, dtype=np.int64)
    for column, (partner, side) in members.items():
        stated = (assessment * width + partner) * len(SIDES) + side
        owners_with_side = np.unique(np.concatenate([owners_with_side, pd.unique(stated[_runs(stated)])]))
        owner = owners_with_side // len(SIDES)
        twice = np.flatnonzero(owner[1:] == owner[:-1])
        if len(twice):
            place, first_side, second_side = (
                int(owner[twice[0]]),
                *(SIDES[owners_with_side[twice[0] + i] % len(SIDES)] for i in (0, 1)),
            )
            who, where = partners[place % width], assessments[place // width]
            raise ValueError(f"{column}: {who!r} is both {first_side!r} and {second_side!r} in assessment {where!r}")
    return SideTable(owners_with_side // len(SIDES), owners_with_side % len(SIDES), width)


def means(groups: Ints, size: int, values: Floats) -> tuple[Floats, Ints]:
    """Return each group's mean of the values that are not missing, and how many those are."""
    known = ~np.isnan(values)
    n = np.bincount(groups[known], minlength=size)
    return ratio(np.bincount(groups[known], values[known], minlength=size), n), n
