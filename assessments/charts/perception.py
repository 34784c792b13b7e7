"""The gap as each side sees it, one row per decision."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from assessments import numbers, sentences
from assessments.charts import rows as r
from assessments.ladder import NOT_SHOWN
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import Figure, Names, ReleaseData, ReleasedDecision


def perception_figure(data: ReleaseData, names: Names) -> Figure | None:
    """Return the dumbbell of the two views, those furthest apart first; a hidden view has no mark, and says no why."""
    if not has_views(data):
        return None
    decisions = sorted(data["decisions"], key=_furthest_first)
    rows = [_row(row, names) for row in decisions]
    drawing, places = r.figure(rows, 1, _axis())
    r.annotate(drawing, _directions(names))
    spots = {row["decision"]: _spots(row, places[row["decision"]]) for row in decisions}
    r.connect(drawing, [(*pair["north"], *pair["south"]) for pair in spots.values() if len(pair) == 2])
    for side in BOTH_SIDES:
        legend = _("As seen by %(side)s") % {"side": names["sides"][side]}
        points = [
            _point(row, spots[row["decision"]], side, names) for row in decisions if side in spots[row["decision"]]
        ]
        r.marks(drawing, side, legend, points)
    drawing.update_layout(shapes=[_middle()])
    return r.ready(drawing)


def has_views(data: ReleaseData) -> bool:
    """Say whether a side's view is shown on any decision."""
    return any(row[side] is not None for row in data["decisions"] for side in BOTH_SIDES)


def _furthest_first(row: ReleasedDecision) -> tuple[int, float, int]:
    shown = sum(row[side] is not None for side in BOTH_SIDES)
    return -shown, -abs(row["difference"] or 0), row["decision"]


def _row(row: ReleasedDecision, names: Names) -> r.Row:
    shown = [row[side] for side in BOTH_SIDES if row[side] is not None]
    note = "" if len(shown) == 2 else str(NOT_SHOWN)
    return r.Row(row["decision"], names["decisions"].get(row["decision"], ""), [row] if shown else [], note)


def _axis() -> dict[str, Any]:
    """Return the axis −3..3: to the left the South is seen ahead, to the right the North."""
    text_by_tick = {-3: _("3 or more"), -2: "2", -1: "1", 0: _("same level"), 1: "1", 2: "2", 3: _("3 or more")}
    return {
        "range": [-3.8, 3.8],
        "tickvals": list(text_by_tick),
        "ticktext": list(text_by_tick.values()),
        "tickfont": {"size": 12},
        "tickangle": 0,
    }


def _directions(names: Names) -> Iterator[dict[str, Any]]:
    """Yield what is written over the ends of the axis: who is seen ahead there."""
    ends = (("south", 0, "left", "←\u00a0{}"), ("north", 1, "right", "{}\u00a0→"))
    for side, x, anchor, arrow in ends:
        text = _("Higher level: %(side)s") % {"side": names["sides"][side]}
        yield {
            "x": x, "xref": "paper", "xanchor": anchor, "y": 0, "yanchor": "bottom", "yshift": 22, "showarrow": False,
            "font": {"size": 12}, "text": arrow.format(r.escaped(r.wrapped(text, 24, 1)[0])),
        }  # fmt: skip


def _middle() -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": r.GREY, "width": 1.5},
    }  # fmt: skip


def _spots(row: ReleasedDecision, places: list[float]) -> dict[str, tuple[float, float]]:
    both: dict[str, float] = {side: gap for side in BOTH_SIDES if (gap := row[side]) is not None}
    close = len(both) == 2 and abs(both["north"] - both["south"]) < numbers.TIE
    shift = {"north": -5, "south": 5} if close else {"north": 0, "south": 0}
    return {side: (value, places[0] + shift[side]) for side, value in both.items()}


def _point(row: ReleasedDecision, pair: dict[str, tuple[float, float]], side: str, names: Names) -> dict[str, Any]:
    x, y = pair[side]
    other = pair.get("south" if side == "north" else "north")
    seen = sentences.view(x, names).text
    hover = _("As seen by %(side)s: %(view)s") % {"side": names["sides"][side], "view": seen}
    return {
        "x": x,
        "y": y,
        "text": "3+" if abs(x) >= numbers.LARGEST_GAP else numbers.level(abs(x)),
        "where": r.sides_of(x, other[0] if other else None, side == "north"),
        "hover": f"{r.escaped(names['decisions'].get(row['decision'], ''))}<br>{r.escaped(hover)}",
    }
