"""The last two steps before people answer: the decisions to begin with, and what is still missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.forms.setup.decisions import FirstDecisionsForm
from assessments.models import Assessment, Stage
from assessments.services.setup import decisions, examples, opening, readiness
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Role
from partnerships.services import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def start_decisions(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Let a facilitator tick ready decisions and write others, or ask everyone to propose."""
    actions.require(assessment, member, WorkflowAction.PROPOSE)
    data = request.POST if request.method == "POST" else None
    form = FirstDecisionsForm(data, offered=examples.offered(assessment))
    if form.is_valid():
        topics, wordings = form.cleaned_data.get("topics", []), form.cleaned_data["wordings"]
        decisions.start_list(assessment, member, topics, wordings)
        if request.POST.get("do") == "ask":
            messages.success(
                request, _("Everyone can propose decisions now. Come back to this page to open the assessment.")
            )
            return redirect("assessments:decisions", assessment.code)
        return redirect("assessments:ready", assessment.code)
    more = {"form": form, "heads": assessment.decisions.active(), "step": 5}
    return render(
        request, "assessments/setup/start_decisions.html", context(assessment, member, **more), status=_status(form)
    )


def _status(form: FirstDecisionsForm) -> int:
    return 422 if form.is_bound else 200


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def ready(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what is still missing before the assessment opens, and open it."""
    action = readiness.opens(assessment)
    actions.check(assessment, member, action)
    checks, refused = readiness.checks(assessment), ""
    if request.method == "POST":
        try:
            return opened(request, readiness.open_now(assessment, member, bool(request.POST.get("in_spite"))))
        except Refused as error:
            refused = str(error.message)
    more = {
        "checks": checks,
        "needs_tick": readiness.needs_tick(checks),
        "refused": refused,
        "obstacle": actions.ROW_OF[action].guard(assessment),  # type: ignore[misc]
        "words": actions.texts_of(assessment, action),
        "step": 6,
    }
    status = 422 if refused else 200
    return render(request, "assessments/setup/ready.html", context(assessment, member, **more), status=status)


def opened(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Say what has opened, and whom that reached."""
    messages.success(request, str(actions.texts_of(assessment, readiness.opens(assessment)).done))
    if assessment.stage == Stage.RATING:
        mailed, *unreached = opening.reached_by_opening(assessment).sentences()
        messages.info(request, mailed)
        for line in unreached:
            messages.warning(request, line)
    return redirect(assessment)
