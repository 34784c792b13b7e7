"""What was agreed to be done: the list, one action with its history, and what facilitators change in the session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import access, guide
from assessments.forms.followup.actions import ActionForm, FollowUpForm, warn_of_the_past
from assessments.models import Action, Assessment
from assessments.services.followup import planned_actions
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from partnerships.access import MemberRoles
from partnerships.models import Role
from partnerships.services import Refused


@require_safe
@assessment_required()
def listing(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """List the actions by date: overdue, due soon, later, done, confirmed."""
    shared = context(assessment, member, groups=planned_actions.listed(assessment), guides=(guide.FOLLOW_UP,))
    return render(request, "assessments/followup/actions/list.html", shared)


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required()
def detail(request: HttpRequest, assessment: Assessment, member: MemberRoles, action: str) -> HttpResponse:
    """Show an action with its history; its owner and facilitators report, the gaining partner confirms."""
    planned = access.action_in(assessment, action)
    form = _follow_up_form(request, assessment, member, planned)
    if request.method == "POST":
        actions.require(assessment, member, actions.WorkflowAction.FOLLOW_UP)
        if form and form.is_valid():
            planned_actions.follow_up(assessment, member, planned, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(planned_actions.url_of(planned, assessment))
        if not form:
            raise Refused(_("There is nothing for you to report on this action now."))
    shared = context(
        assessment,
        member,
        action=planned,
        form=form,
        notes=planned.notes.select_related("membership__user", "membership__partner"),
        confirms=planned_actions.may_confirm(planned, member),
        group=planned_actions.group_of(planned),
    )
    return render(request, "assessments/followup/actions/detail.html", shared)


def _follow_up_form(request, assessment: Assessment, member: MemberRoles, action: Action) -> FollowUpForm | None:
    statuses = (
        planned_actions.next_statuses(action, member)
        if actions.may(assessment, member, actions.WorkflowAction.FOLLOW_UP)
        else []
    )
    if not statuses:
        return None
    shown = {"status": action.status} if action.status in statuses else {}  # "Yes, it was done" is never preselected
    return FollowUpForm(request.POST or None, statuses=statuses, initial=shown)


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def edit(request: HttpRequest, assessment: Assessment, member: MemberRoles, action: str) -> HttpResponse:
    """Change an action while the session is open."""
    planned = access.action_in(assessment, action)
    actions.require(assessment, member, actions.WorkflowAction.PLAN_ACTION)
    gains = planned_actions.gaining(planned.decision)
    form = ActionForm(request.POST or None, instance=planned, assessment=assessment, gains=gains)
    if request.method == "POST" and form.is_valid():
        planned_actions.amend(assessment, member, planned, **form.cleaned_data)
        warn_of_the_past(request, form)
        return redirect(planned_actions.url_of(planned, assessment))
    shared = context(assessment, member, action=planned, decision=planned.decision, form=form)
    return render(request, "assessments/followup/actions/plan.html", shared)


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def remove(request: HttpRequest, assessment: Assessment, member: MemberRoles, action: str) -> HttpResponse:
    """Ask, then take an action back while the session is open."""
    planned = access.action_in(assessment, action)
    actions.require(assessment, member, actions.WorkflowAction.PLAN_ACTION)
    if request.method == "POST":
        planned_actions.remove(assessment, member, planned)
        messages.success(request, _("The action has been removed."))
        return redirect("assessments:session-decision", assessment.code, planned.decision.number)
    return render(request, "assessments/followup/actions/remove.html", context(assessment, member, action=planned))
