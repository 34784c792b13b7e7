"""Contributing to the evidence base: each representative's own answer, for her organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import sentences
from assessments.models import Assessment
from assessments.results.names import names_of
from assessments.services.followup import evidence_consent
from assessments.services.followup.closing import participant_of
from assessments.views.decorators import assessment_required, context
from partnerships.access import MemberRoles
from partnerships.models import Role

ANSWERS = {"yes": True, "no": False}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.REPRESENTATIVE)
def contribute(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask a representative whether her organisation lets this assessment be counted; nothing is chosen beforehand."""
    chosen = ANSWERS.get(request.POST.get("agreed", ""))
    if request.method == "POST" and chosen is not None:
        evidence_consent.save_answer(assessment, member, chosen, ANSWERS.get(request.POST.get("facts", "")))
        messages.success(
            request, _("Your answer has been saved. No one else can see it. You can change it at any time.")
        )
        return redirect("assessments:contribute", assessment.code)
    shown = context(
        assessment,
        member,
        asked=evidence_consent.is_asked(assessment, member),
        own=participant_of(assessment, member),
        answer=evidence_consent.own_answer(assessment, member),
        has_facts=evidence_consent.has_facts(assessment),
        waits=sentences.waits(names_of(assessment), "evidence"),
        missing=request.method == "POST",
    )
    return render(
        request, "assessments/followup/closing/contribute.html", shown, status=422 if shown["missing"] else 200
    )
