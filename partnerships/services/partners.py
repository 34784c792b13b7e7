"""Partners: adding, changing and removing organisations, and confirming their side.

An organisation declares its own side. The side cannot change once an assessment has taken its snapshot. Imported
organisations have no side until somebody declares it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import Max, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.activity_log import name_change, record
from partnerships.models import Invitation, Kind, Membership, Partner, Partnership, Role, Side
from partnerships.services.memberships import in_force, lock, record_confirmation, settle
from partnerships.services.refusal import Refused

FEWEST = 2
ON_DECLARED: list[Callable[[Partner], None]] = []  # what an app above does when an undeclared side is declared


@dataclass(frozen=True)
class PartnerData:
    """What is said of an organisation; `receives_through` is the acronym of another partner here."""

    name: str
    acronym: str
    country: str
    side: str | None  # None: not declared, of imported partners only
    kind: str = Kind.OTHER
    receives_through: str = ""
    identifier: str = ""

    def fields(self) -> dict[str, str | None]:
        """Return what is written as it is said, that is all but the link to another partner."""
        return {name: value for name, value in asdict(self).items() if name != "receives_through"}


def partner_by_acronym(partnership: Partnership, acronym: str) -> Partner | None:
    return partnership.partners.filter(acronym__iexact=acronym).first() if acronym else None


def is_frozen(partner: Partner) -> bool:
    """Return whether an assessment holds this partner's side: it may not change any more."""
    return partner.side is not None and partner.participations.exists()


def may_change_side(partner: Partner, membership: Membership) -> bool:
    """Return whether this member may correct a side: not once it is frozen; once confirmed, only who confirmed it."""
    if is_frozen(partner):
        return False
    hers = membership.role == Role.REPRESENTATIVE and membership.partner_id == partner.pk
    if not partner.side_confirmed_at:
        return hers or membership.role == Role.FACILITATOR
    confirmer = partner.side_confirmed_by_id
    still_here = partner.memberships.in_force().representatives().filter(user=confirmer).exists()
    return hers and (membership.user_id == confirmer or not still_here)


def needs_confirming(membership: Membership) -> bool:
    """Return whether a representative is still asked for her organisation's side: only while it can be corrected."""
    partner = membership.partner
    return bool(partner and (partner.side is None or (not membership.confirmed_at and not is_frozen(partner))))


@transaction.atomic
def add_partner(partnership: Partnership, by: Membership, data: PartnerData) -> Partner:
    partnership = lock(partnership)
    by = in_force(by)
    last = partnership.partners.aggregate(last=Max("position"))["last"]
    partner = Partner(partnership=partnership, position=1 + (-1 if last is None else last), **data.fields())
    partner.receives_through = partner_by_acronym(partnership, data.receives_through)
    save_unique(partner)
    record(partnership, by.user, "partner.added", partner.name)
    return partner


@transaction.atomic
def change_partner(partner: Partner, by: Membership, data: PartnerData) -> Partner:
    """Change what is said of an organisation; its side only where `may_change_side`."""
    partnership, by = lock(partner.partnership), in_force(by)
    partner = partnership.partners.select_for_update(no_key=True).get(pk=partner.pk)
    through = partner_by_acronym(partnership, data.receives_through)
    if through == partner:
        raise Refused(_("An organisation cannot receive money through itself."))
    if data.side != partner.side:
        if not may_change_side(partner, by):
            raise Refused(side_refusal(partner))
        reset_confirmations(partner)
    undeclared = partner.side is None
    changed = [name for name, value in data.fields().items() if getattr(partner, name) != value]
    old = f"{partner.name} ({partner.acronym})"
    changed += ["receives_through"] if through != partner.receives_through else []
    for name, value in data.fields().items():
        setattr(partner, name, value)
    partner.receives_through = through
    save_unique(partner)
    if undeclared and partner.side:
        declared(partner)
    if changed:
        record(partnership, by.user, "partner.changed", f"{partner.name}: {', '.join(changed)}")
    if {"name", "acronym"} & {*changed}:
        record(partnership, by.user, "partner.renamed", name_change(old, f"{partner.name} ({partner.acronym})"))
    settle(partnership)
    return partner


def save_unique(partner: Partner) -> None:
    try:
        with transaction.atomic():
            partner.save()
    except IntegrityError as error:
        raise Refused(_("Another partner in this partnership already has this name or acronym.")) from error


def side_refusal(partner: Partner) -> str:
    if is_frozen(partner):
        return _("You can no longer change the side of %(partner)s because an assessment already uses it.") % {
            "partner": partner
        }
    return _(
        "The representative of %(partner)s has confirmed that its side is correct. Only the representative can "
        "change it."
    ) % {"partner": partner}


@transaction.atomic
def remove_partner(partner: Partner, by: Membership) -> None:
    """Delete an organisation that nobody sits for and no assessment knows; otherwise it can be marked as left."""
    partnership, by = lock(partner.partnership), in_force(by)
    if not partnership.partners.filter(pk=partner.pk).exists():
        return
    if refusal := removal_refusal(partner):
        raise Refused(refusal)
    name = partner.name
    partner.delete()
    record(partnership, by.user, "partner.removed", name)


def removal_refusal(partner: Partner) -> str:
    """Return why an organisation cannot be removed; empty where it can be."""
    if partner.partnership.partners.count() <= FEWEST:
        return _("A partnership needs at least two partners. Add another partner first.")
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=partner).collect([partner])
    except RestrictedError:
        return _(
            "You cannot remove %(partner)s because it has members or takes part in an assessment. Mark it as "
            "having left instead."
        ) % {"partner": partner.name}
    return ""


@transaction.atomic
def mark_left(partner: Partner, by: Membership) -> None:
    """An organisation leaves: it stays in what was assessed, and nobody new is invited for it."""
    partnership, by = lock(partner.partnership), in_force(by)
    if not partnership.partners.filter(pk=partner.pk, left_at__isnull=True).update(left_at=timezone.now()):
        return
    Invitation.objects.open().filter(partner=partner).update(withdrawn_at=timezone.now())
    record(partnership, by.user, "partner.left", partner.name)


@transaction.atomic
def bring_back(partner: Partner, by: Membership) -> None:
    partnership, by = lock(partner.partnership), in_force(by)
    if partnership.partners.filter(pk=partner.pk, left_at__isnull=False).update(left_at=None):
        record(partnership, by.user, "partner.back", partner.name)


@transaction.atomic
def confirm_organisation(membership: Membership, side: str) -> Partner:
    """A representative says: this is my organisation, and this is its side here."""
    partnership = lock(membership.partnership)
    membership = (
        Membership.objects.in_force().representatives().filter(pk=membership.pk).select_related("user").first()
        or deny()
    )
    partner = partnership.partners.select_for_update(no_key=True).get(memberships=membership)
    undeclared = partner.side is None
    if side != partner.side:
        correct_side(partner, membership, side)
    if partner.side_confirmed_by_id != membership.user_id and (
        not partner.side_confirmed_at or may_change_side(partner, membership)
    ):
        partner.side_confirmed_by, partner.side_confirmed_at = membership.user, timezone.now()
    partner.save(update_fields=["side", "side_confirmed_by", "side_confirmed_at"])
    if undeclared:
        declared(partner)
    if not membership.confirmed_at:
        membership.confirmed_at = timezone.now()
        membership.save(update_fields=["confirmed_at"])
        record_confirmation(membership, partner)
    settle(partnership)
    return partner


def deny() -> Membership:
    raise PermissionDenied


def correct_side(partner: Partner, membership: Membership, side: str) -> None:
    if side not in Side.values:
        raise Refused(_("Please choose one of the sides."))
    if not may_change_side(partner, membership):
        raise Refused(side_refusal(partner))
    if partner.side:
        record(membership.partnership, membership.user, "partner.side", f"{partner.name}: {partner.side} → {side}")
    reset_confirmations(partner)
    partner.side = side


def declared(partner: Partner) -> None:
    """Let assessments take over a side that was declared now; the caller holds the partnership's lock."""
    for take_over in ON_DECLARED:
        take_over(partner)


def reset_confirmations(partner: Partner) -> None:
    """Drop what people confirmed whose memberships wait: they saw another side than there is now."""
    partner.memberships.waiting().update(confirmed_at=None)
