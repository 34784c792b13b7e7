"""Planned actions, “no common wish”, routes without consensus, notes, and causes of each “no”."""

from typing import Any

from django.utils.translation import gettext as _

from assessments import factors
from assessments.models import Assessment, Cause, Outcome
from assessments.results.reporting.formats import written_day
from partnerships.locales import isolated, listed


def actions_of(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "text": action.text,
            "decision": f"{action.decision.number}. {action.decision.wording_for_reader}",
            "owner": action.owner.name,
            "confirmer": _("confirmed by %(name)s") % {"name": action.confirmer.name} if action.confirmer else None,
            "due": written_day(action.due),
            "status": str(action.get_status_display()),
        }
        for action in assessment.actions.select_related("decision", "owner", "confirmer")
    ]


def outcomes_of(assessment: Assessment) -> dict[str, Any]:
    """Return the decisions without a common wish, the routes with their review dates, and what the group noted."""
    rows = (
        Outcome.objects.filter(decision__assessment=assessment).select_related("decision").order_by("decision__number")
    )
    named = [(f"{row.decision.number}. {row.decision.wording_for_reader}", row) for row in rows]
    return {
        "no_wishes": [name for name, row in named if row.no_common_wish],
        "routes": [{"label": name, "text": _route(row)} for name, row in named if row.route],
        "notes": [{"label": name, "text": row.note} for name, row in named if row.note],
    }


def causes_of(assessment: Assessment) -> list[dict[str, Any]]:
    """Return what the group said stands behind each “no”."""
    rows = Cause.objects.filter(decision__assessment=assessment, decision__outcome__agree=False)
    named: dict[str, list[str]] = {}
    for row in rows.select_related("decision").order_by("decision__number", "place"):
        named.setdefault(f"{row.decision.number}. {row.decision.wording_for_reader}", []).append(row.factor)
    words_by_slug = factors.words_by_slug() if named else {}
    return [
        {"label": name, "text": listed([isolated(str(words_by_slug.get(slug, slug))) for slug in slugs])}
        for name, slugs in named.items()
    ]


def _route(row: Outcome) -> str:
    return _("%(route)s (review on %(day)s)") % {"route": row.get_route_display(), "day": written_day(row.review_on)}
