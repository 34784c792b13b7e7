"""Who may see what: private ratings leave only through the functions of this module (the method, §4).

Pure: numpy, pandas and krippendorff in, plain JSON-ready dicts and lists out. Two ideas carry the protection:

- *by side*, every number is a function of the coarse gaps c and of who answered what, and each c leaves every rating
  that went into it at least two possible levels; so nobody's level is certain, even if all other organisations collude;
- *all together*, each band rests on one cell alone and on at least five organisations, and it takes four of five to pin
  the fifth to a "2"; so against three colluding organisations every rating keeps at least two possible levels.

The protection runs between organisations: colleagues who rate for the same one share a voice, and may work out each
other's part in it. Lists are ordered by key (whole numbers first, then text), and cells are the full grid of the
decisions and partners that occur, so that neither order nor length tells who answered. Give the frame a row for each
cell that was offered, with NaN where the answer is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np
import numpy.typing as npt
import pandas as pd

Key = int | str
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MODES = ("by_side", "all_together", "named")
SIDES = ("north", "south")
BANDS = ("0–1", "2", "3–4")
SMALLEST_SIDE = 3
SMALLEST_GROUP = 5
LARGEST_GAP = 3.0

RATING_COLUMNS = (
    "assessment",
    "decision",
    "partner",
    "partner_side",
    "rater",
    "rater_partner",
    "rater_side",
    "level",
)


def release(ratings: pd.DataFrame, ticks: Collection[object], mode: str, k: int = SMALLEST_SIDE) -> dict[str, Any]:
    """Return what may leave the private ratings of one assessment, ready for JSON; hidden values are None.

    `ratings` has the columns of the method's §2, one row per private rating, levels 0..4 or NaN; `ticks` are the rater
    organisations all of whose representatives ticked "show our side even if it is small"; `mode` is the chosen one; `k`
    the smallest side shown without ticks. Gaps are in levels, −3..3 per side (±3.0 reads "3 or more"); bands as in
    `BANDS`. The *named* mode takes the consent of every organisation; its release has two lists more: `medians`, one
    per decision, partner and answering organisation, and `self_gaps`, one per partner. Raises ValueError for a
    malformed frame, an unknown mode, or k < 3. Source: the method, §4.
    """
    sheet = _sheet(ratings)
    shown, effective = _shown(sheet, ticks, mode, k)
    if effective == "all_together":
        return _all_together(sheet)
    result = _by_side(sheet, shown, effective)
    return result | _named(sheet) if effective == "named" else result


def basis(ratings: pd.DataFrame, ticks: Collection[object], mode: str, k: int = SMALLEST_SIDE) -> dict[str, Any]:
    """Return the private record of what the numbers of a release rest on, for `shrink`; same arguments as `release`.

    Per side: the organisations that answered, and the decisions in which consent alone (ticks, or the named mode) shows
    the side. Keep it beside the release and never show it: it tells who ticked.
    """
    sheet = _sheet(ratings)
    shown, effective = _shown(sheet, ticks, mode, k)
    return {
        "mode": effective,
        "sides": {
            side: {
                "organisations": [
                    o for o, s in zip(sheet.organisations, sheet.organisation_sides, strict=True) if s == side
                ],
                "by_ticks": [d for d, by_ticks in zip(sheet.decisions, shown[side].by_ticks, strict=True) if by_ticks],
            }
            for side in SIDES
        },
    }


def shrink(released: dict[str, Any], basis: dict[str, Any], gone: object) -> dict[str, Any]:
    """Return the release after an erasure in the rater organisation `gone`: every value as before, or None.

    A side that consent alone shows in a decision loses its number there; with it go the difference, the side's mean and
    count, the mean difference if it rested on that decision, and the agreement. A side of k organisations stays as it
    was, and nothing is recomputed. In *named* mode the organisation's own medians and all self gaps go too. Call it for
    each organisation of which answers are erased, even if a colleague's remain; again and again, in any order.
    """
    key = _key(gone)
    lost = {side: set(b["by_ticks"]) if key in b["organisations"] else set() for side, b in basis["sides"].items()}
    both = {d["decision"] for d in released["decisions"] if d["difference"] is not None}
    decisions = [d | {side: None for side in SIDES if d["decision"] in lost[side]} for d in released["decisions"]]
    for decision in decisions:
        if any(decision["decision"] in lost[side] for side in SIDES):
            decision["difference"] = None
    summary = dict(released["assessment"])
    summary["answered"] = dict(summary["answered"])
    for side in SIDES:
        if lost[side]:
            summary |= {side: None, "agreement": None}
            summary["answered"][side] = None
        if lost[side] & both:
            summary["difference"] = None
    result = released | {"decisions": decisions, "assessment": summary}
    if released["mode"] == "named":
        result["medians"] = [m | {"level": None} if m["rater_partner"] == key else m for m in released["medians"]]
        result["self_gaps"] = [s | {"self_gap": None} for s in released["self_gaps"]]
    return result


def coarse_gap(gap: npt.ArrayLike) -> Floats:
    """Return own gaps rounded to half steps and cut to −3…3, NaN kept; any shape, in levels."""
    return np.clip(_rounded(np.asarray(gap, dtype=np.float64), 2), -LARGEST_GAP, LARGEST_GAP)


def _rounded(values: Floats, parts: int) -> Floats:
    """Round to whole parts of a level, ties to even; without the sign of a zero, which would tell where it came from."""
    return np.asarray(np.rint(parts * np.round(values, 9)) / parts + 0.0, dtype=np.float64)


@dataclass(frozen=True)
class _Sheet:
    """One assessment as arrays: medians are organisation × decision × partner, gaps organisation × decision."""

    decisions: list[Key]
    partners: list[Key]
    organisations: list[Key]
    organisation_sides: list[str]
    medians: Floats
    gaps: Floats


@dataclass(frozen=True)
class _Shown:
    """Per decision, whether a side is shown at all, and whether by consent alone; and its rows in the sheet."""

    rows: Bools
    anyhow: Bools
    by_ticks: Bools


def _sheet(ratings: pd.DataFrame) -> _Sheet:
    """Lay the frame out as arrays; several raters of one organisation are one voice, their median."""
    frame = _checked(ratings)
    decisions, partners = _ordered(frame["decision"]), _ordered(frame["partner"])
    answers = frame[frame["level"].notna()]
    organisations = _ordered(answers["rater_partner"])
    voices = answers.groupby(
        [
            answers["rater_partner"].map(_positions(organisations)),
            answers["decision"].map(_positions(decisions)),
            answers["partner"].map(_positions(partners)),
        ]
    )["level"].median()
    medians = np.full((len(organisations), len(decisions), len(partners)), np.nan)
    if len(voices):
        medians[tuple(voices.index.get_level_values(i).to_numpy(dtype=np.intp) for i in range(3))] = voices.to_numpy()
    partner_sides = _sides(frame, "partner", "partner_side")
    organisation_sides = _sides(frame, "rater_partner", "rater_side")
    sides = np.array([partner_sides[p] for p in partners], dtype=object)
    gaps = coarse_gap(_mean(medians[:, :, sides == "north"], 2) - _mean(medians[:, :, sides == "south"], 2))
    return _Sheet(decisions, partners, organisations, [organisation_sides[o] for o in organisations], medians, gaps)


def _checked(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with plain keys and float levels; raise ValueError at the first value that cannot be right."""
    if absent := [c for c in RATING_COLUMNS if c not in ratings.columns]:
        raise ValueError(f"{absent[0]}: the column is missing")
    frame = pd.DataFrame({c: _plain(ratings[c]) for c in RATING_COLUMNS[:-1]})
    frame["level"] = _levels(ratings["level"]).to_numpy()
    if len(several := frame["assessment"].unique()) > 1:
        raise ValueError(f"assessment: one at a time, also found {several[1]!r}")
    for column in ("partner_side", "rater_side"):
        if (bad := frame.loc[~frame[column].isin([*SIDES, "other"]), column]).size:
            raise ValueError(f"{column}: {bad.iloc[0]!r} is no side")
    if (twice := frame.loc[frame.duplicated(["decision", "partner", "rater"]), "rater"]).size:
        raise ValueError(f"rater: {twice.iloc[0]!r} rates one cell twice")
    for of, is_one in (("partner", "partner_side"), ("rater_partner", "rater_side"), ("rater", "rater_partner")):
        pairs = frame[[of, is_one]].drop_duplicates()
        if (two := pairs.loc[pairs[of].duplicated(), is_one]).size:
            raise ValueError(f"{is_one}: {two.iloc[0]!r} is a second one of the same {of}")
    return frame


def _levels(column: pd.Series[Any]) -> pd.Series[float]:
    """Return levels as floats, or raise ValueError that names the first bad one."""
    try:
        levels = column.astype("float64")
    except (TypeError, ValueError) as error:
        raise ValueError(f"level: {error}") from None
    if (bad := levels[levels.notna() & ~levels.isin(range(5))]).size:
        raise ValueError(f"level: {bad.iloc[0]!r} is not on the ladder")
    return levels


def _key(value: object) -> Key:
    """Return a key that JSON can hold: whole numbers as they are, all else (text, UUID) as text."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    return str(value)


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return the column's keys in plain types, looking at each distinct one once."""
    if column.isna().any():
        raise ValueError(f"{column.name}: a value is missing")
    keys = {value: _key(value) for value in column.unique()}
    return pd.Series([keys[value] for value in column], dtype=object)


def _ordered(keys: Iterable[Key]) -> list[Key]:
    """Return the distinct keys in an order that no row of answers can change."""
    return sorted(set(keys), key=lambda key: (isinstance(key, str), key))


def _positions(keys: list[Key]) -> dict[Key, int]:
    """Return each key's place."""
    return {key: place for place, key in enumerate(keys)}


def _sides(frame: pd.DataFrame, key: str, side: str) -> dict[Key, str]:
    """Return the side of each partner or rater organisation."""
    return dict(zip(frame[key], frame[side], strict=True))


def _mean(values: Floats, axis: int) -> Floats:
    """Return means over an axis, without the missing; NaN, in silence, where all are missing."""
    count = (~np.isnan(values)).sum(axis=axis)
    mean: Floats = np.full(count.shape, np.nan)
    np.divide(np.nansum(values, axis=axis), count, out=mean, where=count > 0)
    return mean


def _shown(sheet: _Sheet, ticks: Collection[object], mode: str, k: int) -> tuple[dict[str, _Shown], str]:
    """Decide where each side may be shown, each by itself, and which mode that leaves in effect."""
    if mode not in MODES:
        raise ValueError(f"mode: {mode!r} is none of {', '.join(MODES)}")
    if k < SMALLEST_SIDE:
        raise ValueError(f"k: {k!r} is below {SMALLEST_SIDE}, and can only be raised")
    ticked = {_key(organisation) for organisation in ticks}
    shown = {side: _side_shown(sheet, side, ticked, mode, k) for side in SIDES}
    nothing = not any(s.anyhow.any() for s in shown.values())
    return shown, "all_together" if mode == "by_side" and nothing else mode


def _side_shown(sheet: _Sheet, side: str, ticked: set[Key], mode: str, k: int) -> _Shown:
    """Show a side of k organisations, and a smaller one if all of it that answered anything consent."""
    rows = np.array([s == side for s in sheet.organisation_sides], dtype=np.bool_)
    count = (~np.isnan(sheet.gaps[rows])).sum(axis=0)
    consent = mode == "named" or all(o in ticked for o, mine in zip(sheet.organisations, rows, strict=True) if mine)
    large = np.asarray(count >= k) & (mode != "named")
    by_ticks = np.asarray(count >= 1) & consent & ~large
    return _Shown(rows, large | by_ticks, by_ticks)


def _by_side(sheet: _Sheet, shown: dict[str, _Shown], mode: str) -> dict[str, Any]:
    """Fill the release from the coarse gaps of the shown sides; means and differences come from shown numbers."""
    means = {side: np.where(s.anyhow, _rounded(_mean(sheet.gaps[s.rows], 0), 2), np.nan) for side, s in shown.items()}
    numbers = means | {"difference": _rounded(means["north"] - means["south"], 2)}
    visible = np.where(np.any([s.rows[:, None] & s.anyhow for s in shown.values()], axis=0), sheet.gaps, np.nan)
    return {
        "mode": mode,
        "decisions": [
            {"decision": decision} | {name: _number(values[i]) for name, values in numbers.items()}
            for i, decision in enumerate(sheet.decisions)
        ],
        "assessment": {
            **{name: _number(_rounded(_mean(values, 0), 10)) for name, values in numbers.items()},
            "agreement": _agreement(visible),
            "answered": {side: int(s.rows.sum()) if s.anyhow.any() else None for side, s in shown.items()},
        },
        "cells": [],
    }


def _number(value: Any) -> float | None:
    """Return a number for JSON, None for NaN."""
    return None if np.isnan(value) else float(value)


def _agreement(matrix: Floats) -> float | None:
    """Return Krippendorff's ordinal α of raters × units, one decimal; None without variation or without a pair."""
    pairable = matrix[:, (~np.isnan(matrix)).sum(axis=0) >= 2]
    if len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        return None
    alpha = krippendorff.alpha(reliability_data=pairable, level_of_measurement="ordinal")
    return _number(_rounded(np.asarray(alpha, dtype=np.float64), 10))


def _all_together(sheet: _Sheet) -> dict[str, Any]:
    """Fill the release with the band of each cell that at least five organisations answered, and no side at all."""
    nothing = {"north": None, "south": None, "difference": None}
    return {
        "mode": "all_together",
        "decisions": [{"decision": decision} | nothing for decision in sheet.decisions],
        "assessment": nothing | {"agreement": None, "answered": {"all": len(sheet.organisations)}},
        "cells": [
            {"decision": decision, "partner": partner, "band": _band(sheet.medians[:, i, j])}
            for i, decision in enumerate(sheet.decisions)
            for j, partner in enumerate(sheet.partners)
        ],
    }


def _band(levels: Floats) -> str | None:
    """Return the band of the lower median, where a half counts in the level below; None under five organisations."""
    voices = np.sort(levels[~np.isnan(levels)])
    if len(voices) < SMALLEST_GROUP:
        return None
    return BANDS[int(np.digitize(np.floor(voices[(len(voices) - 1) // 2]), [2, 3]))]


def _named(sheet: _Sheet) -> dict[str, Any]:
    """Add what only the named mode shows: each organisation's medians, and the partners' self gaps."""
    return {
        "medians": [
            {"decision": d, "partner": p, "rater_partner": o, "level": _number(sheet.medians[h, i, j])}
            for i, d in enumerate(sheet.decisions)
            for j, p in enumerate(sheet.partners)
            for h, o in enumerate(sheet.organisations)
        ],
        "self_gaps": [
            {"partner": partner, "self_gap": _number(_self_gap(sheet, partner, j))}
            for j, partner in enumerate(sheet.partners)
        ],
    }


def _self_gap(sheet: _Sheet, partner: Key, place: int) -> np.float64:
    """Return own level − median of the others', averaged over the decisions that have both."""
    own = np.array([o == partner for o in sheet.organisations], dtype=np.bool_)
    others = pd.DataFrame(sheet.medians[~own, :, place]).median().to_numpy(dtype=np.float64)
    mine = sheet.medians[own, :, place]
    return np.float64(np.round(_mean(mine - others, 1)[0], 9)) if len(mine) else np.float64(np.nan)
