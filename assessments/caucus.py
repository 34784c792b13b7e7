"""What leaves a caucus: the answer that each side agreed on within itself, open to all members once rating closed.

Pure, beside `disclosure`: frames in, a plain JSON-ready dict out. Nothing is made coarse, since every side knew that
its answer would be open. What is protected is who said what inside a side: a frame that names anybody is refused, so
that no release can rest on it.
"""

from typing import Any, cast

import numpy as np
import pandas as pd

from assessments.scoring.levels import BOTH_SIDES, LEVELS, SIDES
from assessments.shapes import CaucusData

LEVEL_COLUMNS = ("assessment", "decision", "partner", "partner_side", "side", "level")
AGREEMENT_COLUMNS = ("assessment", "decision", "side", "agree")


def release(levels: pd.DataFrame, agreements: pd.DataFrame) -> CaucusData:
    """Return what a caucus assessment releases, ready for JSON; what a side did not answer is None.

    `levels` has a row per side, decision and partner that was offered: `assessment` (one), `decision`, `partner`,
    `partner_side`, `side` (whose answer it is), `level` 0..4 or NaN. `agreements` has a row per side and decision:
    `agree` true, false or missing. A side's own gap in a decision is the mean level that it gives Northern partners
    less the mean that it gives Southern ones (−4..4), missing if it rated no partner of one of them; the difference is
    the Northern side's gap less the Southern side's. `assessment` holds their means over the decisions that have them.
    Raises ValueError for other columns, a level outside the ladder, an unknown side or a cell that stands twice.
    Source: the method, §3 (own gap) and §4 (caucus: one open answer per side).
    """
    _only(levels, LEVEL_COLUMNS)
    _only(agreements, AGREEMENT_COLUMNS)
    _checked(levels, agreements)
    decisions = sorted(set(levels["decision"]))
    gaps = _gaps(levels)
    rows = [_decision(decision, gaps) for decision in decisions]
    verdicts = {(d, s): a for d, s, a in agreements[["decision", "side", "agree"]].itertuples(index=False)}
    released: dict[str, Any] = {
        "mode": "caucus",
        "decisions": rows,
        "assessment": {name: _mean([row[name] for row in rows]) for name in (*SIDES, "difference")},
        "cells": _cells(levels),
        "agreements": [
            {"decision": decision} | {side: _truth(verdicts.get((decision, side))) for side in SIDES}
            for decision in decisions
        ],
    }
    return cast(CaucusData, released)


def _only(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    if odd := set(frame.columns) ^ set(columns):
        raise ValueError(f"{min(odd)}: a caucus has the columns {', '.join(columns)}, and none that names anybody")


def _checked(levels: pd.DataFrame, agreements: pd.DataFrame) -> None:
    for column in ("side", "partner_side"):
        if (bad := levels.loc[~levels[column].isin(SIDES), column]).size:
            raise ValueError(f"{column}: {bad.iloc[0]!r} is no side")
    given = levels["level"].dropna()
    if (bad := given[~given.isin(LEVELS)]).size:
        raise ValueError(f"level: {bad.iloc[0]:g} is not on the ladder")
    for frame, key in ((levels, ["decision", "side", "partner"]), (agreements, ["decision", "side"])):
        if (twice := frame[frame.duplicated(key)]).size:
            raise ValueError(f"{key[-1]}: {_plain(twice[key[-1]].iloc[0])!r} stands twice")
    if len({*levels["assessment"], *agreements["assessment"]}) > 1:
        raise ValueError("assessment: more than one")


def _gaps(levels: pd.DataFrame) -> dict[tuple[Any, str], float]:
    """Return each side's own gap by decision and side, where it rated partners of both."""
    means = levels.pivot_table("level", ["decision", "side"], "partner_side").reindex(columns=list(BOTH_SIDES))
    found = (means["north"] - means["south"]).dropna()
    places: Any = found.index
    return {(decision, side): float(gap) for (decision, side), gap in zip(places, found, strict=True)}


def _decision(decision: Any, gaps: dict[tuple[Any, str], float]) -> dict[str, Any]:
    own = {side: gaps.get((decision, side)) for side in SIDES}
    both = None if own["north"] is None or own["south"] is None else own["north"] - own["south"]
    return {"decision": _plain(decision), **own, "difference": both}


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _cells(levels: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = levels.assign(place=levels["side"].map(SIDES.index)).sort_values(["decision", "partner", "place"])
    columns = ordered[["decision", "partner", "side", "level"]].itertuples(index=False)
    return [
        {"decision": _plain(d), "partner": _plain(p), "side": side, "level": None if pd.isna(level) else int(level)}
        for d, p, side, level in columns
    ]


def _truth(value: object) -> bool | None:
    return None if value is None or pd.isna(value) else bool(value)  # type: ignore[call-overload]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
