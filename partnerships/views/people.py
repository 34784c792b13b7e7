"""Who is here: members, seats that wait, invitations that are open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships import services
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.models import Partnership, Role, Seat
from partnerships.services import may_void
from partnerships.services.memberships import kept_on
from partnerships.views.partners import facilitator
from partnerships.views.shared import attempt
from partnerships.views.workspace import missing_sides
from partnerships.views.workspace import people as as_people


@signed_in
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    partnership, member = partnership_for(person(request), code)
    seats = list(partnership.seats.in_force().select_related("user", "partner"))
    context = {
        "partnership": partnership,
        "member": member,
        "words": partnership.side_words(),
        "people": [{**one, "may_void": may_void(one["seat"], member.any)} for one in as_people(seats)],
        "missing_sides": missing_sides(partnership, seats),
    }
    return render(request, "partnerships/people.html", context | behind_the_desk(partnership, member))


def behind_the_desk(partnership: Partnership, member: MemberRoles) -> dict:
    """Return what facilitators see besides: waiting seats and open invitations."""
    if not member.is_facilitator:
        return {}
    hers = member.seat(Role.FACILITATOR)
    related = partnership.seats.waiting().select_related("user", "partner", "invitation__created_by__user")
    waiting = [
        (seat, hers in [vow.by for vow in seat.confirmations.all()])
        for seat in related.prefetch_related("confirmations__by__user")
    ]
    unconfirmed = [seat for seat, by_me in waiting if not by_me]
    invitations = partnership.invitations.open().select_related("partner", "created_by__user")
    return {"waiting": waiting, "unconfirmed": unconfirmed, "invitations": invitations}


def seat_here(partnership: Partnership, code: str) -> Seat:
    seats = partnership.seats.filter(voided_at__isnull=True).select_related("user", "partner", "partnership")
    return get_object_or_404(seats, code=code)


@signed_in
@require_POST
def confirm(request: HttpRequest, code: str, seat_code: str) -> HttpResponse:
    partnership, hers = facilitator(request, code)
    seat = seat_here(partnership, seat_code)
    attempt(request, lambda: services.confirm_seat(seat, hers), _("Confirmed."))
    return redirect("partnerships:people", code)


@signed_in
@require_POST
def confirm_all(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm the seats that the page showed, not those that came since."""
    partnership, hers = facilitator(request, code)
    shown = request.POST.getlist("seat")
    attempt(request, lambda: services.confirm_all(partnership, hers, shown), _("Confirmed."))
    return redirect("partnerships:people", code)


@signed_in
def void(request: HttpRequest, code: str, seat_code: str) -> HttpResponse:
    """Ask first, then take a seat back, one's own or as facilitator."""
    partnership, member = partnership_for(person(request), code)
    own = seat_of_mine(member, seat_code)
    if own is None:
        partnership, hers = facilitator(request, code)
    seat, by = own or seat_here(partnership, seat_code), own or hers
    if request.method != "POST":
        may, kept = may_void(seat, by), kept_on(seat)
        context = {"partnership": partnership, "seat": seat, "own": own, "may": may, "kept": kept}
        return render(request, "partnerships/void.html", context)
    attempt(request, lambda: services.void_seat(seat, by), _("The seat was taken back."))
    return redirect("partnerships:list") if own else redirect("partnerships:people", code)


def seat_of_mine(member: MemberRoles, code: str) -> Seat | None:
    return next((seat for seat in member.seats if seat.code == code), None)
