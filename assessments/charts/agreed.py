"""Agreed levels: where the sides stand on each decision, and where the group wants them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments import numbers
from assessments.charts import rows as r
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import AgreedData, Figure, Names


def gap_figure(scores: AgreedData, names: Names, most: int | None = None) -> Figure | None:
    """Return the North–South dumbbell per decision, the widest gap first, of at most so many decisions."""
    decisions = [row for row in scores["decisions"] if row["north"] is not None or row["south"] is not None]
    if not decisions:
        return None
    decisions.sort(key=lambda row: (row["gap"] is None, -abs(row["gap"] or 0), row["decision"]))
    decisions = decisions[:most]
    rows = [r.Row(row["decision"], _wording(row, names), [row]) for row in decisions]
    drawing, places = r.figure(rows, 1, r.ladder_axis())
    spots = {row["decision"]: _spots(row, places[row["decision"]][0], "") for row in decisions}
    r.connect(drawing, [_segment(pair) for pair in spots.values() if len(pair) == 2])
    for side in BOTH_SIDES:
        points = [_point(pair, side, names) for pair in spots.values() if side in pair]
        r.marks(drawing, side, names["sides"][side], points)
    return r.ready(drawing)


def desired_figure(scores: AgreedData, names: Names) -> Figure | None:
    """Return per decision and side today's level (filled) and the desired one (hollow), the largest change first."""
    decisions = [
        row for row in scores["decisions"] if row["north_desired"] is not None or row["south_desired"] is not None
    ]
    if not decisions:
        return None
    decisions.sort(key=lambda row: (-_change(row), row["decision"]))
    rows = [r.Row(row["decision"], _wording(row, names), [row]) for row in decisions]
    drawing, places = r.figure(rows, 2, r.ladder_axis())
    lines = [
        _line(row, side, places[row["decision"]][place], names)
        for row in decisions
        for place, side in enumerate(BOTH_SIDES)
    ]
    r.connect(
        drawing, [(now, y, wanted, y) for _s, now, wanted, y, _w in lines if now is not None and wanted is not None]
    )
    for side in BOTH_SIDES:
        today = _("%(side)s: today") % {"side": names["sides"][side]}
        wanted = _("%(side)s: desired") % {"side": names["sides"][side]}
        mine = [line for line in lines if line[0] == side]
        r.marks(drawing, side, today, [_desired_mark(x, x[1], x[2], today, True) for x in mine if x[1] is not None])
        r.marks(
            drawing, side, wanted, [_desired_mark(x, x[2], x[1], wanted, False) for x in mine if x[2] is not None], True
        )
    return r.ready(drawing)


Line = tuple[str, float | None, float | None, float, str]  # side, level today, level wanted, height, wording


def _line(row: Mapping[str, Any], side: str, height: float, names: Names) -> Line:
    return side, row[side], row[f"{side}_desired"], height, _wording(row, names)


def _wording(row: Mapping[str, Any], names: Names) -> str:
    return names["decisions"].get(int(row["decision"]), "")


def _change(row: Mapping[str, Any]) -> float:
    pairs = [(row[side], row[f"{side}_desired"]) for side in BOTH_SIDES]
    return float(sum(abs(wanted - now) for now, wanted in pairs if None not in (now, wanted)))


def _spots(row: Mapping[str, Any], y: float, suffix: str) -> dict[str, tuple[float, float, Mapping[str, Any]]]:
    """Return where each side stands; marks at one place are set a little apart."""
    both: dict[str, float] = {side: row[side + suffix] for side in BOTH_SIDES if row[side + suffix] is not None}
    close = len(both) == 2 and abs(both["north"] - both["south"]) < 0.2
    shift = {"north": -5, "south": 5} if close else {"north": 0, "south": 0}
    return {side: (value, y + shift[side], row) for side, value in both.items()}


def _segment(pair: dict[str, Any]) -> tuple[float, float, float, float]:
    return (*pair["north"][:2], *pair["south"][:2])


def _point(pair: dict[str, Any], side: str, names: Names) -> dict[str, Any]:
    x, y, row = pair[side]
    other = pair.get("south" if side == "north" else "north")
    text = numbers.level(x)
    hover = f"{r.escaped(_wording(row, names))}<br>{r.escaped(names['sides'][side])}: {text}"
    where = r.sides_of(x, other[0] if other else None, side == "north")
    return {"x": x, "y": y, "text": text, "where": where, "hover": hover}


def _desired_mark(line: Line, value: float, other: float | None, name: str, first: bool) -> dict[str, Any]:
    _side, _now, _wanted, y, wording = line
    text = numbers.level(value)
    hidden = not first and other == value
    return {
        "x": value,
        "y": y,
        "text": "" if hidden else text,
        "where": r.sides_of(value, other, first),
        "hover": f"{r.escaped(wording)}<br>{r.escaped(name)}: {text}",
    }
