"""Admitting, confirming and ending memberships."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import (
    BOTH_SIDES,
    GuestKey,
    Invitation,
    Membership,
    MembershipConfirmation,
    Partner,
    Partnership,
    Role,
    User,
)
from partnerships.notifications import notify
from partnerships.services.refusal import Refused


class MembershipGuard(Protocol):
    """What an app above says about ending memberships. It adds its guard to `MEMBERSHIP_GUARDS` when it is ready."""

    def page_of_ending(self, membership: Membership) -> str:
        """Return the page on which this membership is ended; empty where it ends here."""

    def admitted(self, membership: Membership) -> None:
        """Do what follows from the admission of a member; the caller holds the partnership's lock."""

    def ended(self, membership: Membership) -> None:
        """Do what follows from the end of a membership; the caller holds the partnership's lock."""

    def owns(self, user: User) -> bool:
        """Say whether something is left that only this person may read or erase."""


MEMBERSHIP_GUARDS: list[MembershipGuard] = []  # an app adds its own when it is ready


def is_admitted(facilitators: Mapping[int, str | None], confirmed: Collection[int]) -> bool:
    """Return whether the confirmations suffice: facilitators of both sides, or all there are where a side has none.

    `facilitators` gives the side of each facilitator in force by membership id (None: no partner), `confirmed` the ids
    of the memberships that vouched. Source: METHOD §4 rule 9.
    """
    vouching = {membership: side for membership, side in facilitators.items() if membership in confirmed}
    both = set(BOTH_SIDES)
    if both <= set(facilitators.values()):
        return both <= set(vouching.values())
    return bool(facilitators) and len(vouching) == len(facilitators)


def lock(partnership: Partnership) -> Partnership:
    """Let one change of a partnership's people or partners happen at a time; take it first of all locks."""
    return Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


def facilitator_sides(partnership: Partnership) -> dict[int, str | None]:
    return dict(partnership.memberships.in_force().facilitators().values_list("id", "partner__side"))


def settle(partnership: Partnership) -> list[Membership]:
    """Admit every waiting membership that has the confirmations it needs; the caller holds the lock."""
    facilitators = facilitator_sides(partnership)
    waiting = partnership.memberships.waiting().select_related("user", "partnership").prefetch_related("confirmations")
    ready = [
        membership
        for membership in waiting
        if is_admitted(facilitators, {vow.by_id for vow in membership.confirmations.all()})
    ]
    for membership in ready:
        admit(membership)
    return ready


def admit(membership: Membership) -> None:
    membership.admitted_at = timezone.now()
    membership.save(update_fields=["admitted_at"])
    record(membership.partnership, None, "membership.admitted", membership=membership)
    if membership.confirmed_at:
        confirm_side(membership)
    for guard in MEMBERSHIP_GUARDS:
        guard.admitted(membership)
    url = membership.partnership.get_absolute_url()
    notify(
        "partnerships.membership_admitted",
        [membership.user],
        url,
        membership.code,
        partnership=membership.partnership.name,
        role=membership.role,
    )


def confirm_side(membership: Membership) -> None:
    """Let what a representative confirmed when she joined count for her organisation, unless somebody's word stands."""
    partner = Partner.objects.select_for_update(no_key=True).get(memberships=membership)
    if partner.side and not partner.side_confirmed_at:
        partner.side_confirmed_by, partner.side_confirmed_at = membership.user, timezone.now()
        partner.save(update_fields=["side_confirmed_by", "side_confirmed_at"])
    if partner.side:
        record_confirmation(membership, partner)


def record_confirmation(membership: Membership, partner: Partner) -> None:
    record(membership.partnership, membership.user, "organisation.confirmed", f"{partner.name}: {partner.side}")


def in_force(membership: Membership) -> Membership:
    """Return a facilitator's membership, read again under the lock; refuse if it has ended since."""
    current = (
        Membership.objects.in_force().facilitators().filter(pk=membership.pk).select_related("user", "partner").first()
    )
    if current is None:
        raise PermissionDenied
    return current


@transaction.atomic
def confirm_membership(membership: Membership, by: Membership) -> Membership:
    """Vouch for a waiting membership, and admit it if that was the last word needed. Again: nothing changes."""
    partnership = lock(membership.partnership)
    vouch(membership, in_force(by))
    settle(partnership)
    return Membership.objects.select_related("user", "partner").get(pk=membership.pk)


def vouch(membership: Membership, by: Membership) -> None:
    """Write one facilitator's confirmation; the caller holds the lock and settles afterwards."""
    if by.partnership_id != membership.partnership_id:
        raise PermissionDenied
    current = Membership.objects.get(pk=membership.pk)
    if current.voided_at:
        raise Refused(_("This membership has already ended."))
    if current.admitted_at:
        return
    _vow, new = MembershipConfirmation.objects.get_or_create(membership=current, by=by)
    if new:
        record(by.partnership, by.user, "membership.confirmed", membership=membership)


@transaction.atomic
def confirm_all(partnership: Partnership, by: Membership, codes: Iterable[str]) -> int:
    """Vouch for the waiting memberships with these codes; return how many are admitted now."""
    lock(partnership)
    by = in_force(by)
    for membership in partnership.memberships.waiting().filter(code__in=list(codes)).select_related("user"):
        vouch(membership, by)
    return len(settle(partnership))


@transaction.atomic
def represent(by: Membership) -> Membership:
    """Let a facilitator represent her own organisation, too; facilitators of another side confirm it as of others."""
    partnership, by = lock(by.partnership), in_force(by)
    if by.partner is None or by.role != Role.FACILITATOR:
        raise Refused(_("You cannot represent an organisation that does not belong to this partnership."))
    existing = partnership.memberships.filter(user=by.user, role=Role.REPRESENTATIVE, voided_at=None).first()
    if existing:
        return existing
    own = Membership.objects.create(
        partnership=partnership,
        user=by.user,
        role=Role.REPRESENTATIVE,
        partner=by.partner,
        confirmed_at=timezone.now(),
    )
    vouch(own, by)
    settle(partnership)
    own.refresh_from_db()
    if not own.admitted_at:
        announce_waiting(own)
    return own


def may_void(membership: Membership, by: Membership) -> bool:
    """Return whether this member may end a membership: the own one, or as facilitator, but not the other side's."""
    if membership.user_id == by.user_id:
        return True
    if by.role != Role.FACILITATOR:
        return False
    # Otherwise one side could send the other's facilitator away and admit whom it likes.
    return membership.role != Role.FACILITATOR or membership.admitted_at is None or side_of(membership) == side_of(by)


def side_of(membership: Membership) -> str | None:
    return membership.partner.side if membership.partner else None


@transaction.atomic
def void_membership(membership: Membership, by: Membership | None, actor: User | None = None) -> None:
    """End a membership at once. `by` is None for staff, and for a person who leaves altogether."""
    lock(membership.partnership)
    membership = Membership.objects.select_related("user", "partner", "partnership").get(pk=membership.pk)
    if membership.voided_at:
        return
    if by is not None:
        refuse_void(membership, Membership.objects.in_force().select_related("partner").filter(pk=by.pk).first())
    if by is not None and by.user_id == membership.user_id:
        _allow_leaving(membership)
    elif page_of_ending(membership):
        raise Refused(_("While rating is open, only the member, or both sides together, can end this membership."))
    end(membership)
    record(membership.partnership, by.user if by else actor, "membership.voided", membership=membership)


def end(membership: Membership) -> None:
    """End a membership, with all that hangs on it; the caller holds the lock, has asked, and writes the log."""
    membership.voided_at = timezone.now()
    membership.save(update_fields=["voided_at"])
    Invitation.objects.open().filter(created_by=membership).update(withdrawn_at=timezone.now())
    for guard in MEMBERSHIP_GUARDS:
        guard.ended(membership)
    deactivate_guest(membership.user)
    settle(membership.partnership)


def page_of_ending(membership: Membership) -> str:
    """Return the only page on which this membership can be ended, or "" where it ends as others do."""
    return next((url for guard in MEMBERSHIP_GUARDS if (url := guard.page_of_ending(membership))), "")


def _allow_leaving(membership: Membership) -> None:
    """Let the trigger pass that forbids ending this membership: the person ends her own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('powertool.leaves', %s, true)", [str(membership.pk)])


def refuse_void(membership: Membership, by: Membership | None) -> None:
    if by is None or by.partnership_id != membership.partnership_id or not may_void(membership, by):
        raise PermissionDenied
    others = membership.partnership.memberships.in_force().facilitators().exclude(pk=membership.pk)
    if membership.role == Role.FACILITATOR and membership.admitted_at and not others.exists():
        raise Refused(_("A partnership needs a facilitator. Invite another facilitator first."))


def deactivate_guest(user: User) -> None:
    """Deactivate a guest who has neither a membership nor own answers any more. That ends code and sessions."""
    if user.is_guest and not user.memberships.filter(voided_at__isnull=True).exists() and not _owns_something(user):
        GuestKey.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(is_active=False)


def _owns_something(user: User) -> bool:
    return any(guard.owns(user) for guard in MEMBERSHIP_GUARDS)


def waiting_for(membership: Membership) -> list[Membership]:
    """Return the facilitators whose confirmation can still bring a waiting membership further."""
    confirmed = set(membership.confirmations.values_list("by_id", flat=True))
    facilitators = list(membership.partnership.memberships.in_force().facilitators().select_related("user", "partner"))
    sides = {side_of(facilitator) for facilitator in facilitators if facilitator.pk in confirmed}
    both = set(BOTH_SIDES) <= {side_of(facilitator) for facilitator in facilitators}
    remaining = [facilitator for facilitator in facilitators if facilitator.pk not in confirmed]
    if not both:
        return remaining
    return [facilitator for facilitator in remaining if side_of(facilitator) in set(BOTH_SIDES) - sides]


def announce_waiting(membership: Membership) -> None:
    """Tell the facilitators who can confirm a membership that it waits."""
    url = reverse("partnerships:people", args=[membership.partnership.code])
    recipients = [facilitator.user for facilitator in waiting_for(membership)]
    notify(
        "partnerships.membership_waiting",
        recipients,
        url,
        membership.code,
        partnership=membership.partnership.name,
        name=str(membership.user),
    )
