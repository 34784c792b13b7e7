"""Contributing to the evidence base: each representative's own answer, for her organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment
from assessments.services.after import consent
from assessments.services.after.closing import participant_of
from assessments.views.doors import context, door
from partnerships.access import Standing
from partnerships.models import Role

ANSWERS = {"yes": True, "no": False}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.REPRESENTATIVE)
def contribute(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Ask a representative whether her organisation lets this assessment be counted; nothing is chosen beforehand."""
    chosen = ANSWERS.get(request.POST.get("agreed", ""))
    if request.method == "POST" and chosen is not None:
        consent.answer(assessment, standing, chosen)
        messages.success(request, _("Your answer is kept. Nobody else sees it; you may change it at any time."))
        return redirect("assessments:contribute", assessment.code)
    shown = context(
        assessment,
        standing,
        asked=consent.is_asked(assessment, standing),
        own=participant_of(assessment, standing),
        answer=consent.own_answer(assessment, standing),
        missing=request.method == "POST",
    )
    return render(request, "assessments/closing/contribute.html", shown, status=422 if shown["missing"] else 200)
