"""What may enter the method: numbers, levels and sides; anything else is a ValueError naming column and value."""

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from assessments.scoring.levels import SIDES, TOP

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Values = Sequence[Any] | npt.NDArray[Any] | pd.Series | pd.Index

TIE = 1e-9  # smaller differences are rounding, not power


def refuse(column: str, value: Any, rule: str) -> NoReturn:
    """Raise the one kind of error that this package knows."""
    plain = value.item() if isinstance(value, np.generic) else value
    raise ValueError(f"{column}: {plain!r} {rule}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _series(values: Values) -> "pd.Series[Any]":
    if isinstance(values, pd.Series):
        return values
    if hasattr(values, "dtype"):
        return pd.Series(values)
    # As objects, since numpy would read [True, 2] as whole numbers and [1, "2"] as strings.
    return pd.Series(list(values), dtype=object)


def as_numbers(values: Values, column: str) -> Floats:
    """Return finite numbers, and NaN for what is missing (NaN, None, NA), as floats."""
    series = _series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = pd.Series(np.asarray(series))
    if not pd.api.types.is_any_real_numeric_dtype(series.dtype):
        present = series[series.notna()].astype(object)
        if pd.api.types.infer_dtype(present) not in {"integer", "floating", "mixed-integer-float", "empty"}:
            refuse(column, next(value for value in present if not _is_number(value)), "is not a number")
        series = series.astype(object).where(series.notna(), np.nan)
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite = np.isinf(numbers)
    if infinite.any():
        refuse(column, numbers[np.argmax(infinite)], "is not finite")
    return numbers


def as_levels(values: Values, column: str) -> Floats:
    """Return levels, whole numbers 0..4, and NaN for what is missing."""
    levels = as_numbers(values, column)
    wrong = (levels < 0) | (levels > TOP) | (levels != np.floor(levels)) & ~np.isnan(levels)
    if wrong.any():
        refuse(column, np.asarray(values)[np.argmax(wrong)], "is not a whole level from 0 to 4")
    return levels


def as_sides(values: Values, column: str) -> Ints:
    """Return the position in SIDES of each side."""
    series = _series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, names = series.cat.codes.to_numpy(), series.cat.categories
    else:
        codes, names = pd.factorize(series)
    places = pd.Index(SIDES, dtype=object).get_indexer(pd.Index(names, dtype=object))
    sides = np.append(places, -1)[codes].astype(np.int64)
    if (sides < 0).any():
        refuse(column, series.iloc[int(np.argmax(sides < 0))], "is not a side (north, south, other)")
    return sides


def aligned(**columns: npt.NDArray[Any]) -> None:
    """Raise unless all columns are equally long."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"unequal lengths: {', '.join(f'{name} {n}' for name, n in lengths.items())}")


def signs_of(differences: Floats) -> Floats:
    """Return −1, 0 or 1 for each difference; 0 is a tie."""
    return np.where(np.abs(differences) < TIE, 0, np.sign(differences))
