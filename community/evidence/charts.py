"""Published tables → Plotly figures (METHOD §5). Takes the numbers of a snapshot; draws nothing that no table has."""

from typing import Any

import plotly.graph_objects as go

from assessments.charts import colours
from assessments.charts import rows as r
from assessments.ladder import SHORT_LEVELS
from community.evidence import words

TALL = 58


def dumbbells(table: dict[str, Any]) -> dict | None:
    """Return the mean agreed level of both sides per cell, the widest gap first."""
    cells = both_sides(table)
    if not cells:
        return None
    drawing, heights = _rows([words.cell(table["key"], cell["of"]) for cell in cells], r.ladder_axis())
    r.connect(drawing, [(pair["north"], y, pair["south"], y) for pair, y in zip(cells, heights, strict=True)])
    for side, other in (("north", "south"), ("south", "north")):
        points = [
            {
                "x": pair[side],
                "y": y,
                "text": words.number(pair[side]),
                "where": r.sides_of(pair[side], pair[other], side == "north"),
                "hover": f"{words.SIDES[side]}: {words.number(pair[side])}",
            }
            for pair, y in zip(cells, heights, strict=True)
        ]
        r.marks(drawing, side, str(words.SIDES[side]), points)
    return r.ready(drawing)


def both_sides(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells that have a mean level of both sides, the widest gap first."""
    cells = [cell for cell in table["cells"] if cell.get("north") is not None and cell.get("south") is not None]
    return sorted(cells, key=lambda cell: (-abs(cell["gap"]["mean"]), cell["of"]))


def distributions(table: dict[str, Any]) -> dict | None:
    """Return 100 % bars of agreed levels per cell and side, with a line between 2 and 3."""
    bars = [
        (f"{words.cell(table['key'], row['of'])}: {words.SIDES[side]}", row["levels"][side])
        for row in table["cells"]
        for side in words.SIDES
        if side in row.get("levels", {})
    ]
    if not bars:
        return None
    axis = {"range": [0, 1], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    drawing, heights = _rows([label for label, _shares in bars], axis)
    for level, word in SHORT_LEVELS.items():
        drawing.add_trace(
            go.Bar(
                orientation="h",
                name=f"{level} {word}",
                x=[shares[level] for _label, shares in bars],
                y=heights,
                width=[20] * len(bars),
                marker={"color": colours.LEVELS[level], "line": {"width": 1, "color": "var(--line)"}},
                hovertemplate=f"{level} {word}: %{{x:.0%}}<extra></extra>",
            )
        )
    between = [
        (sum(shares[:3]), y - 14, sum(shares[:3]), y + 14) for (_label, shares), y in zip(bars, heights, strict=True)
    ]
    stroke = {"type": "line", "line": {"color": "var(--ink)", "width": 3}}
    lines = [stroke | {"x0": x0, "y0": y0, "x1": x1, "y1": y1} for x0, y0, x1, y1 in between]
    drawing.update_layout(barmode="stack", shapes=lines)
    return r.ready(drawing)


def _rows(labels: list[str], xaxis: dict) -> tuple[go.Figure, list[float]]:
    """Return an empty figure with a labelled row each, and the height of each row's marks."""
    drawing = go.Figure()
    drawing.update_layout(template=None)
    texts = [r.escaped(" ".join(r.wrapped(label, 60, 1))) for label in labels]
    r.annotate(drawing, [r.LABEL | {"y": place * TALL, "text": text} for place, text in enumerate(texts)])
    r.lay_out(drawing, len(labels) * TALL, xaxis)
    return drawing, [place * TALL + 38.0 for place in range(len(labels))]
