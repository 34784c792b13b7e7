"""The final review: everything that was agreed on one page, replies, remarks, and the facilitators' confirmations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.forms.followup.closing import RemarkForm, ReplyForm
from assessments.guide import GUIDES
from assessments.models import Assessment, Stage
from assessments.services import transitions
from assessments.services.followup import closing
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions, guards
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Role


@require_safe
@assessment_required()
def closing_page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the final review."""
    return _page(request, assessment, member)


@require_POST
@assessment_required(Role.FACILITATOR)
def confirm(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Confirm the final review; the last confirmation closes the assessment."""
    if transitions.confirm(assessment, member).stage == Stage.CLOSED:
        messages.success(request, _("The assessment is closed, and everyone has been told. Thank you."))
    else:
        messages.success(request, _("You have confirmed the final review."))
    return redirect("assessments:closing", assessment.code)


@require_POST
@assessment_required(Role.REPRESENTATIVE)
def reply(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Save or withdraw the reply of the representative's organisation."""
    form = ReplyForm(request.POST)
    actions.require(assessment, member, WorkflowAction.REPLY)
    if not form.is_valid():
        return _page(request, assessment, member, reply_form=form)
    stored = closing.reply(assessment, member, form.cleaned_data["text"])
    messages.success(
        request, _("Your organisation's reply has been saved.") if stored else _("The reply has been withdrawn.")
    )
    return redirect("assessments:closing", assessment.code)


@require_POST
@assessment_required(Role.REPRESENTATIVE)
def nothing(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Record that the representative's organisation has nothing to add."""
    closing.nothing_to_add(assessment, member)
    messages.success(request, _("Thank you. No one needs to wait for your organisation now, but it can still reply."))
    return redirect("assessments:closing", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def remark(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Add a comment, or a facilitator's remark."""
    form = RemarkForm(request.POST)
    actions.require(assessment, member, WorkflowAction.REMARK)
    if not form.is_valid():
        return _page(request, assessment, member, remark_form=form)
    closing.remark(assessment, member, form.cleaned_data["text"])
    messages.success(request, _("Your comment has been saved."))
    return redirect("assessments:closing", assessment.code)


def _page(request: HttpRequest, assessment: Assessment, member: MemberRoles, **forms) -> HttpResponse:
    if assessment.stage not in (Stage.JOINT, Stage.FINAL_REVIEW, Stage.CLOSED):
        return render(request, "assessments/followup/closing/page.html", context(assessment, member, begun=False))
    partners = list(assessment.participants.in_order())
    replies = closing.replies_of(assessment)
    own = closing.participant_of(assessment, member)
    remarks = list(assessment.remarks.select_related("membership__user"))
    lines = closing.final_review_of(assessment, partners)
    quiet = closing.quiet(assessment)
    shared = context(
        assessment,
        member,
        begun=True,
        reply_day=closing.day_of(assessment),
        heard=len(replies) + len(quiet),
        quiet=[partner for partner in partners if partner.pk in quiet],
        own_is_quiet=own is not None and own.pk in quiet,
        partners=partners,
        dense=len(partners) >= 12,
        lines=lines,
        discussed=[line for line in lines if line.discussed],
        not_discussed=[line for line in lines if not line.discussed],
        unplanned=[line for line in lines if line.lacks_plan],
        replies=[(partner, replies[partner.pk]) for partner in partners if partner.pk in replies],
        own=own,
        facilitators=[remark for remark in remarks if remark.by_facilitator],
        comments=[remark for remark in remarks if not remark.by_facilitator],
        signatures=closing.signatures(assessment),
        confirmed=closing.has_confirmed(assessment, member),
        closes_from=guards.closes_from(assessment),
        may_close=assessment.stage == Stage.FINAL_REVIEW and guards.may_close(assessment),
        reply_form=ReplyForm(initial={"text": replies[own.pk].text if own and own.pk in replies else ""}),
        remark_form=RemarkForm(),
        guides=GUIDES[Stage(assessment.stage)] if _guided(assessment, member) else (),
    )
    return render(request, "assessments/followup/closing/page.html", shared | forms)


def _guided(assessment: Assessment, member: MemberRoles) -> bool:
    """Return whether to show the guide of this stage. The session's guide is on the session's page."""
    return member.is_facilitator and assessment.stage != Stage.JOINT
