"""What the charts with one row per decision share. One unit of the vertical axis is one pixel."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from assessments.charts import colours
from assessments.ladder import SHORT_LEVELS
from assessments.shapes import Figure

SHAPES = {"north": "circle", "south": "triangle-up"}
SIZES = {"north": 14, "south": 15}
GREY = "#8a8d94"  # three to one on paper and on the dark page alike
WIDTH, MOST_LINES = 42, 2
LINE, MARK, BETWEEN, HEAD, FOOT = 18, 22, 16, 96, 12
# How the words of a row stand: from the left edge, under the row's top.
PLACE = {"x": 0, "xref": "paper", "xanchor": "left", "yanchor": "top", "align": "left"}
LABEL = PLACE | {"showarrow": False, "borderpad": 0}


@dataclass
class Row:
    """One decision: its words, and per line of marks where things stand (`marks` belong to the chart)."""

    decision: int
    wording: str
    marks: list[Mapping[str, Any]] = field(default_factory=list)
    note: str = ""
    numbered: bool = True


def wrapped(text: str, width: int = WIDTH, most: int = MOST_LINES) -> list[str]:
    """Break a wording into at most two lines; the whole of it stands in the table."""
    return textwrap.wrap(text, width, max_lines=most, placeholder=" …", break_long_words=True) or [""]


def escaped(text: str) -> str:
    """Return user's text as Plotly's labels take it: its few tags have to stay letters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def label(row: Row) -> list[str]:
    return wrapped(f"{row.decision}. {row.wording}") if row.numbered else wrapped(row.wording, most=3)


def figure(rows: list[Row], lines: int, xaxis: dict[str, Any]) -> tuple[go.Figure, dict[int, list[float]]]:
    """Return an empty figure with a labelled row per decision, and the heights of each row's lines of marks."""
    drawing, places, top = go.Figure(), {}, 0.0
    labels = []
    for row in rows:
        text = [*map(escaped, label(row)), *([escaped(row.note)] if row.note else [])]
        labels.append({"y": top, "text": "<br>".join(text)} | LABEL)
        top += LINE * len(text) + 4
        places[row.decision] = [top + MARK * (place + 0.5) for place in range(lines if row.marks else 0)]
        top += MARK * len(places[row.decision]) + BETWEEN
    drawing.update_layout(template=None)
    annotate(drawing, labels)
    lay_out(drawing, top, xaxis)
    return drawing, places


def annotate(drawing: go.Figure, annotations: Iterable[dict[str, Any]]) -> None:
    """Add annotations all at once: with each one that is added, Plotly checks all those before it anew."""
    drawing.layout.annotations = (*drawing.layout.annotations, *annotations)


def lay_out(drawing: go.Figure, tall: float, xaxis: dict[str, Any]) -> None:
    """Give a chart the height of its rows, its axis on top and the legend over it."""
    drawing.update_layout(
        meta="any width",
        height=round(tall + HEAD + FOOT),
        margin={"l": 4, "r": 4, "t": HEAD, "b": FOOT},
        legend=legend(),
        xaxis={"side": "top", "zeroline": False, "ticks": "", "automargin": False, **xaxis},
        yaxis={"range": [tall, 0], "visible": False, "automargin": False},
    )


def legend() -> dict[str, Any]:
    """Return the place of the legend: on top at the left, and nothing happens when it is clicked."""
    place = {"xref": "container", "yref": "container", "x": 0, "y": 1, "xanchor": "left", "yanchor": "top"}
    return place | {"itemclick": False, "itemdoubleclick": False}


def upright_ladder(lowest: float, highest: float) -> dict[str, Any]:
    """Return the upright axis of levels, 0..4, in the words of the ladder."""
    return {
        "range": [lowest, highest],
        "tickvals": list(SHORT_LEVELS),
        "ticktext": [f"{level} {word}" for level, word in SHORT_LEVELS.items()],
        "tickfont": {"size": 12},
    }


def ladder_axis() -> dict[str, Any]:
    """Return the axis of levels from left to right, 0..4: each word on a line, or they touch on a phone."""
    return {
        "range": [-0.45, 4.45],
        "tickvals": list(SHORT_LEVELS),
        "ticktext": [f"{level} {word}".replace(" ", "<br>") for level, word in SHORT_LEVELS.items()],
        "tickfont": {"size": 12},
        "tickangle": 0,
    }


def connect(drawing: go.Figure, segments: Iterable[tuple[float, float, float, float]]) -> None:
    """Draw the bars of the dumbbells (x0, y0, x1, y1), under their marks."""
    x: list[float | None] = []
    y: list[float | None] = []
    for x0, y0, x1, y1 in segments:
        x += [x0, x1, None]
        y += [y0, y1, None]
    drawing.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", line={"color": GREY, "width": 3}, opacity=0.55, hoverinfo="skip", showlegend=False
        )
    )


def marks(drawing: go.Figure, side: str, name: str, points: list[dict[str, Any]], hollow: bool = False) -> None:
    """Draw one side's marks: points {x, y, text, where, hover}; the number stands beside its mark."""
    if not points:
        return
    drawing.add_trace(
        go.Scatter(
            name=name,
            mode="markers+text",
            x=[point["x"] for point in points],
            y=[point["y"] for point in points],
            text=[point["text"] for point in points],
            textposition=[point["where"] for point in points],
            textfont={"size": 13},
            hovertext=[point["hover"] for point in points],
            hoverinfo="text",
            cliponaxis=False,
            marker={
                "symbol": SHAPES[side] + ("-open" if hollow else ""),
                "size": SIZES[side],
                "color": colours.SIDES[side],
                "line": {"width": 2 if hollow else 0, "color": colours.SIDES[side]},
            },
        )
    )


def texts(drawing: go.Figure, points: list[dict[str, Any]]) -> None:
    """Write numbers without a mark, where an arrow begins."""
    drawing.add_trace(
        go.Scatter(
            mode="text",
            x=[point["x"] for point in points],
            y=[point["y"] for point in points],
            text=[point["text"] for point in points],
            textposition=[point["where"] for point in points],
            textfont={"size": 13},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    )


def sides_of(value: float, other: float | None, first: bool) -> str:
    """Return where a mark's number stands: away from the other mark; at one place, the first one's to the left."""
    if other is None or value > other or (value == other and not first):
        return "middle right"
    return "middle left"


def ready(drawing: go.Figure) -> Figure:
    """Return the figure for JSON."""
    made: Figure = drawing.to_plotly_json()
    made["layout"].pop("template", None)
    return {key: plain(part) for key, part in made.items()}


def plain(value: Any) -> Any:
    """Return lists and strings only: tuples and translatable texts have no place in JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
