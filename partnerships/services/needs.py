"""What one person is to do next, here; the start page puts it beside what the other apps need."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.locales import isolated
from partnerships.models import (
    Draft,
    Invitation,
    MembershipQuerySet,
    Partnership,
    PartnershipQuerySet,
    Role,
    Side,
    User,
)
from partnerships.services import confirmed_addresses


@dataclass(frozen=True)
class Need:
    """Something that waits for a person: what, where, why, and by when if there is a day."""

    title: str
    url: str
    why: str
    due: date | None = None


def needs(user: User, partnership: Partnership | None = None) -> list[Need]:
    """Return what waits for this person, in all partnerships or in one (a fixed number of queries)."""
    here = Partnership.objects.filter(pk=partnership.pk) if partnership else Partnership.objects.not_archived()
    here_only = {"partnership": partnership} if partnership else {"partnership__archived_at": None}
    memberships = user.memberships.filter(**here_only)
    facilitated = here.filter(pk__in=memberships.in_force().facilitators().values("partnership"))
    return [
        *([] if partnership else [*drafts(user), *invited(user)]),
        *organisations(memberships),
        *memberships_to_confirm(facilitated, user),
        *sides_without_facilitator(facilitated.real()),
        *waits(memberships),
    ]


def drafts(user: User) -> list[Need]:
    """Return the partnership that this person has begun to start."""
    return [
        Need(
            _("Finish setting up “%(name)s”") % {"name": _name_of(draft)},
            reverse("partnerships:create_people" if draft.data.get("partners") else "partnerships:create"),
            _("Your draft is saved. No one else can see it."),
        )
        for draft in Draft.objects.filter(user=user)
    ]


def _name_of(draft: Draft) -> str:
    name = draft.data.get("name")
    return isolated(name) if name else _("your partnership")


def invited(user: User) -> list[Need]:
    if not user.email:
        return []
    invitations = Invitation.objects.open().filter(email__in=confirmed_addresses.confirmed_addresses(user))
    return [
        Need(
            invited_by(invitation),
            reverse("partnerships:invitation", args=[invitation.code]),
            _("Read the invitation, and accept it if you wish."),
            localdate(invitation.expires_at) if invitation.expires_at else None,
        )
        for invitation in invitations.select_related("partnership", "created_by__user")
    ]


def invited_by(invitation: Invitation) -> str:
    """Return who invites to which partnership; an import names no one."""
    if invitation.created_by is None:
        return _("You have been invited to “%(partnership)s”") % {"partnership": isolated(invitation.partnership)}
    values = {"name": isolated(invitation.created_by.user), "partnership": isolated(invitation.partnership)}
    return _("%(name)s has invited you to “%(partnership)s”") % values


def organisations(memberships: MembershipQuerySet) -> list[Need]:
    """Ask for the side while it can be corrected; later the answer's time could tell that somebody came to rate."""
    correctable = Q(partner__participations=None, confirmed_at=None) | Q(partner__side=None)
    unconfirmed = memberships.in_force().representatives().filter(correctable).distinct()
    return [
        Need(
            _("Confirm that you represent %(partner)s") % {"partner": isolated(membership.partner)},
            reverse("partnerships:organisation", args=[membership.partnership.code]),
            _("Your organisation declares its own side. No one else can do this."),
        )
        for membership in unconfirmed.select_related("partnership", "partner")
    ]


def memberships_to_confirm(facilitated: PartnershipQuerySet, user: User) -> list[Need]:
    """Return one need per partnership where people wait for this facilitator's word."""
    waiting = Q(memberships__admitted_at__isnull=True, memberships__voided_at__isnull=True)
    done = Q(memberships__confirmations__by__user=user)
    counted = facilitated.annotate(
        n=Count("memberships", filter=waiting, distinct=True),
        vouched=Count("memberships", filter=waiting & done, distinct=True),
    )
    return [
        people_wait(partnership, partnership.n - partnership.vouched)
        for partnership in counted
        if partnership.n > partnership.vouched
    ]


def people_wait(partnership: Partnership, n: int) -> Need:
    title = ngettext(
        "One person needs to be confirmed in “%(partnership)s”",
        "%(n)d people need to be confirmed in “%(partnership)s”",
        n,
    ) % {"n": n, "partnership": isolated(partnership)}
    why = _("A membership counts only after facilitators have confirmed it.")
    return Need(title, reverse("partnerships:people", args=[partnership.code]), why)


def sides_without_facilitator(facilitated: PartnershipQuerySet) -> list[Need]:
    live = Q(
        memberships__role=Role.FACILITATOR, memberships__admitted_at__isnull=False, memberships__voided_at__isnull=True
    )
    coming = Invitation.objects.open().filter(partnership=OuterRef("pk"), role=Role.FACILITATOR)
    counted = facilitated.annotate(
        north=Count("memberships", filter=live & Q(memberships__partner__side=Side.NORTH)),
        south=Count("memberships", filter=live & Q(memberships__partner__side=Side.SOUTH)),
        north_invited=Exists(coming.filter(partner__side=Side.NORTH)),
        south_invited=Exists(coming.filter(partner__side=Side.SOUTH)),
    )
    return [
        Need(
            _("Find a facilitator from each side of “%(partnership)s”") % {"partnership": isolated(partnership)},
            reverse("partnerships:invite", args=[partnership.code]) + "?role=facilitator",
            _("With one facilitator from each side, neither side leads the conversation alone."),
        )
        for partnership in counted
        if not (partnership.north or partnership.north_invited) or not (partnership.south or partnership.south_invited)
    ]


def waits(memberships: MembershipQuerySet) -> list[Need]:
    return [
        Need(
            _("Your membership of “%(partnership)s” has not been confirmed yet")
            % {"partnership": isolated(membership.partnership)},
            reverse("partnerships:waiting", args=[membership.code]),
            _("You do not have to do anything. See who can confirm your membership."),
        )
        for membership in memberships.waiting().select_related("partnership")
    ]
