"""Checking a receipt: are my answers still those that I handed in?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment
from assessments.services.alone import private, receipts
from assessments.views import doors
from assessments.views.alone.rating import seat_of
from assessments.views.doors import door
from partnerships import limits
from partnerships.access import Standing
from partnerships.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@door(Role.REPRESENTATIVE)
def receipt(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Tell a representative, and nobody else, whether her answers are the same as when she got a code."""
    rater = private.rater_of(assessment, seat_of(standing))
    typed = request.POST.get("code", "")
    checked = receipts.check(rater, typed) if typed else None
    if checked and not checked.known and (slow := limits.missed(request, "receipt")):
        return slow
    more = {"typed": typed, "checked": checked, "last": receipts.last(rater)}
    return render(request, "assessments/rate/receipt.html", doors.context(assessment, standing, **more))
