"""What was agreed to be done: the list, one action with its history, and what facilitators change in the session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import access
from assessments.forms.actions import ActionForm, FollowUpForm, warn_of_the_past
from assessments.models import Action, Assessment
from assessments.services import steps
from assessments.services.after import actions
from assessments.views.doors import context, door
from partnerships.access import Standing
from partnerships.models import Role


@require_safe
@door()
def listing(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """List the actions by date: overdue, due soon, later, done, confirmed."""
    shared = context(assessment, standing, groups=actions.listed(assessment))
    return render(request, "assessments/actions/list.html", shared)


@require_http_methods(["GET", "HEAD", "POST"])
@door()
def detail(request: HttpRequest, assessment: Assessment, standing: Standing, action: str) -> HttpResponse:
    """Show an action with its history; its owner and facilitators report, the gaining partner confirms."""
    found = access.action_in(assessment, action)
    form = _follow_up_form(request, assessment, standing, found)
    if request.method == "POST":
        steps.require(assessment, standing, "follow_up")
        if form and form.is_valid():
            actions.follow_up(assessment, standing, found, **form.cleaned_data)
            messages.success(request, _("Noted."))
            return redirect(actions.url_of(found, assessment))
        if not form:
            raise steps.NotNow(_("There is nothing for you to report on this action now."))
    shared = context(
        assessment,
        standing,
        action=found,
        form=form,
        notes=found.notes.select_related("seat__user", "seat__partner"),
        confirms=actions.may_confirm(found, standing),
        group=actions.group_of(found),
    )
    return render(request, "assessments/actions/detail.html", shared)


def _follow_up_form(request, assessment: Assessment, standing: Standing, action: Action) -> FollowUpForm | None:
    statuses = actions.next_statuses(action, standing) if steps.may(assessment, standing, "follow_up") else []
    if not statuses:
        return None
    first = action.status if action.status in statuses else statuses[0]
    return FollowUpForm(request.POST or None, statuses=statuses, initial={"status": first})


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.FACILITATOR)
def edit(request: HttpRequest, assessment: Assessment, standing: Standing, action: str) -> HttpResponse:
    """Change an action while the session is open."""
    found = access.action_in(assessment, action)
    steps.require(assessment, standing, "plan_action")
    gains = actions.gaining(found.decision)
    form = ActionForm(request.POST or None, instance=found, assessment=assessment, gains=gains)
    if request.method == "POST" and form.is_valid():
        actions.amend(assessment, standing, found, **form.cleaned_data)
        warn_of_the_past(request, form)
        return redirect(actions.url_of(found, assessment))
    shared = context(assessment, standing, action=found, decision=found.decision, form=form)
    return render(request, "assessments/actions/plan.html", shared)


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.FACILITATOR)
def remove(request: HttpRequest, assessment: Assessment, standing: Standing, action: str) -> HttpResponse:
    """Ask, then take an action back while the session is open."""
    found = access.action_in(assessment, action)
    steps.require(assessment, standing, "plan_action")
    if request.method == "POST":
        actions.remove(assessment, standing, found)
        messages.success(request, _("The action is removed."))
        return redirect("assessments:session-decision", assessment.code, found.decision.number)
    return render(request, "assessments/actions/remove.html", context(assessment, standing, action=found))
