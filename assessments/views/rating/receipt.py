"""Checking a receipt: are my answers still those that I handed in?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment
from assessments.services.rating import private_answers, receipts
from assessments.views import decorators
from assessments.views.decorators import assessment_required
from assessments.views.rating.rating_pages import membership_of
from partnerships import limits
from partnerships.access import MemberRoles
from partnerships.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def receipt(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Tell a representative, and nobody else, whether her answers are the same as when she got a code."""
    rater = private_answers.rater_of(assessment, membership_of(member))
    typed = request.POST.get("code", "")
    checked = receipts.check(rater, typed) if typed else None
    if checked and not checked.known and (slow := limits.missed(request, "receipt")):
        return slow
    more = {"typed": typed, "checked": checked, "last": receipts.last(rater)}
    return render(request, "assessments/rating/receipt.html", decorators.context(assessment, member, **more))
