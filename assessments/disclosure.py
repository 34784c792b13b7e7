"""Who may see what: private ratings leave only through the functions of this module (the method, §4).

Pure: frames and sets in, plain JSON-ready dicts and lists out. Two ideas carry the protection:

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

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from assessments.scoring import agreement
from assessments.scoring.levels import BOTH_SIDES, LEVELS, SIDES
from assessments.shapes import ReleaseData

Key = int | str
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MODES = ("by_side", "all_together", "named")
BANDS = ("0–1", "2", "3–4")
SMALLEST_SIDE = 3  # organisations of a side
SMALLEST_GROUP = 5  # organisations, where all stand together
FEWEST_WRITERS = 3  # organisations that gave unsigned reasons
FEWEST_VOTERS, FEWEST_VOTERS_OF_SIDE = 5, 3  # people whose votes on decisions are counted
# In the evidence base: partnerships in a cell, and in whatever can be worked out from several cells; in a cell of
# facts, many of which anyone can look up; and for an interval, or for the spread of levels.
FEWEST_PARTNERSHIPS, FEWEST_WITH_FACTS, ENOUGH_FOR_INTERVAL = 5, 10, 10
PROGRESS_FROM, QUARTERS_FROM = 6, 12
LARGEST_GAP = 3.0

RATING_KEYS = ("assessment", "decision", "partner", "partner_side", "rater", "rater_partner", "rater_side")
VOTE_KEYS = ("assessment", "decision", "rater", "rater_partner")


def release(ratings: pd.DataFrame, ticks: Collection[object], mode: str, k: int = SMALLEST_SIDE) -> ReleaseData:
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
    released = _all_together(sheet) if effective == "all_together" else _by_side(sheet, shown, effective)
    return cast(ReleaseData, released | _named(sheet) if effective == "named" else released)


def basis(ratings: pd.DataFrame, ticks: Collection[object], mode: str, k: int = SMALLEST_SIDE) -> dict[str, Any]:
    """Return the private record of what the numbers of a release rest on, for `shrink`; same arguments as `release`.

    Per side: the organisations that answered, and the decisions in which consent alone (ticks, or the named mode) shows
    the side. Keep it beside the release and never show it: it tells who ticked.
    """
    sheet = _sheet(ratings)
    shown, effective = _shown(sheet, ticks, mode, k)
    sides = effective != "all_together"
    organisations = list(zip(sheet.organisations, sheet.organisation_sides, strict=True))
    return {
        "mode": effective,
        "sides": {
            side: {
                "organisations": [o for o, its_side in organisations if its_side == side],
                "by_ticks": [d for d, b in zip(sheet.decisions, shown[side].by_ticks, strict=True) if sides and b],
            }
            for side in BOTH_SIDES
        },
    }


def shrink(released: ReleaseData, basis: dict[str, Any], gone: object) -> ReleaseData:
    """Return the release after an erasure in the rater organisation `gone`: every value as before, or None.

    A side that consent alone shows in a decision loses its number there; with it go the difference, the side's mean and
    count, the mean difference if it rested on that decision, and the agreement. A side of k organisations stays as it
    was, and nothing is recomputed. In *named* mode the organisation's own medians and all self gaps go too. Call it for
    each organisation of which answers are erased, even if a colleague's remain; again and again, in any order.
    """
    key = _key(gone)
    lost = {side: set(b["by_ticks"]) if key in b["organisations"] else set() for side, b in basis["sides"].items()}
    both = {d["decision"] for d in released["decisions"] if d["difference"] is not None}
    result = deepcopy(released)
    for decision in result["decisions"]:
        for side in BOTH_SIDES:
            if decision["decision"] in lost[side]:
                decision[side] = decision["difference"] = None
    summary = result["assessment"]
    for side in BOTH_SIDES:
        if lost[side]:
            summary[side] = summary["agreement"] = summary["answered"][side] = None
        if lost[side] & both:
            summary["difference"] = None
    if released["mode"] == "named":
        for median in result["medians"]:
            if median["rater_partner"] == key:
                median["level"] = None
        for self_gap in result["self_gaps"]:
            self_gap["self_gap"] = None
    return result


def all_agree(votes: pd.DataFrame, at_least: int = SMALLEST_GROUP) -> list[dict[str, Any]]:
    """Return per decision whether all who answered agree: "all agree", "not all agree", or None, hidden.

    `votes` has a row per rater and decision: assessment (one), decision, rater, rater_partner, agree (true, false or
    missing). A decision is shown if at least five organisations, by any of their raters, answered it; one no of one
    rater makes it "not all agree"; a missing answer counts neither among the organisations nor as a no, so the page
    has to speak of those who answered. Never a count, never a side. Source: the method, §4 rule 8.
    """
    _raised(at_least, SMALLEST_GROUP)
    frame = _framed(votes, VOTE_KEYS, "agree")
    frame["agree"] = votes["agree"].astype(object).to_numpy()
    _once(frame, ["decision", "rater"])
    answers = frame[frame["agree"].notna()]
    if (bad := answers.loc[~answers["agree"].isin([True, False]), "agree"]).size:
        raise ValueError(f"agree: {bad.iloc[0]!r} is neither true nor false")
    return [
        {"decision": decision, "agree": _verdict(answers[answers["decision"] == decision], at_least)}
        for decision in _ordered(frame["decision"])
    ]


def _verdict(answers: pd.DataFrame, at_least: int) -> str | None:
    """Return what is said of the answers to one decision."""
    if answers["rater_partner"].nunique() < at_least:
        return None
    return "all agree" if answers["agree"].astype(bool).all() else "not all agree"


def shared_reasons(votes: pd.DataFrame, reasons: Iterable[tuple[object, object, str]]) -> list[dict[str, Any]]:
    """Return the unsigned reasons that may be shown per decision, shuffled.

    `votes` is the frame of `all_agree`; `reasons` are triples of decision, rater organisation and text. Those of a
    decision are shown if at least five organisations answered agree or disagree there, and at least three different
    ones gave an unsigned reason. Otherwise nothing tells whether there are any. Source: the method, §4 rule 8.
    """
    answered = {row["decision"] for row in all_agree(votes) if row["agree"] is not None}
    written = [(_key(decision), _key(organisation), text) for decision, organisation, text in reasons if text.strip()]
    writers: dict[Key, set[Key]] = {}
    for decision, organisation, _text in written:
        writers.setdefault(decision, set()).add(organisation)
    shown = {decision for decision in answered if len(writers.get(decision, ())) >= FEWEST_WRITERS}
    return shuffled((decision, text) for decision, _organisation, text in written if decision in shown)


def shuffled(reasons: Iterable[tuple[object, str]]) -> list[dict[str, Any]]:
    """Return reasons per decision, in an order that only their words decide.

    `reasons` are pairs of decision and text. They are sorted by a digest of the decision and the text, so that neither
    who wrote one nor when moves it, and adding one leaves the order of the others. White space at the ends and the
    spelling of accented letters, which differ by keyboard, are evened out; empty texts are left out.
    """
    texts: dict[Key, list[str]] = {}
    for decision, text in reasons:
        if even := unicodedata.normalize("NFC", text).strip():
            texts.setdefault(_key(decision), []).append(even)
    return [
        {"decision": decision, "reasons": sorted(texts[decision], key=lambda text: _digest(decision, text))}
        for decision in _ordered(texts)
    ]


def _digest(decision: Key, text: str) -> bytes:
    """Return what a reason is sorted by."""
    return hashlib.sha256(f"{decision}\0{text}".encode()).digest()


def preview(partners: Iterable[tuple[object, str]], k: int = SMALLEST_SIDE) -> dict[str, Any]:
    """Return what members can come to see in each mode, from the partners' ids and sides alone, if all answer.

    `by_side` gives per side "without_ticks" (k organisations), "by_ticks" (fewer) or "never" (a gap needs partners on
    both sides), and the `fallback` if no side qualifies: "all_together", or "nothing" under five organisations.
    `all_together` and `named` tell whether they can show anything; `caucus` gives per side, "other" included, whether
    "several", "one" or "none" would agree on its open answer. `may_show_nothing` warns that all hangs on the ticks.
    `proposed` is by_side where a side can be shown without ticks, else all_together where that is safe; where all hangs
    on the ticks it is caucus if each side has several partners, so that none stands alone, and else joint_only.
    """
    _raised(k, SMALLEST_SIDE)
    frame = pd.DataFrame([(_key(partner), side) for partner, side in partners], columns=["partner", "side"])
    _once(frame, ["partner"])
    _only_sides(frame["side"])
    counts = {side: int((frame["side"] == side).sum()) for side in BOTH_SIDES}
    sides = {side: "without_ticks" if counts[side] >= k else "by_ticks" for side in BOTH_SIDES}
    if not all(counts.values()):
        sides = dict.fromkeys(BOTH_SIDES, "never")
    certain, group = "without_ticks" in sides.values(), len(frame) >= SMALLEST_GROUP
    there = {side: _several(int((frame["side"] == side).sum())) for side in SIDES}
    nobody_alone = "one" not in there.values() and "none" not in (there["north"], there["south"])
    openly = "caucus" if nobody_alone else "joint_only"
    return {
        "organisations": len(frame),
        "by_side": sides | {"fallback": "all_together" if group else "nothing"},
        "all_together": group,
        "named": len(frame) > 0,
        "caucus": there,
        "proposed": "by_side" if certain else "all_together" if group else openly,
        "may_show_nothing": not (certain or group),
    }


def _several(count: int) -> str:
    return "several" if count > 1 else "one" if count else "none"


def progress(answered: int, of: int) -> str | None:
    """Return what everyone is told while rating is open: a band of the organisations that ever submitted, or None.

    `of` counts the organisations listed at opening, `answered` those of them that ever submitted, whatever became of
    it. Bands are "fewer than half" and "half or more", from twelve organisations on also "three quarters or more";
    under six there is none. Sides, levels and ticks play no part. Source: the method, §4 rule 5.
    """
    if not 0 <= answered <= of:
        raise ValueError(f"{answered!r} of {of!r} organisations cannot have answered")
    if of < PROGRESS_FROM:
        return None
    if of >= QUARTERS_FROM and 4 * answered >= 3 * of:
        return "three quarters or more"
    return "half or more" if 2 * answered >= of else "fewer than half"


def refreshed_on(now: datetime, hour: int) -> date:
    """Return the day of the last refresh of `progress`, which comes daily at this hour (UTC)."""
    return (now.astimezone(UTC) - timedelta(hours=hour)).date()


def counts_from(submitted_at: datetime, hour: int) -> date:
    """Return the day of the refresh from which a submission counts: the next one, so that its time tells nothing."""
    return refreshed_on(submitted_at, hour) + timedelta(days=1)


def _raised(threshold: int, floor: int) -> None:
    """Refuse a threshold under its floor."""
    if threshold < floor:
        raise ValueError(f"{threshold!r}: the smallest group shown is {floor}, and can only be raised")


def coarse_gap(gap: npt.ArrayLike) -> Floats:
    """Return own gaps rounded to half steps and cut to −3…3, NaN kept; any shape, in levels."""
    return np.clip(_rounded(np.asarray(gap, dtype=np.float64), 2), -LARGEST_GAP, LARGEST_GAP)


def _rounded(values: Floats, parts: int) -> Floats:
    """Round to parts of a level, ties to even, and drop the sign of a zero: it would tell what was rounded."""
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
    partner_sides = _one_each(frame, "partner", "partner_side")
    rater_sides = _one_each(frame, "rater_partner", "rater_side")
    decisions, partners = _ordered(frame["decision"]), _ordered(frame["partner"])
    answers = frame[frame["level"].notna()]
    organisations = _ordered(answers["rater_partner"])
    places = [
        _places(answers["rater_partner"], organisations),
        _places(answers["decision"], decisions),
        _places(answers["partner"], partners),
    ]
    medians = np.full((len(organisations), len(decisions), len(partners)), np.nan)
    if len(answers):
        voices = pd.Series(answers["level"].to_numpy()).groupby(places).median()
        medians[tuple(voices.index.get_level_values(i).to_numpy() for i in range(3))] = voices.to_numpy()
    sides = np.array([partner_sides[p] for p in partners], dtype=object)
    gaps = coarse_gap(_mean(medians[:, :, sides == "north"], 2) - _mean(medians[:, :, sides == "south"], 2))
    return _Sheet(decisions, partners, organisations, [rater_sides[o] for o in organisations], medians, gaps)


def _checked(ratings: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with plain keys and float levels; raise ValueError at the first value that cannot be right."""
    frame = _framed(ratings, RATING_KEYS, "level")
    frame["level"] = _levels(ratings["level"])
    _once(frame, ["decision", "partner", "rater"])
    for column in ("partner_side", "rater_side"):
        _only_sides(frame[column])
    _one_each(frame, "rater", "rater_partner")
    return frame


def _framed(rows: pd.DataFrame, keys: tuple[str, ...], value: str) -> pd.DataFrame:
    """Return the key columns in plain types, of one assessment, from a frame that has the value column too."""
    if absent := [c for c in (*keys, value) if c not in rows.columns]:
        raise ValueError(f"{absent[0]}: the column is missing")
    frame = pd.DataFrame({c: _plain(rows[c]) for c in keys})
    if "assessment" in keys and len(several := frame["assessment"].unique()) > 1:
        raise ValueError(f"assessment: one at a time, also found {several[1]!r}")
    return frame


def _once(frame: pd.DataFrame, key: list[str]) -> None:
    """Refuse a key that comes twice."""
    if (twice := frame.loc[frame.duplicated(key), key[-1]]).size:
        raise ValueError(f"{key[-1]}: {twice.iloc[0]!r} answers one question twice")


def _only_sides(column: pd.Series[Any]) -> None:
    """Refuse a side that is none."""
    for side in column.unique():
        if side not in SIDES:
            raise ValueError(f"{column.name}: {side!r} is no side")


def _one_each(frame: pd.DataFrame, of: str, is_one: str) -> dict[Key, Any]:
    """Return the side of each partner, or the organisation of each rater; refuse a second one."""
    first: dict[Key, Any] = {}
    for key, value in dict.fromkeys(zip(frame[of], frame[is_one], strict=True)):
        if first.setdefault(key, value) != value:
            raise ValueError(f"{is_one}: {value!r} is a second one of the same {of}")
    return first


def _levels(column: pd.Series[Any]) -> Floats:
    """Return levels as floats, or raise ValueError that names the first bad one."""
    try:
        levels = column.where(column.notna()).astype("float64")
    except (TypeError, ValueError) as error:
        raise ValueError(f"level: {error}") from None
    if (bad := levels[levels.notna() & ~levels.isin(LEVELS)]).size:
        raise ValueError(f"level: {bad.iloc[0]!r} is not on the ladder")
    return np.asarray(levels, dtype=np.float64)


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


def _places(column: Iterable[Key], keys: list[Key]) -> npt.NDArray[np.intp]:
    """Return where each key of a column stands among all keys."""
    place = {key: i for i, key in enumerate(keys)}
    return np.array([place[key] for key in column], dtype=np.intp)


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
    _raised(k, SMALLEST_SIDE)
    ticked = {_key(organisation) for organisation in ticks}
    shown: dict[str, _Shown] = {side: _side_shown(sheet, side, ticked, mode, k) for side in BOTH_SIDES}
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
            "agreement": _number(_rounded(np.array(agreement(visible)), 10)),
            "answered": {side: int(s.rows.sum()) if s.anyhow.any() else None for side, s in shown.items()},
        },
        "cells": [],
    }


def _number(value: Any) -> float | None:
    """Return a number for JSON, None for NaN."""
    return None if np.isnan(value) else float(value)


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
