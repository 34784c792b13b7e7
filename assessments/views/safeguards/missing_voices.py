"""Two open questions while decisions are collected, answered by everybody and unnamed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments import access
from assessments.forms.safeguards.missing_voices import MissingVoiceForm
from assessments.models import Assessment, Question
from assessments.services.safeguards import missing_voices as services
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required()
def missing_voices_page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show both questions with what was answered, and take an answer."""
    sent = request.POST.get("question", "") if request.method == "POST" else ""
    forms = {
        each.value: MissingVoiceForm(request.POST if each == sent else None, question=each.value) for each in Question
    }
    if request.method == "POST":
        actions.require(assessment, member, WorkflowAction.SAY_MISSING_VOICE)
        if sent in forms and forms[sent].is_valid():
            services.add_answer(assessment, member, sent, forms[sent].cleaned_data["text"])
            messages.success(request, _("Your answer is on the list without your name."))
            return redirect("assessments:missing_voices", assessment.code)
    rows = list(assessment.missing_voices.all())
    asked = [
        {
            "title": each.label,
            "value": each.value,
            "form": forms[each.value],
            "rows": [r for r in rows if r.question == each],
        }
        for each in Question
    ]
    wrong = next((form for form in forms.values() if form.errors), None)
    status = 422 if request.method == "POST" else 200
    more = {"asked": asked, "form": wrong}
    return render(
        request, "assessments/safeguards/missing_voices.html", context(assessment, member, **more), status=status
    )


@require_POST
@assessment_required()
def put_forward(request: HttpRequest, assessment: Assessment, member: MemberRoles, missing_voices: str) -> HttpResponse:
    """Put what somebody heard of afterwards on the list of decisions."""
    actions.require(assessment, member, WorkflowAction.PROPOSE)
    services.propose_decision(assessment, member, access.missing_voice_in(assessment, missing_voices))
    messages.success(request, _("The decision is now on the list of decisions. No name is listed with it."))
    return redirect("assessments:missing_voices", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR)
def take_out(request: HttpRequest, assessment: Assessment, member: MemberRoles, missing_voices: str) -> HttpResponse:
    """Take an answer out."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    services.delete_answer(assessment, member, access.missing_voice_in(assessment, missing_voices))
    messages.success(request, _("The answer has been removed."))
    return redirect("assessments:missing_voices", assessment.code)
