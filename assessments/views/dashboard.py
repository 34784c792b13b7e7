"""The dashboard: one sentence, then the picture, then the table. It fills in by itself and follows the session."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import access
from assessments.models import AgreedResult, Assessment, Mode, Release, Stage, Work
from assessments.results import shown
from assessments.results.caucus import of_sides
from assessments.services import work
from assessments.services.alone import caucus, private
from assessments.views.doors import context, door
from assessments.views.drawn import with_charts
from partnerships.access import Standing
from partnerships.codes import keyed_hash
from partnerships.models import Role

KINDS = (Work.Kind.RELEASE, Work.Kind.AGREED)
UNFINISHED = (*work.UNDER_WAY, "failed")


@with_charts
@require_safe
@door()
def dashboard(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show what was released and what was agreed, or what comes next while there is nothing yet."""
    results = shown.results_of(assessment)
    pending = work.standings(assessment, KINDS)
    more = {
        "perception": shown.perception(results),
        "caucus": of_sides(results),
        "agreed": shown.agreed(results),
        "partners": results.partners,
        **_progress(assessment),
        "working": [{"kind": kind, **found} for kind, found in pending.items() if found["state"] in UNFINISHED],
        "version": version_of(assessment, pending, results.release, results.agreed),
        "live": assessment.stage == Stage.JOINT,
    }
    return render(request, "assessments/dashboard/page.html", context(assessment, standing, **more))


@never_cache
@require_safe
@door()
def figures(request: HttpRequest, assessment: Assessment, standing: Standing) -> JsonResponse:
    """Hand out what the charts are drawn from, by chart."""
    return JsonResponse(shown.figures_of(assessment))


def _progress(assessment: Assessment) -> dict:
    if assessment.stage != Stage.RATING:
        return {}
    if assessment.answers_by_side:
        return {"caucus_progress": caucus.progress(assessment)}
    return {"progress": private.progress(assessment)}


@require_safe
@door()
def state(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Answer a page that polls: 204 while it shows what there is, else let it load anew."""
    released = Release.objects.filter(assessment=assessment).only("shrunk_at").first()
    agreed = assessment.agreed_results.order_by("-version").only("version").first()
    if request.GET.get("v") == version_of(assessment, work.standings(assessment, KINDS), released, agreed):
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
