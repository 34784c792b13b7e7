"""A representative's own membership while rating is open, and her own answers after it has ended."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.access import former_member_of
from assessments.models import Assessment
from assessments.services.rating import former_members
from assessments.services.safeguards import removal
from assessments.views.decorators import assessment_required, context
from assessments.views.rating import own_answers
from assessments.views.rating.rating_pages import options
from partnerships.access import MemberRoles, person, signed_in
from partnerships.models import Role

ANY = ["GET", "HEAD", "POST"]


@require_http_methods(ANY)
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def own_membership(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Tell a representative whether the end of her membership is proposed, and take her objection."""
    membership = member.represents
    if membership is None or not removal.is_possible(assessment, membership):
        raise Http404
    if request.method == "POST":
        removal.set_objection(assessment, member, request.POST.get("do") != "accept")
        messages.success(request, _("Saved."))
        return redirect("assessments:my-membership", assessment.code)
    more = {
        "membership": membership,
        "proposed": removal.is_proposed(assessment, membership),
        "objects": removal.has_objected(assessment, membership),
        "colleague": removal.colleague_remains(assessment, membership),
        "ends": removal.takes_effect_at(assessment, membership),
    }
    return render(request, "assessments/safeguards/my_membership.html", context(assessment, member, **more))


@require_http_methods(ANY)
@never_cache
@signed_in
def kept_answers(request: HttpRequest, code: str) -> HttpResponse:
    """Show a person whose membership has ended her own answers, and delete them if she asks."""
    assessment = former_member_of(person(request), code)
    if request.method == "POST":
        former_members.erase(assessment, person(request))
        messages.success(request, _("Your answers have been deleted. No one has been told."))
        return redirect("assessments:kept-answers", assessment.code)
    decisions = {
        decision.number or 0: decision.wording_for_reader
        for decision in assessment.decisions.active().order_by("number")
    }
    participants = list(assessment.participants.all())
    sheets = [
        (sheet, own_answers.table(sheet, decisions, participants))
        for sheet in former_members.sheets(assessment, person(request))
    ]
    more = {"assessment": assessment, "sheets": sheets, "options": options()}
    return render(request, "assessments/rating/former_member.html", more)
