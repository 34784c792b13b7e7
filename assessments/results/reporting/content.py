"""Everything that the report says, as plain data in the active language."""

import json
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from assessments.ladder import SHORT_LEVELS
from assessments.models import Assessment
from assessments.results import presenters
from assessments.results.caucus import for_report, of_sides
from assessments.results.in_short import InShort, in_short
from assessments.results.presenters import Results
from assessments.results.reporting.actions import actions_of, causes_of, outcomes_of
from assessments.results.reporting.agreed import agreed_content
from assessments.results.reporting.declared_facts import declared_facts_of
from assessments.results.reporting.headings import headings
from assessments.results.reporting.how_done import how_done, partners_of
from assessments.results.reporting.influence_change import since_of
from assessments.results.reporting.method import method_of, stamp_of
from assessments.results.reporting.perception import perception_content
from assessments.results.reporting.replies import remarks_of, replies_of


def content_of(assessment: Assessment, results: Results | None = None) -> dict[str, Any]:
    """Return what the report says, as plain data in the active language."""
    results = results or presenters.results_of(assessment)
    return content_with(in_short(results), results)


def content_with(short: InShort | None, results: Results) -> dict[str, Any]:
    """Return the same where the results in short are at hand."""
    assessment = results.assessment
    agreed, perception = presenters.agreed(results), presenters.perception(results)
    sides = of_sides(results)
    first, second = _opening(short, perception or sides)
    content = {
        "language": translation.get_language(),
        "rtl": translation.get_language_bidi(),
        "title": assessment.title,
        "partnership": assessment.partnership.name,
        "phase": assessment.get_phase_display(),
        "finding": first,
        "second": second,
        "footer": f"{assessment.partnership.name} · {assessment.title}",
        "words": headings(results),
        "sides": results.names["sides"],
        "ladder": [f"{level}\n{word}" for level, word in SHORT_LEVELS.items()],
        "partners": partners_of(results),
        "columns": [{"acronym": p["acronym"], "side": p["side"]} for p in results.partners],
        "facts": how_done(assessment),
        "agreed": agreed_content(agreed, results) if agreed else None,
        "declared_facts": declared_facts_of(results),
        "perception": perception_content(perception, results.names["sides"]) if perception else None,
        "caucus": for_report(sides) if sides else None,
        "since": since_of(assessment, results),
        "actions": actions_of(assessment),
        **outcomes_of(assessment),
        "causes": causes_of(assessment),
        "replies": replies_of(assessment),
        "remarks": remarks_of(assessment),
        "method": method_of(results),
        "stamp": stamp_of(results),
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain


def _opening(short: InShort | None, perception: dict[str, Any] | None) -> tuple[str, str | None]:
    if short:
        return short.headline, " ".join(short.lines)
    return (
        perception["said"].text
        if perception
        else _("No levels have been agreed, and no results have been released yet.")
    ), None
