"""Facts beside influence: per subject, what each side holds, and in which share of decisions it decides."""

from typing import Any

import plotly.graph_objects as go
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import fact_list, numbers
from assessments.charts import colours
from assessments.charts import rows as r
from assessments.scoring.facts import RATE
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import FactsData, FactShare, Figure, Names

Shares = dict[str, float | None]  # by side, 0..1
TICKS = (0, 25, 50, 75, 100)
THICK = 8


def facts_figure(facts: FactsData | None, names: Names) -> Figure | None:
    """Return two lines of bars per subject: what the sides hold, and where they decide. Rates are in the table only."""
    found = rows_of(facts) if facts else []
    if not found:
        return None
    rows = [r.Row(place, words, [shares], numbered=False) for place, (words, shares) in enumerate(found)]
    drawing, places = r.figure(rows, 2, _axis())
    for line, side in enumerate(BOTH_SIDES):
        points = [
            _point(words, share, places[place][line], names["groups"][side])
            for place, (words, shares) in enumerate(found)
            if (share := shares[side]) is not None
        ]
        _bars(drawing, side, points)
        r.marks(drawing, side, names["groups"][side], points)
    drawing.update_layout(barmode="overlay")
    return r.ready(drawing)


def rows_of(facts: FactsData) -> list[tuple[str, Shares]]:
    """Return words and shares of what is drawn, by subject: the facts, and then the decisions."""
    found: list[tuple[str, Shares]] = []
    for domain, title in fact_list.DOMAINS.items():
        held = [
            (fact_list.question_of(row["fact"], row["question"]), _both(row))
            for row in facts["shares"]
            if row["domain"] == domain and row["kind"] != RATE
        ]
        held = [line for line in held if any(share is not None for share in line[1].values())]
        decided = {
            row["side"]: row["k"] / row["n"] for row in facts["influence"] if row["domain"] == domain and row["n"]
        }
        if held:
            words = _("%(subject)s: share of decisions in which each side decides or co-decides") % {
                "subject": capfirst(str(title))
            }
            found += [*held, (words, {side: decided.get(side) for side in BOTH_SIDES})]
    return found


def _both(row: FactShare) -> Shares:
    return {side: row[side] for side in BOTH_SIDES}


def _axis() -> dict[str, Any]:
    return {
        "range": [-4, 116],
        "tickvals": list(TICKS),
        "ticktext": [numbers.percentage(tick) for tick in TICKS],
        "tickfont": {"size": 12},
        "tickangle": 0,
    }


def _point(words: str, share: float, y: float, group: str) -> dict[str, Any]:
    text = numbers.share(share)
    hover = f"{r.escaped(words)}<br>{r.escaped(group)}: {text}"
    return {"x": share * 100, "y": y, "text": text, "where": "middle right", "hover": hover}


def _bars(drawing: go.Figure, side: str, points: list[dict[str, Any]]) -> None:
    drawing.add_trace(
        go.Bar(
            orientation="h",
            x=[point["x"] for point in points],
            y=[point["y"] for point in points],
            width=THICK,
            marker={"color": colours.SIDES[side]},
            hoverinfo="skip",
            showlegend=False,
        )
    )
