"""What may be published of a cell's numbers (METHOD §4, rule 12): the last step before every page, file and interface.

Pure: takes a cell as `tables` computes it, or as it was stored, and returns what may be shown. Doing so twice changes
nothing, so what was stored under older rules is read through it too.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.disclosure import ENOUGH_FOR_INTERVAL
from assessments.scoring.levels import BOTH_SIDES

FACT_STEP = 5  # partnerships of a fact are counted in fives, always down
FEW = 2  # partnerships on each side of a share, for it to be a number
ALL, NONE = "nearly_all", "nearly_none"
ENDS = ("low", "high")


def published(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table with what may be published of each cell."""
    return {**table, "cells": [coarse(cell) for cell in table["cells"]]}


def coarse(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell with one decimal, no standard deviation, intervals from ten partnerships, and no telling share.

    Of facts only the mean share remains, since anyone may know the shares of the partnerships in it.
    """
    n = cell["n"]
    if "south_share" in cell:
        return {"of": cell["of"], "n": n - n % FACT_STEP, "south_share": tenth(cell["south_share"])}
    rounded: dict[str, Any] = {"of": cell["of"], "n": n}
    if "lead" in cell:
        rounded["lead"] = _lead(cell["lead"])
    rounded |= {name: _mean(cell[name], n) for name in ("gap", "change") if name in cell}
    rounded |= {side: tenth(cell[side]) for side in BOTH_SIDES if side in cell}
    if "levels" in cell:
        rounded["levels"] = (
            {side: tenths(shares) for side, shares in cell["levels"].items()} if n >= ENOUGH_FOR_INTERVAL else {}
        )
    return rounded | (_moved(cell) if "up" in cell else {})


def _mean(estimate: Mapping[str, Any], n: int) -> dict[str, float | None]:
    ends = {end: tenth(estimate[end]) if n >= ENOUGH_FOR_INTERVAL else None for end in ENDS}
    return {"mean": tenth(estimate["mean"]), **ends}


def _lead(share: Mapping[str, Any]) -> dict[str, Any]:
    """Return the leading share as a number, or in words where it would tell of one or two partnerships."""
    if in_words := share.get("words") or share_in_words(share["k"], share["n"]):
        return {"words": in_words, **dict.fromkeys(("k", "n", "ties", "share", *ENDS))}
    ends = {end: tenth(share[end]) if share["n"] >= ENOUGH_FOR_INTERVAL else None for end in ENDS}
    counts = {name: share[name] for name in ("k", "n", "ties")}
    return {"words": "", **counts, "share": tenth(share["k"] / share["n"]), **ends}


def _moved(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return in how many partnerships a level rose, stayed and fell: three numbers, one, or words only."""
    none: dict[str, Any] = dict.fromkeys(("up", "same", "down"))
    if in_words := counts.get("words") or (counts["up"] is not None and share_in_words(counts["up"], counts["n"])):
        return {**none, "words": in_words}
    ways = {way: counts[way] for way in none}
    is_telling = any(n is None or n < FEW for n in ways.values())
    return {**none, "up": counts["up"], "words": ""} if is_telling else {**ways, "words": ""}


def share_in_words(k: int, n: int) -> str:
    """Return "nearly_all" or "nearly_none" where fewer than two are on one of the sides; otherwise nothing."""
    if k < FEW:
        return NONE
    return ALL if n - k < FEW else ""


def tenth(value: float | None) -> float | None:
    """Round to one decimal; None where undefined."""
    return None if value is None or math.isnan(value) else round(float(value), 1) + 0.0


def tenths(shares: Sequence[float]) -> list[float]:
    """Return shares of one whole in tenths that sum to it: what is left goes to the largest remainders."""
    exact = [10 * share + 1e-9 for share in shares]
    whole = [int(part) for part in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in by_rest[: max(0, 10 - sum(whole))]:
        whole[place] += 1
    return [number / 10 for number in whole]
