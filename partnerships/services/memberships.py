"""Who sits here: admitting, confirming and voiding seats."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import GuestKey, Invitation, Partner, Partnership, Role, Seat, SeatConfirmation, Side, User
from partnerships.notices import notify
from partnerships.services.refusal import Refused


class Keeper(Protocol):
    """What an app has to say about memberships that mean something in it."""

    def page(self, seat: Seat) -> str:
        """Return the page on which this membership is ended; empty where it ends here."""

    def ended(self, seat: Seat) -> None:
        """Do what follows from the end of a membership; the caller holds the partnership's lock."""

    def owns(self, user: User) -> bool:
        """Say whether something is left that only this person may read or erase."""


KEEPERS: list[Keeper] = []  # an app adds its own when it is ready


def is_admitted(facilitators: Mapping[int, str | None], confirmed: Collection[int]) -> bool:
    """Return whether the confirmations suffice: facilitators of both sides, or all there are where a side has none.

    `facilitators` gives the side of each facilitator in force by seat id (None: no partner), `confirmed` the seat ids
    that vouched. Source: METHOD.md §4 rule 9.
    """
    vouching = {seat: side for seat, side in facilitators.items() if seat in confirmed}
    both = {Side.NORTH.value, Side.SOUTH.value}
    if both <= set(facilitators.values()):
        return both <= set(vouching.values())
    return bool(facilitators) and len(vouching) == len(facilitators)


def lock(partnership: Partnership) -> Partnership:
    """Let one change of a partnership's people or partners happen at a time; take it first of all locks."""
    return Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


def facilitator_sides(partnership: Partnership) -> dict[int, str | None]:
    return dict(partnership.seats.in_force().facilitators().values_list("id", "partner__side"))


def settle(partnership: Partnership) -> list[Seat]:
    """Admit every waiting seat that has the confirmations it needs; the caller holds the lock."""
    facilitators = facilitator_sides(partnership)
    waiting = partnership.seats.waiting().select_related("user", "partnership").prefetch_related("confirmations")
    ready = [seat for seat in waiting if is_admitted(facilitators, {vow.by_id for vow in seat.confirmations.all()})]
    for seat in ready:
        admit(seat)
    return ready


def admit(seat: Seat) -> None:
    seat.admitted_at = timezone.now()
    seat.save(update_fields=["admitted_at"])
    record(seat.partnership, None, "seat.admitted", seat=seat)
    if seat.confirmed_at:
        confirm_side(seat)
    url = seat.partnership.get_absolute_url()
    notify("partnerships.seat_admitted", [seat.user], url, seat.code, partnership=seat.partnership.name, role=seat.role)


def confirm_side(seat: Seat) -> None:
    """Let what a representative confirmed when she joined count for her organisation, unless somebody's word stands."""
    partner = Partner.objects.select_for_update(no_key=True).get(seats=seat)
    if not partner.side_confirmed_at:
        partner.side_confirmed_by, partner.side_confirmed_at = seat.user, timezone.now()
        partner.save(update_fields=["side_confirmed_by", "side_confirmed_at"])
    record_confirmation(seat, partner)


def record_confirmation(seat: Seat, partner: Partner) -> None:
    record(seat.partnership, seat.user, "organisation.confirmed", f"{partner.name}: {partner.side}")


def in_force(seat: Seat) -> Seat:
    """Return a facilitator's seat as it stands under the lock, or refuse: she may have been voided a moment ago."""
    current = Seat.objects.in_force().facilitators().filter(pk=seat.pk).select_related("user", "partner").first()
    if current is None:
        raise PermissionDenied
    return current


@transaction.atomic
def confirm_seat(seat: Seat, by: Seat) -> Seat:
    """Vouch for a waiting seat, and admit it if that was the last word needed. Again: nothing changes."""
    partnership = lock(seat.partnership)
    vouch(seat, in_force(by))
    settle(partnership)
    return Seat.objects.select_related("user", "partner").get(pk=seat.pk)


def vouch(seat: Seat, by: Seat) -> None:
    """Write one facilitator's confirmation; the caller holds the lock and settles afterwards."""
    if by.partnership_id != seat.partnership_id:
        raise PermissionDenied
    current = Seat.objects.get(pk=seat.pk)
    if current.voided_at:
        raise Refused(_("This seat was taken back in the meantime."))
    if current.admitted_at:
        return
    _vow, new = SeatConfirmation.objects.get_or_create(seat=current, by=by)
    if new:
        record(by.partnership, by.user, "seat.confirmed", seat=seat)


@transaction.atomic
def confirm_all(partnership: Partnership, by: Seat, codes: Iterable[str]) -> int:
    """Vouch for the waiting seats with these codes; return how many are admitted now."""
    lock(partnership)
    by = in_force(by)
    for seat in partnership.seats.waiting().filter(code__in=list(codes)).select_related("user"):
        vouch(seat, by)
    return len(settle(partnership))


def may_void(seat: Seat, by: Seat) -> bool:
    """Return whether one may take back a seat: one's own, or as facilitator; a facilitator of the other side never."""
    if seat.user_id == by.user_id:
        return True
    if by.role != Role.FACILITATOR:
        return False
    # Otherwise one side could send the other's facilitator away and admit whom it likes.
    return seat.role != Role.FACILITATOR or seat.admitted_at is None or side_of(seat) == side_of(by)


def side_of(seat: Seat) -> str | None:
    return seat.partner.side if seat.partner else None


@transaction.atomic
def void_seat(seat: Seat, by: Seat | None, actor: User | None = None) -> None:
    """Take a seat back: it counts no longer, at once. `by` None is for staff and for a person who leaves altogether."""
    lock(seat.partnership)
    seat = Seat.objects.select_related("user", "partner", "partnership").get(pk=seat.pk)
    if seat.voided_at:
        return
    if by is not None:
        refuse_void(seat, Seat.objects.in_force().select_related("partner").filter(pk=by.pk).first())
    if by is not None and by.user_id == seat.user_id:
        _leaves(seat)
    elif kept_on(seat):
        raise Refused(_("While rating is open, this membership ends only by the person or by both sides."))
    end(seat)
    record(seat.partnership, by.user if by else actor, "seat.voided", seat=seat)


def end(seat: Seat) -> None:
    """End a membership, with all that hangs on it; the caller holds the lock, has asked, and writes the log."""
    seat.voided_at = timezone.now()
    seat.save(update_fields=["voided_at"])
    Invitation.objects.open().filter(created_by=seat).update(withdrawn_at=timezone.now())
    for keeper in KEEPERS:
        keeper.ended(seat)
    close_the_door(seat.user)
    settle(seat.partnership)


def kept_on(seat: Seat) -> str:
    """Return the page on which alone this membership is ended; empty where it ends as others do."""
    return next((page for keeper in KEEPERS if (page := keeper.page(seat))), "")


def _leaves(seat: Seat) -> None:
    """Tell the database that this person ends her own membership: it refuses that to others while rating is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('powertool.leaves', %s, true)", [str(seat.pk)])


def refuse_void(seat: Seat, by: Seat | None) -> None:
    if by is None or by.partnership_id != seat.partnership_id or not may_void(seat, by):
        raise PermissionDenied
    others = seat.partnership.seats.in_force().facilitators().exclude(pk=seat.pk)
    if seat.role == Role.FACILITATOR and seat.admitted_at and not others.exists():
        raise Refused(_("A partnership needs a facilitator. Invite another one first."))


def close_the_door(user: User) -> None:
    """A guest without a seat, and without answers of her own, has nothing to come back to: code and sessions end."""
    if user.is_guest and not user.seats.filter(voided_at__isnull=True).exists() and not _owns_something(user):
        GuestKey.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(is_active=False)


def _owns_something(user: User) -> bool:
    return any(keeper.owns(user) for keeper in KEEPERS)


def waiting_for(seat: Seat) -> list[Seat]:
    """Return the facilitators whose confirmation can still bring a waiting seat further."""
    confirmed = set(seat.confirmations.values_list("by_id", flat=True))
    facilitators = list(seat.partnership.seats.in_force().facilitators().select_related("user", "partner"))
    sides = {side_of(one) for one in facilitators if one.pk in confirmed}
    both = {Side.NORTH.value, Side.SOUTH.value} <= {side_of(one) for one in facilitators}
    open_ones = [one for one in facilitators if one.pk not in confirmed]
    if not both:
        return open_ones
    return [one for one in open_ones if side_of(one) in {Side.NORTH.value, Side.SOUTH.value} - sides]


def announce_waiting(seat: Seat) -> None:
    """Tell the facilitators who can confirm a seat that it waits."""
    url = reverse("partnerships:people", args=[seat.partnership.code])
    who = [one.user for one in waiting_for(seat)]
    notify("partnerships.seat_waiting", who, url, seat.code, partnership=seat.partnership.name, name=str(seat.user))
