"""The dashboard: one sentence, the charts, the tables. It follows the session by polling."""

from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import access
from assessments.guide import guides_of
from assessments.models import AgreedResult, Assessment, Job, Mode, Release, Stage
from assessments.published_gaps import PublishedGap
from assessments.results import presenters
from assessments.results.beside_influence import beside_influence
from assessments.results.caucus import of_sides
from assessments.results.comparing import compared, gaps_beside
from assessments.results.in_short import in_short
from assessments.results.names import names_of
from assessments.services.rating import progress
from assessments.views.csp import with_charts
from assessments.views.decorators import assessment_required, context
from assessments.workflow import jobs
from partnerships.access import MemberRoles
from partnerships.codes import keyed_hash
from partnerships.models import Role

KINDS = (Job.Kind.RELEASE, Job.Kind.AGREED)
CACHED_SECONDS = 600
UNFINISHED = (*jobs.UNDER_WAY, "failed")


@with_charts
@require_safe
@assessment_required()
def dashboard(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show released and agreed results, or the next step while there are none."""
    released, agreed = newest_results(assessment)
    pending = jobs.statuses_of(assessment, KINDS)
    more = {
        **results_shown(assessment, member, released, agreed),
        **_progress(assessment),
        "working": [{"kind": kind, **status} for kind, status in pending.items() if status["state"] in UNFINISHED],
        "version": page_version(assessment, pending, released, agreed),
        "live": assessment.stage == Stage.JOINT,
        "guides": guides_of(assessment),
    }
    return render(request, "assessments/followup/dashboard/page.html", context(assessment, member, **more))


def newest_results(assessment: Assessment) -> tuple[Release | None, AgreedResult | None]:
    """Return the newest Release and AgreedResult with their versions only, without numbers."""
    released = Release.objects.filter(assessment=assessment).only("shrunk_at").first()
    return released, assessment.agreed_results.order_by("-version").only("version").first()


def results_shown(
    assessment: Assessment, member: MemberRoles, released: Release | None, agreed: AgreedResult | None
) -> dict[str, Any]:
    """Return the results as `finding` (a sentence), `results` (HTML) and `charts` (whether there are any), cached.

    The cache key contains the versions of the results, so it never becomes stale. Rehearsals are not cached.
    """
    if released is None and agreed is None:
        return {}
    if assessment.partnership.is_rehearsal:
        return _render_results(assessment, member, [])
    names = names_of(assessment)
    facts = released and (released.pk, released.shrunk_at), agreed and (agreed.pk, agreed.version), names
    actions = assessment.actions.aggregate(Count("pk"), Max("updated_at"))
    about = assessment.rating_closed_at, assessment.imported_at, assessment.importer_names()
    published = gaps_beside(assessment)
    parts = (facts, actions, about, bool(member.represents), get_language(), published)
    key = "dashboard:" + keyed_hash("dashboard", repr(parts))
    cached = cast(
        dict[str, Any], cache.get_or_set(key, lambda: _render_results(assessment, member, published), CACHED_SECONDS)
    )
    return cached | {"results": mark_safe(cached["results"])}  # noqa: S308 (a template made it)


def _render_results(assessment: Assessment, member: MemberRoles, published: list[PublishedGap]) -> dict[str, Any]:
    results = presenters.results_of(assessment)
    perception, sides, agreed = presenters.perception(results), of_sides(results), presenters.agreed(results)
    short = in_short(results)
    first = "" if short else (perception or sides or {}).get("said", "")
    more: dict[str, Any] = {"short": short, "perception": perception, "caucus": sides, "agreed": agreed}
    more |= {"partners": results.partners, "compared": compared(results, published)}
    more["facts"] = beside_influence(results)
    figures_url = reverse("example-figures") if assessment.partnership.is_example else ""
    shared = context(assessment, member, figures_url=figures_url, **more)
    html = render_to_string("assessments/followup/dashboard/_results.html", shared)
    charts = bool(agreed or (perception and perception["drawn"]))
    shown_html = html if agreed or perception or sides else ""
    return {"finding": str(first), "results": shown_html, "charts": charts, "agreed": bool(agreed)}


@never_cache
@require_safe
@assessment_required()
def figures(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> JsonResponse:
    """Return the figures of the charts as JSON, by chart."""
    return JsonResponse(presenters.figures_of(assessment))


def _progress(assessment: Assessment) -> dict:
    if assessment.stage != Stage.RATING:
        return {}
    return {"progress": progress.sentence_of(assessment)}


@require_safe
@assessment_required()
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer a page that polls: 204 while nothing changed, otherwise let it reload."""
    pending = jobs.statuses_of(assessment, KINDS)
    if request.GET.get("v") == page_version(assessment, pending, *newest_results(assessment)):
        return HttpResponse(status=204)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@require_POST
@assessment_required(Role.FACILITATOR)
def retry(request: HttpRequest, assessment: Assessment, member: MemberRoles, kind: str) -> HttpResponse:
    """Start a failed job again."""
    if kind not in Job.Kind.values:
        raise Http404
    language = get_language() if kind == Job.Kind.REPORT else ""
    failed = get_object_or_404(assessment.jobs, kind=kind, language=language)
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


def page_version(
    assessment: Assessment, pending: dict[str, jobs.JobStatus], released: Release | None, agreed: AgreedResult | None
) -> str:
    """Return the version of what a page shows, so that polling notices a change."""
    numbers = released and (released.pk, released.shrunk_at), agreed and (agreed.pk, agreed.version)
    states = [status["state"] for status in pending.values()]
    return keyed_hash("dashboard", repr((assessment.stage, *numbers, states)))[:16]
