"""All assessments of a partnership: one line a side, from the first assessment to the last."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from assessments import numbers, sentences
from assessments.charts import colours
from assessments.charts import rows as r
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import Figure, Names

TALL = 320


def over_time_figure(points: Sequence[Any], names: Names) -> Figure:
    """Return a line per side through its mean levels, with a tick for each assessment."""
    drawing = go.Figure()
    drawing.update_layout(template=None)
    for side, where in zip(BOTH_SIDES, ("top center", "bottom center"), strict=True):
        drawing.add_trace(_line(points, side, where, names))
    last, moments = len(points) - 1, [sentences.moment(point) for point in points]
    drawing.update_layout(
        meta="any width",
        height=TALL,
        margin={"l": 4, "r": 4, "t": 64, "b": 28},
        legend=r.legend(),
        xaxis={"range": [-0.3, last + 0.3], "tickvals": list(range(last + 1)), "ticktext": moments},
        yaxis=r.upright_ladder(-0.4, 4.4),
    )
    return r.ready(drawing)


def _line(points: Sequence[Any], side: str, where: str, names: Names) -> go.Scatter:
    levels = [numbers.level(point[side]) for point in points]
    return go.Scatter(
        x=list(range(len(points))),
        y=[point[side] for point in points],
        mode="lines+markers+text",
        name=names["sides"][side],
        text=levels,
        textposition=where,
        textfont={"size": 13},
        line={"color": colours.SIDES[side], "width": 2},
        marker={"symbol": r.SHAPES[side], "size": r.SIZES[side], "color": colours.SIDES[side]},
        hovertext=[f"{r.escaped(point['title'])}<br>{level}" for point, level in zip(points, levels, strict=True)],
        hoverinfo="text",
        cliponaxis=False,
    )
