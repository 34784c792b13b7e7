"""Two assessments: slopes up to eight lines, arrows beyond."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from assessments import numbers
from assessments.charts import colours
from assessments.charts import rows as r
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import Figure, Names

TALL = 420


def slope_figure(shift: dict[str, Any], names: Names, side: str) -> Figure | None:
    """Return one side's slopegraph: a line per decision from its level then to its level now."""
    decisions = [row for row in shift["decisions"] if None not in (row[side]["before"], row[side]["after"])]
    if not decisions:
        return None
    drawing = go.Figure()
    drawing.update_layout(template=None)
    for row in decisions:
        drawing.add_trace(_slope(row, side, names))
    r.annotate(drawing, _ends(decisions, side))
    drawing.update_layout(
        meta="any width",
        height=TALL,
        showlegend=False,
        margin={"l": 4, "r": 4, "t": 36, "b": 12},
        xaxis={"range": [-0.6, 1.6], "tickvals": [0, 1], "ticktext": [_("before"), _("now")], "side": "top"},
        yaxis=r.upright_ladder(-0.3, 4.3),
    )
    return r.ready(drawing)


def _ends(decisions: list[dict[str, Any]], side: str) -> Iterator[dict[str, Any]]:
    """Yield the numbers of the decisions at both ends of their lines."""
    for moment, at, where in (("before", 0, "right"), ("after", 1, "left")):
        for value, numbered in _at_one_level(decisions, side, moment):
            yield {
                "x": at, "y": value, "xanchor": where, "xshift": -12 if at == 0 else 12, "text": _in_lines(numbered),
                "showarrow": False, "font": {"size": 13},
            }  # fmt: skip


def _slope(row: dict[str, Any], side: str, names: Names) -> go.Scatter:
    before, after = row[side]["before"], row[side]["after"]
    wording = r.escaped(names["decisions"].get(row["decision"], ""))
    return go.Scatter(
        x=[0, 1],
        y=[before, after],
        mode="lines+markers",
        name=str(row["decision"]),
        line={"color": colours.SIDES[side], "width": 2},
        marker={"symbol": r.SHAPES[side], "size": 10},
        hovertext=f"{row['decision']}. {wording}<br>{numbers.change(numbers.level(before), numbers.level(after))}",
        hoverinfo="text",
        cliponaxis=False,
    )


def _at_one_level(decisions: list[dict[str, Any]], side: str, moment: str) -> Iterator[tuple[float, list[int]]]:
    """Yield (level, numbers of the decisions): lines that end at one place share a label."""

    def place(row: dict[str, Any]) -> float:
        return round(float(row[side][moment]), 1)

    for value, group in groupby(sorted(decisions, key=lambda row: (place(row), row["decision"])), key=place):
        yield value, [row["decision"] for row in group]


def _in_lines(numbered: list[int], most: int = 4) -> str:
    lines = [numbered[start : start + most] for start in range(0, len(numbered), most)]
    return "<br>".join(", ".join(map(str, line)) for line in lines)


def arrows_figure(shift: dict[str, Any], names: Names) -> Figure | None:
    """Return per decision and side an arrow from the level then to the level now."""
    decisions = [row for row in shift["decisions"] if any(_moved(row, side) is not None for side in BOTH_SIDES)]
    if not decisions:
        return None
    decisions.sort(key=lambda row: (-sum(abs(_moved(row, side) or 0) for side in BOTH_SIDES), row["decision"]))
    rows = [r.Row(row["decision"], names["decisions"].get(row["decision"], ""), [row]) for row in decisions]
    drawing, places = r.figure(rows, 2, r.ladder_axis())
    for line, side in enumerate(BOTH_SIDES):
        moved = [(row, places[row["decision"]][line]) for row in decisions if _moved(row, side) is not None]
        r.annotate(drawing, [_arrow(side, row[side], y) for row, y in moved if _visible(row[side])])
        r.marks(drawing, side, names["sides"][side], [_head(row, names, side, y) for row, y in moved])
        r.texts(drawing, [_tail(row[side], y) for row, y in moved if _visible(row[side])])
    return r.ready(drawing)


def _moved(row: dict[str, Any], side: str) -> float | None:
    before, after = row[side]["before"], row[side]["after"]
    return None if None in (before, after) else after - before


def _visible(line: dict[str, Any]) -> bool:
    return bool(abs(line["after"] - line["before"]) >= 0.05)


def _arrow(side: str, line: dict[str, Any], y: float) -> dict[str, Any]:
    return {
        "x": line["after"], "y": y, "ax": line["before"], "ay": y, "xref": "x", "yref": "y", "axref": "x",
        "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2, "arrowsize": 1.1, "arrowwidth": 2.5,
        "arrowcolor": colours.SIDES[side], "standoff": 7,
    }  # fmt: skip


def _head(row: dict[str, Any], names: Names, side: str, y: float) -> dict[str, Any]:
    line, wording = row[side], names["decisions"].get(row["decision"], "")
    then_now = numbers.change(numbers.level(line["before"]), numbers.level(line["after"]))
    return {
        "x": line["after"],
        "y": y,
        "text": numbers.level(line["after"]),
        "where": "middle left" if line["after"] < line["before"] else "middle right",
        "hover": f"{r.escaped(wording)}<br>{r.escaped(names['sides'][side])}: {then_now}",
    }


def _tail(line: dict[str, Any], y: float) -> dict[str, Any]:
    return {
        "x": line["before"],
        "y": y,
        "text": f"\u2002{numbers.level(line['before'])}\u2002",
        "where": "middle right" if line["after"] < line["before"] else "middle left",
    }
