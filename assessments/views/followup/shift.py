"""The comparison with the assessment before: what moved, per side, and what could not be compared."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments import numbers, sentences
from assessments.models import Assessment
from assessments.results import influence_change, presenters
from assessments.results import shift as results
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
    """Show what moved since the assessment before, or why there is nothing to compare yet."""
    found = presenters.results_of(assessment)
    compared = results.compare(assessment, found.scores) if found.agreed else None
    more: dict[str, Any] = {"before": assessment.predecessor, "compared": compared}
    if compared and compared["all"]["n"]:
        more |= _shown(found, compared)
    if assessment.predecessor_id:
        more |= {"since": influence_change.statements_of(assessment, compared), "since_words": influence_change.words()}
        more |= asked(request, assessment, member)
    return render(request, "assessments/followup/dashboard/shift.html", context(assessment, member, **more))


def _shown(found: presenters.Results, compared: dict) -> dict:
    drawn = presenters.figures_of(found.assessment)
    figures = {chart: drawn.get(f"shift_{chart}") for chart in ("north", "south", "arrows")}
    return {
        "said": sentences.shift(compared["sides"], found.names),
        "progress": sentences.progress(compared["all"]["progress"]),
        "rows": [_row(row, found.names) for row in compared["decisions"]],
        "summary_rows": [_side(side, compared["sides"][side], found.names) for side in BOTH_SIDES],
        "figures": {chart: figure for chart, figure in figures.items() if figure},
    }


def _row(row: dict, names: Names) -> dict:
    return {
        "number": row["decision"],
        "wording": names["decisions"].get(row["decision"], ""),
        **{side: _then_now(row[side]) for side in BOTH_SIDES},
    }


def _then_now(line: dict) -> str:
    return numbers.change(numbers.level(line["before"]), numbers.level(line["after"]))


def _side(side: str, found: dict, names: Names) -> dict:
    return {
        "side": side,
        "word": names["sides"][side],
        "moves": sentences.moves(side, found, names).text,
        **{key: found[key] for key in ("n", "up", "same", "down")},
        "mean": numbers.signed(found["mean"]),
        "progress": sentences.progress(found["progress"]).text,
    }
