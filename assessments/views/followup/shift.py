"""Change since the last assessment, for each side, and what could not be compared."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments import numbers, sentences
from assessments.models import Assessment
from assessments.results import influence_change, presenters
from assessments.results.over_time import over_time
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import Names
from assessments.views.csp import with_charts
from assessments.views.decorators import assessment_required, context
from assessments.views.session.influence_change import asked
from partnerships.access import MemberRoles


@with_charts
@require_safe
@assessment_required()
def shift(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what changed since the last assessment, or why nothing can be compared yet."""
    current = presenters.results_of(assessment)
    comparison = current.compared
    more: dict[str, Any] = {"before": assessment.predecessor, "compared": comparison}
    if comparison and comparison["all"]["n"]:
        figures = presenters.figures_of(assessment)
        more |= _shown(current, comparison, figures)
        more |= _over_time(current, figures)
    if assessment.predecessor_id:
        more["since"] = influence_change.statements_of(assessment, comparison)
        more["since_words"] = influence_change.column_texts()
        more |= asked(request, assessment, member)
    return render(request, "assessments/followup/dashboard/shift.html", context(assessment, member, **more))


def _shown(current: presenters.Results, comparison: dict, figures: dict) -> dict:
    moved = {chart: figures.get(f"shift_{chart}") for chart in ("north", "south", "arrows")}
    return {
        "said": sentences.waits(current.names) or sentences.shift(comparison["sides"], current.names),
        "progress": sentences.progress(comparison["all"]["progress"]),
        "rows": [_row(row, current.names) for row in comparison["decisions"]],
        "summary_rows": [_side(side, comparison["sides"][side], current.names) for side in BOTH_SIDES],
        "figures": {chart: figure for chart, figure in moved.items() if figure},
    }


def _over_time(current: presenters.Results, figures: dict) -> dict:
    """Return the line over all assessments in words, as rows and as a figure; nothing below three assessments."""
    line = over_time(current.assessment, current.scores)
    if line is None:
        return {}
    return {
        "line_said": [sentences.moved(line, current.names), sentences.counted(line)],
        "line_rows": [
            {
                "moment": sentences.moment(point),
                "title": point["title"],
                **{side: numbers.level(point[side]) for side in BOTH_SIDES},
            }
            for point in line["points"]
        ],
        "line_figure": figures.get("over_time"),
    }


def _row(row: dict, names: Names) -> dict:
    return {
        "number": row["decision"],
        "wording": names["decisions"].get(row["decision"], ""),
        **{side: _then_now(row[side]) for side in BOTH_SIDES},
    }


def _then_now(line: dict) -> str:
    return numbers.change(numbers.level(line["before"]), numbers.level(line["after"]))


def _side(side: str, summary: dict, names: Names) -> dict:
    return {
        "side": side,
        "word": names["sides"][side],
        "moves": sentences.moves(side, summary, names).text,
        **{key: summary[key] for key in ("n", "up", "same", "down")},
        "mean": numbers.signed(summary["mean"]),
        "progress": sentences.progress(summary["progress"]).text,
    }
