"""The people of a partnership: members, waiting memberships and open invitations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships import services
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.models import Membership, Partnership, Role, User
from partnerships.services import may_void
from partnerships.services.memberships import page_of_ending
from partnerships.views.partners import facilitator
from partnerships.views.shared import attempt
from partnerships.views.workspace import missing_sides
from partnerships.views.workspace import people as as_people


@signed_in
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    partnership, member = partnership_for(person(request), code)
    memberships = list(partnership.memberships.in_force().select_related("user", "partner"))
    context = {
        "partnership": partnership,
        "member": member,
        "words": partnership.side_words(),
        "people": [
            {**entry, "ends_here": _ends_here(entry["membership"], person(request), member)}
            for entry in as_people(memberships)
        ],
        "missing_sides": missing_sides(partnership, memberships),
    }
    return render(request, "partnerships/people.html", context | facilitator_context(partnership, member))


def _ends_here(membership: Membership, user: User, member: MemberRoles) -> bool:
    """Say whether the list leads to the end of a membership. Who has only one leaves the partnership instead."""
    is_only_own = membership.user_id == user.pk and len(member.memberships) == 1
    return may_void(membership, member.any) and not is_only_own


def facilitator_context(partnership: Partnership, member: MemberRoles) -> dict:
    """Return what only facilitators see: waiting memberships and open invitations."""
    if not member.is_facilitator:
        return {}
    hers = member.membership(Role.FACILITATOR)
    related = partnership.memberships.waiting().select_related("user", "partner", "invitation__created_by__user")
    waiting = [
        (membership, hers in [vow.by for vow in membership.confirmations.all()])
        for membership in related.prefetch_related("confirmations__by__user")
    ]
    unconfirmed = [membership for membership, by_me in waiting if not by_me]
    invitations = partnership.invitations.open().select_related("partner", "created_by__user")
    may_represent = hers.partner if hers and not member.represents and not partnership.is_rehearsal else None
    return {
        "waiting": waiting,
        "unconfirmed": unconfirmed,
        "invitations": invitations,
        "may_represent": may_represent,
    }


def membership_here(partnership: Partnership, code: str) -> Membership:
    memberships = partnership.memberships.filter(voided_at__isnull=True).select_related(
        "user", "partner", "partnership"
    )
    return get_object_or_404(memberships, code=code)


@signed_in
@require_POST
def confirm(request: HttpRequest, code: str, membership_code: str) -> HttpResponse:
    partnership, hers = facilitator(request, code)
    membership = membership_here(partnership, membership_code)
    attempt(request, lambda: services.confirm_membership(membership, hers), _("Your confirmation has been saved."))
    return redirect("partnerships:people", code)


@signed_in
@require_POST
def confirm_all(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm the memberships that the page showed, not newer ones."""
    partnership, hers = facilitator(request, code)
    shown = request.POST.getlist("membership")
    attempt(request, lambda: services.confirm_all(partnership, hers, shown), _("Your confirmation has been saved."))
    return redirect("partnerships:people", code)


@signed_in
def void(request: HttpRequest, code: str, membership_code: str) -> HttpResponse:
    """Ask, and then end a membership: one's own, or as facilitator another's."""
    partnership, member = partnership_for(person(request), code)
    own = membership_of_mine(member, membership_code)
    if own is None:
        partnership, hers = facilitator(request, code)
    membership, by = own or membership_here(partnership, membership_code), own or hers
    if request.method != "POST":
        may, elsewhere = may_void(membership, by), page_of_ending(membership)
        context = {"partnership": partnership, "membership": membership, "own": own, "may": may, "kept": elsewhere}
        return render(request, "partnerships/void.html", context)
    attempt(request, lambda: services.void_membership(membership, by), _("The membership has ended."))
    return redirect("partnerships:list") if own else redirect("partnerships:people", code)


def membership_of_mine(member: MemberRoles, code: str) -> Membership | None:
    return next((membership for membership in member.memberships if membership.code == code), None)
