"""The dashboard: one sentence, then the picture, then the table. It fills in by itself and follows the session."""

from typing import Any, cast

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import access
from assessments.models import AgreedResult, Assessment, Job, Mode, Release, Stage
from assessments.results import presenters
from assessments.results.caucus import of_sides
from assessments.results.names import names_of
from assessments.services.rating import progress
from assessments.views.csp import with_charts
from assessments.views.decorators import assessment_required, context
from assessments.workflow import jobs
from partnerships.access import MemberRoles
from partnerships.codes import keyed_hash
from partnerships.models import Role

KINDS = (Job.Kind.RELEASE, Job.Kind.AGREED)
KEPT = 600  # seconds
UNFINISHED = (*jobs.UNDER_WAY, "failed")


@with_charts
@require_safe
@assessment_required()
def dashboard(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what was released and what was agreed, or what comes next while there is nothing yet."""
    released, agreed = heads(assessment)
    pending = jobs.statuses_of(assessment, KINDS)
    more = {
        **results_shown(assessment, member, released, agreed),
        **_progress(assessment),
        "working": [{"kind": kind, **found} for kind, found in pending.items() if found["state"] in UNFINISHED],
        "version": version_of(assessment, pending, released, agreed),
        "live": assessment.stage == Stage.JOINT,
    }
    return render(request, "assessments/followup/dashboard/page.html", context(assessment, member, **more))


def heads(assessment: Assessment) -> tuple[Release | None, AgreedResult | None]:
    """Return what tells which results there are, without their numbers."""
    released = Release.objects.filter(assessment=assessment).only("shrunk_at").first()
    return released, assessment.agreed_results.order_by("-version").only("version").first()


def results_shown(
    assessment: Assessment, member: MemberRoles, released: Release | None, agreed: AgreedResult | None
) -> dict[str, Any]:
    """Return what the results say, as `finding`, `results` (HTML) and `charts`; the same words are put together once.

    Results never change but by a new row or a shrunk one, which have other names here. A rehearsal leaves no trace.
    """
    if released is None and agreed is None:
        return {}
    if assessment.partnership.is_rehearsal:
        return _put_together(assessment, member)
    names = names_of(assessment)
    facts = released and (released.pk, released.shrunk_at), agreed and (agreed.pk, agreed.version), names
    about = assessment.rating_closed_at, assessment.imported_at, assessment.importer_names()
    key = "dashboard:" + keyed_hash("dashboard", repr((facts, about, bool(member.represents), get_language())))
    found = cast(dict[str, Any], cache.get_or_set(key, lambda: _put_together(assessment, member), KEPT))
    return found | {"results": mark_safe(found["results"])}  # noqa: S308 (a template made it)


def _put_together(assessment: Assessment, member: MemberRoles) -> dict[str, Any]:
    results = presenters.results_of(assessment)
    perception, sides, agreed = presenters.perception(results), of_sides(results), presenters.agreed(results)
    first = agreed["finding"] if agreed else (perception or sides or {}).get("said", "")
    more = {"perception": perception, "caucus": sides, "agreed": agreed, "partners": results.partners}
    more |= {"figures_url": reverse("example-figures")} if assessment.partnership.is_example else {}
    html = render_to_string("assessments/followup/dashboard/_results.html", context(assessment, member, **more))
    charts = bool(agreed or (perception and perception["drawn"]))
    said = html if agreed or perception or sides else ""
    return {"finding": str(first), "results": said, "charts": charts, "agreed": bool(agreed)}


@never_cache
@require_safe
@assessment_required()
def figures(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> JsonResponse:
    """Hand out what the charts are drawn from, by chart."""
    return JsonResponse(presenters.figures_of(assessment))


def _progress(assessment: Assessment) -> dict:
    if assessment.stage != Stage.RATING:
        return {}
    return {"progress": progress.sentence_of(assessment)}


@require_safe
@assessment_required()
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer a page that polls: 204 while it shows what there is, else let it load anew."""
    if request.GET.get("v") == version_of(assessment, jobs.statuses_of(assessment, KINDS), *heads(assessment)):
        return HttpResponse(status=204)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@require_POST
@assessment_required(Role.FACILITATOR)
def retry(request: HttpRequest, assessment: Assessment, member: MemberRoles, kind: str) -> HttpResponse:
    """Start failed work again."""
    if kind not in Job.Kind.values:
        raise Http404
    language = get_language() if kind == Job.Kind.REPORT else ""
    failed = get_object_or_404(assessment.work, kind=kind, language=language)
    if failed.state == Job.State.FAILED:
        jobs.retry(failed)
    return redirect("assessments:report" if kind == Job.Kind.REPORT else "assessments:dashboard", assessment.code)


@require_safe
@assessment_required()
def named_answers(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Show one decision's answers by organisation; there is such a page in named mode only."""
    decision = access.numbered_decision(assessment, number)
    results = presenters.results_of(assessment)
    if results.release is None or results.release.mode != Mode.NAMED:
        raise Http404
    more = {
        "decision": decision,
        "rows": presenters.named_answers(results, number),
        "raters": presenters.rater_columns(results, number),
        "decisions": results.names["decisions"],
    }
    return render(request, "assessments/followup/dashboard/named.html", context(assessment, member, **more))


def version_of(
    assessment: Assessment, pending: dict[str, dict], released: Release | None, agreed: AgreedResult | None
) -> str:
    """Name what a page shows, so that a poll can tell whether there is something new."""
    numbers = released and (released.pk, released.shrunk_at), agreed and (agreed.pk, agreed.version)
    states = [found["state"] for found in pending.values()]
    return keyed_hash("dashboard", repr((assessment.stage, *numbers, states)))[:16]
