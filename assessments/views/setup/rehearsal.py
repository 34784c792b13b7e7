"""Rehearsing alone, with pretend partners: begin, see it as each of them, let them answer, and delete it all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.services import rehearsal_guide
from assessments.services.setup import rehearsal as services
from partnerships.access import LOOKS, MemberRoles, partnership_for, person, signed_in
from partnerships.models import Partnership, Role
from partnerships.services import Refused
from partnerships.views.refusals import refusals_shown


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: HttpRequest) -> HttpResponse:
    """Ask of which kind the rehearsal is, and make it, or go to the one that this person has."""
    user = person(request)
    if user.is_guest:
        raise PermissionDenied
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        made = services.start(user, kind if kind in services.KINDS else "two_sides")
        return redirect("assessments:rehearsal", made.code)
    if existing := services.find(user):
        return redirect("assessments:rehearsal", existing.code)
    return render(request, "assessments/setup/rehearsal/begin.html")


@require_POST
@signed_in
@refusals_shown(lambda code: reverse("assessments:rehearsal", args=[code]))
def go_on(request: HttpRequest, code: str) -> HttpResponse:
    """Do what the guide offers next."""
    partnership, member = rehearsal_for(request, code)
    shown = get_object_or_404(partnership.assessments, code=request.POST.get("assessment", ""))
    assessment, page = rehearsal_guide.go_on(shown, member, request.POST.get("do", ""))
    return redirect(f"assessments:{page}", assessment.code)


def rehearsal_for(request: HttpRequest, code: str) -> tuple[Partnership, MemberRoles]:
    """Return the rehearsal and its facilitator's standing; a partnership that is real is not found here."""
    partnership, member = partnership_for(person(request), code, Role.FACILITATOR)
    if not partnership.is_rehearsal:
        raise Http404
    return partnership, member


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the pretend people, and what can be done here."""
    partnership, member = rehearsal_for(request, code)
    if request.method == "POST":
        return _act(request, partnership, member)
    membership = member.membership(Role.FACILITATOR)
    more = {
        "partnership": partnership,
        "member": member,
        "memberships": services.pretend_memberships(partnership),
        "looks": getattr(membership, "look", None),
        "assessments": partnership.assessments.all(),
        "words": partnership.side_words(),
    }
    return render(request, "assessments/setup/rehearsal/page.html", more)


def _act(request: HttpRequest, partnership: Partnership, member: MemberRoles) -> HttpResponse:
    if request.POST.get("do") == "answer":
        try:
            n = services.answer_all(partnership)
        except Refused as error:
            messages.warning(request, str(error.message))
        else:
            text = ngettext("%(n)d invented person has answered.", "%(n)d invented people have answered.", n) % {"n": n}
            messages.success(request, text)
        return redirect("assessments:rehearsal", partnership.code)
    membership = services.look(partnership, member, request.POST.get("as", ""))
    request.session[LOOKS] = membership is not None
    latest = partnership.assessments.first()
    return redirect(latest) if membership and latest else redirect("assessments:rehearsal", partnership.code)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Delete the rehearsal and everything it made."""
    partnership, _standing = rehearsal_for(request, code)
    if request.method == "POST":
        services.remove(partnership)
        request.session.pop(LOOKS, None)
        messages.success(request, _("The rehearsal and all its contents have been deleted."))
        return redirect("home")
    return render(request, "assessments/setup/rehearsal/remove.html", {"partnership": partnership})
