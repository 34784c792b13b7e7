"""Released numbers → Plotly figures (METHOD §5). No ORM: takes JSON-ready results and the names that go with them.

A figure is `{"data", "layout"}`, ready for JSON and drawn by Plotly's basic bundle. Colours of text and lines and the
fonts are the page's; only the colours of the sides are set here. Decisions of unlimited wording share one width, so
each has its words above its marks, and the height grows with their number.
"""

from typing import Any

from assessments.charts.agreed import desired_figure, gap_figure
from assessments.charts.facts import facts_figure
from assessments.charts.over_time import over_time_figure
from assessments.charts.perception import perception_figure
from assessments.charts.shift import arrows_figure, slope_figure
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import AgreedData, Figure, Figures, Names, ReleaseData

__all__ = ["agreed_figures", "over_time_figure", "release_figures", "shift_figures"]

MOST_SLOPES = 8
WIDEST = 5


def release_figures(data: ReleaseData, names: Names) -> Figures:
    """Return the figures of a release, by chart: `perception`, where a side is shown."""
    return _drawn({"perception": perception_figure(data, names)})


def agreed_figures(scores: AgreedData, names: Names) -> Figures:
    """Return the figures of the agreed levels, by chart, each where there is something to show.

    `gap` has all decisions, `widest` the five with the widest gaps, `desired` those with desired levels, `facts` what
    each side holds beside its share of decisions.
    """
    widest = gap_figure(scores, names, WIDEST) if len(scores["decisions"]) > WIDEST else None
    return _drawn(
        {
            "gap": gap_figure(scores, names),
            "widest": widest,
            "desired": desired_figure(scores, names),
            "facts": facts_figure(scores.get("facts"), names),
        }
    )


def shift_figures(shift: dict[str, Any], names: Names) -> Figures:
    """Return the figures of a comparison, by chart: slopes per side up to eight lines, arrows beyond."""
    if len(shift["decisions"]) > MOST_SLOPES:
        return _drawn({"arrows": arrows_figure(shift, names)})
    return _drawn({side: slope_figure(shift, names, side) for side in BOTH_SIDES})


def _drawn(figures: dict[str, Figure | None]) -> Figures:
    return {chart: figure for chart, figure in figures.items() if figure}
