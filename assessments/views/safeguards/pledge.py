"""What is promised before anybody answers: the pledge of those who give money, and what everybody keeps to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.safeguards.ground_rules import GroundRulesForm
from assessments.models import Assessment
from assessments.results import given_pledges
from assessments.services.safeguards import ground_rules as rules
from assessments.services.safeguards import pledge as pledges
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.codes import whole
from partnerships.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required()
def pledge(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show who signed that nothing said here affects grants; who may, signs it here by name."""
    if request.method == "POST":
        pledges.sign_pledge(assessment, member)
        messages.success(request, _("You have signed. Everyone can see your name and the date."))
        return redirect("assessments:pledge", assessment.code)
    more = {
        "words": given_pledges.pledge_text(),
        "given": given_pledges.pledges_of_funders(assessment),
        "membership": pledges.may_sign(assessment, member)
        if actions.may(assessment, member, WorkflowAction.SIGN_PLEDGE)
        else None,
        "own": pledges.own_pledge(assessment, member)
        if actions.may(assessment, member, WorkflowAction.WITHDRAW_PLEDGE)
        else None,
    }
    return render(request, "assessments/safeguards/pledge/page.html", context(assessment, member, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def partnership_pledge(request: HttpRequest, code: str) -> HttpResponse:
    """Show who signed the pledge for the whole partnership; a representative signs or withdraws it here."""
    roles = (Role.REPRESENTATIVE,) if request.method == "POST" else ()
    partnership, member = partnership_for(person(request), code, *roles)
    if request.method == "POST":
        withdraws = request.POST.get("do") == "withdraw"
        (pledges.withdraw_here if withdraws else pledges.sign_here)(partnership, member)
        return redirect("assessments:partnership-pledge", code)
    more = {
        "partnership": partnership,
        "member": member,
        "words": given_pledges.pledge_text(),
        "given": given_pledges.pledges_of_partnership(partnership),
        "membership": member.represents,
        "own": pledges.own_here(partnership, member),
    }
    return render(request, "assessments/safeguards/pledge/partnership.html", more)


@require_POST
@assessment_required(Role.REPRESENTATIVE)
def withdraw_pledge(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Take the own signature back, which is shown as well."""
    pledges.withdraw_pledge(assessment, member)
    messages.success(
        request, _("You have withdrawn your signature. Everyone can see that you did so, and on what date.")
    )
    return redirect("assessments:pledge", assessment.code)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required()
def ground_rules(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what everybody keeps to in the session, and let each member say that she does."""
    if request.method == "POST":
        seen = request.POST.get("version", "")
        rules.accept_rules(assessment, member, whole(seen) or 0)
        messages.success(
            request,
            _("Thank you. Others can see how many people have accepted the ground rules, but not who they are."),
        )
        return redirect("assessments:ground-rules", assessment.code)
    more = {"ground_rules": rules.ground_rules_of(assessment, person(request))}
    return render(request, "assessments/safeguards/ground_rules/page.html", context(assessment, member, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def edit_ground_rules(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Let facilitators word the lines while decisions are gathered."""
    actions.require(assessment, member, WorkflowAction.EDIT_GROUND_RULES)
    shown = rules.ground_rules_of(assessment)
    form = GroundRulesForm(request.POST or None, lines=shown.lines)
    if request.method == "POST" and form.is_valid():
        if rules.change_rules(assessment, member, form.lines()):
            messages.success(
                request, _("Saved. We will ask everyone who accepted the earlier ground rules to accept the new ones.")
            )
        return redirect("assessments:ground-rules", assessment.code)
    more = {"form": form, "ground_rules": shown}
    status = 422 if form.errors else 200
    return render(
        request, "assessments/safeguards/ground_rules/edit.html", context(assessment, member, **more), status=status
    )
