"""The pages that ask before a partnership is archived, taken out of the archive, deleted or left."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import partnership_for, person, signed_in
from partnerships.models import Membership, Partnership
from partnerships.services import archiving
from partnerships.services.memberships import page_of_ending
from partnerships.views.partners import facilitator
from partnerships.views.shared import attempt

ANY = ["GET", "HEAD", "POST"]


def real_one(request: HttpRequest, code: str) -> tuple[Partnership, Membership]:
    """Return a partnership and its facilitator's membership; a rehearsal has a page of its own for this."""
    partnership, hers = facilitator(request, code)
    if partnership.is_rehearsal:
        raise Http404
    return partnership, hers


@require_http_methods(ANY)
@signed_in
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, and then archive a partnership, or take it out of the archive."""
    partnership, hers = real_one(request, code)
    if request.method == "POST":
        _move(request, partnership, hers)
        return redirect("partnerships:settings", code)
    context = {"partnership": partnership, "why_not": archiving.obstacle_to_archiving(partnership)}
    return render(request, "partnerships/archive.html", context)


def _move(request: HttpRequest, partnership: Partnership, hers: Membership) -> None:
    if request.POST.get("do") == "restore":
        done = _("The partnership has been restored from the archive. Everyone has been notified.")
        attempt(request, lambda: archiving.restore(partnership, hers), done)
    elif request.POST.get("do") == "archive":
        done = _("The partnership has been archived. Everyone has been notified.")
        attempt(request, lambda: archiving.archive(partnership, hers), done)


@require_http_methods(ANY)
@signed_in
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, and then delete a partnership in which rating never opened."""
    partnership, hers = real_one(request, code)
    if request.method == "POST":
        if attempt(request, lambda: archiving.delete(partnership, hers)):
            messages.success(request, _("The partnership has been deleted. Everyone has been notified."))
            return redirect("partnerships:list")
        return redirect("partnerships:settings", code)
    context = {"partnership": partnership, "why_not": archiving.obstacle_to_deleting(partnership)}
    return render(request, "partnerships/delete.html", context)


@require_http_methods(ANY)
@signed_in
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, and then end all memberships of the person who asks; say first that the last facilitator cannot leave."""
    partnership, member = partnership_for(person(request), code, without_step=True)
    if partnership.is_rehearsal:
        raise Http404
    if request.method == "POST":
        if attempt(request, lambda: archiving.leave(partnership, person(request)), _("You have left the partnership.")):
            return redirect("partnerships:list")
        return redirect("partnerships:leave", code)
    context = {
        "partnership": partnership,
        "member": member,
        "why_not": archiving.obstacle_to_leaving(partnership, person(request)),
        "keeps_answers": any(page_of_ending(membership) for membership in member.memberships),
    }
    return render(request, "partnerships/leave.html", context)
