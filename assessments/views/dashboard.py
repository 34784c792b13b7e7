"""The dashboard: one sentence, then the picture, then the table. It fills in by itself and follows the session."""

from typing import Any, cast

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import access
from assessments.models import AgreedResult, Assessment, Mode, Release, Stage, Work
from assessments.results import shown
from assessments.results.caucus import of_sides
from assessments.results.names import names_of
from assessments.services import work
from assessments.services.alone import progress
from assessments.views.doors import context, door
from assessments.views.drawn import with_charts
from partnerships.access import Standing
from partnerships.codes import keyed_hash
from partnerships.models import Role

KINDS = (Work.Kind.RELEASE, Work.Kind.AGREED)
KEPT = 600  # seconds
UNFINISHED = (*work.UNDER_WAY, "failed")


@with_charts
@require_safe
@door()
def dashboard(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show what was released and what was agreed, or what comes next while there is nothing yet."""
    released, agreed = heads(assessment)
    pending = work.standings(assessment, KINDS)
    more = {
        **_results(assessment, standing, released, agreed),
        **_progress(assessment),
        "working": [{"kind": kind, **found} for kind, found in pending.items() if found["state"] in UNFINISHED],
        "version": version_of(assessment, pending, released, agreed),
        "live": assessment.stage == Stage.JOINT,
    }
    return render(request, "assessments/dashboard/page.html", context(assessment, standing, **more))


def heads(assessment: Assessment) -> tuple[Release | None, AgreedResult | None]:
    """Return what tells which results there are, without their numbers."""
    released = Release.objects.filter(assessment=assessment).only("shrunk_at").first()
    return released, assessment.agreed_results.order_by("-version").only("version").first()


def _results(
    assessment: Assessment, standing: Standing, released: Release | None, agreed: AgreedResult | None
) -> dict[str, Any]:
    """Return what the results say, as `finding`, `results` (HTML) and `charts`; the same words are put together once.

    Results never change but by a new row or a shrunk one, which have other names here. A rehearsal leaves no trace.
    """
    if released is None and agreed is None:
        return {}
    if assessment.partnership.is_rehearsal:
        return _put_together(assessment, standing)
    names = names_of(assessment)
    facts = released and (released.pk, released.shrunk_at), agreed and (agreed.pk, agreed.version), names
    about = assessment.rating_closed_at, assessment.imported_at, assessment.importer_names()
    key = "dashboard:" + keyed_hash("dashboard", repr((facts, about, bool(standing.represents), get_language())))
    found = cast(dict[str, Any], cache.get_or_set(key, lambda: _put_together(assessment, standing), KEPT))
    return found | {"results": mark_safe(found["results"])}  # noqa: S308 (a template made it)


def _put_together(assessment: Assessment, standing: Standing) -> dict[str, Any]:
    results = shown.results_of(assessment)
    perception, sides, agreed = shown.perception(results), of_sides(results), shown.agreed(results)
    first = agreed["finding"] if agreed else (perception or sides or {}).get("said", "")
    more = {"perception": perception, "caucus": sides, "agreed": agreed, "partners": results.partners}
    html = render_to_string("assessments/dashboard/_results.html", context(assessment, standing, **more))
    charts = bool(agreed or (perception and perception["drawn"]))
    said = html if agreed or perception or sides else ""
    return {"finding": str(first), "results": said, "charts": charts, "agreed": bool(agreed)}


@never_cache
@require_safe
@door()
def figures(request: HttpRequest, assessment: Assessment, standing: Standing) -> JsonResponse:
    """Hand out what the charts are drawn from, by chart."""
    return JsonResponse(shown.figures_of(assessment))


def _progress(assessment: Assessment) -> dict:
    if assessment.stage != Stage.RATING:
        return {}
    return {"progress": progress.sentence_of(assessment)}


@require_safe
@door()
def state(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Answer a page that polls: 204 while it shows what there is, else let it load anew."""
    if request.GET.get("v") == version_of(assessment, work.standings(assessment, KINDS), *heads(assessment)):
        return HttpResponse(status=204)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@require_POST
@door(Role.FACILITATOR)
def retry(request: HttpRequest, assessment: Assessment, standing: Standing, kind: str) -> HttpResponse:
    """Start failed work again."""
    if kind not in Work.Kind.values:
        raise Http404
    language = get_language() if kind == Work.Kind.REPORT else ""
    failed = get_object_or_404(assessment.work, kind=kind, language=language)
    if failed.state == Work.State.FAILED:
        work.retry(failed)
    return redirect("assessments:report" if kind == Work.Kind.REPORT else "assessments:dashboard", assessment.code)


@require_safe
@door()
def named_answers(request: HttpRequest, assessment: Assessment, standing: Standing, number: int) -> HttpResponse:
    """Show one decision's answers by organisation; there is such a page in named mode only."""
    decision = access.numbered_decision(assessment, number)
    results = shown.results_of(assessment)
    if results.release is None or results.release.mode != Mode.NAMED:
        raise Http404
    more = {
        "decision": decision,
        "rows": shown.named_answers(results, number),
        "raters": shown.rater_columns(results, number),
        "decisions": results.names["decisions"],
    }
    return render(request, "assessments/dashboard/named.html", context(assessment, standing, **more))


def version_of(
    assessment: Assessment, pending: dict[str, dict], released: Release | None, agreed: AgreedResult | None
) -> str:
    """Name what a page shows, so that a poll can tell whether there is something new."""
    numbers = released and (released.pk, released.shrunk_at), agreed and (agreed.pk, agreed.version)
    states = [found["state"] for found in pending.values()]
    return keyed_hash("dashboard", repr((assessment.stage, *numbers, states)))[:16]
