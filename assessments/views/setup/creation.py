"""Creating an assessment, its settings, and the private question about the named mode."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.setup.creation import SessionDayForm, SetupForm
from assessments.models import Assessment, Mode, Phase, Stage
from assessments.promises import promise, under_each
from assessments.services.setup import opening, preview
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.models import Partnership, Role
from partnerships.views.refusals import refusals_shown
from partnerships.views.shared import settings_page

FOLLOWING = {Phase.BASELINE: Phase.MIDTERM, Phase.MIDTERM: Phase.ENDLINE}


@require_http_methods(["GET", "POST"])
@signed_in
@refusals_shown(settings_page)
def create(request: HttpRequest, code: str) -> HttpResponse:
    """Set up an assessment, from scratch or after an earlier one (`?after=<code>`)."""
    partnership, member = partnership_for(person(request), code, Role.FACILITATOR)
    before = _predecessor(partnership, request.GET.get("after"))
    form = SetupForm(request.POST or None, initial=_initial(before, partnership), partnership=partnership)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data | {"predecessor": before}
        assessment = opening.create_assessment(partnership, person(request), **fields)
        return redirect("assessments:start-decisions", assessment.code)
    page_context = {"form": form, "partnership": partnership, "member": member, "before": before}
    return render(request, "assessments/setup/create.html", page_context | previewed(partnership, 3, form))


def _predecessor(partnership: Partnership, code: str | None) -> Assessment | None:
    if not code:
        return None
    before = partnership.assessments.filter(code=code).first()
    if before is None:
        raise Http404
    if before.stage != Stage.CLOSED:
        raise PermissionDenied
    return before


def _initial(before: Assessment | None, partnership: Partnership) -> dict:
    if before is None:
        passing_on = partnership.partners.filter(passes_on_to__isnull=False, left_at__isnull=True).distinct()
        proposed = next(way.value for way in preview.ways(partnership, 3) if way.proposed)
        title = _("How we decide, %(year)s") % {"year": timezone.localdate().year}
        return {"title": title, "mode_wanted": proposed, "funders": list(passing_on.values_list("pk", flat=True))}
    return {
        "title": _("How we decide, %(year)s") % {"year": timezone.localdate().year},
        "session_zone": before.session_zone,
        "phase": FOLLOWING.get(Phase(before.phase), Phase.OTHER),
        "mode_wanted": before.mode_wanted if before.private_ratings else preview.JOINT_ONLY,
        "k": before.k,
        "funders": list(before.funders.values_list("partner", flat=True)),
    }


def previewed(partnership: Partnership, k: int, form: SetupForm) -> dict:
    """Return what members will be able to see in each mode, from the list of partners alone."""
    ways = preview.ways(partnership, k)
    proposed = next(way.value for way in ways if way.proposed)
    openly, other = proposed in (Mode.CAUCUS, preview.JOINT_ONLY), form["mode_wanted"].value() not in (proposed, None)
    return {"ways": ways, "warn": openly, "other_way": other, "under_each": under_each(Mode.BY_SIDE)}


@require_http_methods(["GET", "POST"])
@assessment_required(Role.FACILITATOR)
def change(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Change the set-up until rating opens."""
    actions.require(assessment, member, WorkflowAction.CHANGE_SETTINGS)
    form = SetupForm(request.POST or None, instance=assessment, partnership=assessment.partnership)
    form.leave_session_out()
    if request.method == "POST" and form.is_valid():
        opening.change_settings(assessment, member, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(assessment)
    more = {"form": form, **previewed(assessment.partnership, assessment.k, form)}
    return render(request, "assessments/setup/create.html", context(assessment, member, **more))


@require_http_methods(["GET", "POST"])
@assessment_required(Role.FACILITATOR)
def session_day(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Set or move the day, the hour and the place of the session, until it is over."""
    actions.require(assessment, member, WorkflowAction.CHANGE_SESSION)
    form = SessionDayForm(request.POST if request.method == "POST" else None, instance=assessment)
    if request.method == "POST" and form.is_valid():
        opening.change_session(assessment, member, form.cleaned_data)
        messages.success(request, _("Saved. Everyone has been told."))
        return redirect(assessment)
    return render(request, "assessments/setup/session_day.html", context(assessment, member, form=form))


@require_http_methods(["GET", "POST"])
@assessment_required(Role.REPRESENTATIVE)
def named(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask a representative, privately, whether answers may be shown with organisations' names."""
    actions.require(assessment, member, WorkflowAction.ANSWER_NAMED)
    if assessment.mode_wanted != Mode.NAMED:
        raise Http404
    membership = member.represents
    if request.method == "POST" and membership:
        opening.answer_named(assessment, membership, request.POST.get("accept") == "yes")
        messages.success(request, _("Thank you. Only you know what you answered."))
        return redirect(assessment)
    return render(request, "assessments/setup/named.html", context(assessment, member, promise=promise(Mode.NAMED)))
