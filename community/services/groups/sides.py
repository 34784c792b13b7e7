"""Who stands on which side: confirmed by coordinators of both sides, or by a partnership that stands behind a member.

The database holds who may confirm (migration 0062). Where a group has coordinators of one side only, they confirm
nobody. A partnership does, or staff appoint a coordinator of the missing side, which confirms that coordinator.
"""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import (
    GroupMembership,
    GroupRole,
    QuorumProposal,
    RealPartnership,
    RealState,
    SideConfirmation,
    WorkingGroup,
)
from community.services.case_studies import speaking_memberships
from community.services.notifications import notify_members
from partnerships.models import BOTH_SIDES, Membership, Partnership, User
from partnerships.services import Refused

Way = SideConfirmation.Way


def seen_of(group_membership: GroupMembership) -> str:
    """Return what somebody confirms, to be sent with the confirmation: it may have changed since the page was read."""
    return f"{group_membership.side}:{group_membership.organisation}"


# --- by coordinators


def coordinates(group_membership: GroupMembership | None) -> bool:
    """Say whether a coordinator's word counts for a side: one of the North or the South whose own side is confirmed."""
    return bool(
        group_membership
        and group_membership.is_coordinator
        and group_membership.confirmed_at
        and group_membership.side in BOTH_SIDES
    )


@transaction.atomic
def confirm(group_membership: GroupMembership, coordinator: GroupMembership, seen: str) -> None:
    """Confirm a member's side and organisation for the coordinator's own side; with the other side's word it counts."""
    if not coordinates(coordinator):
        raise Refused(
            _("You cannot confirm another person's side until your own side has been confirmed as North or South.")
        )
    if group_membership.user_id == coordinator.user_id:
        raise Refused(_("You cannot confirm your own side."))
    _confirm(group_membership, coordinator.user, coordinator.side, Way.COORDINATOR, seen)


@transaction.atomic
def confirm_as_staff(group_membership: GroupMembership, staff: User) -> None:
    """Confirm the side of a coordinator whom staff appoint, so that there is a first one of each side."""
    if group_membership.organisation and group_membership.user_id != staff.pk:
        _confirm(group_membership, staff, group_membership.side, Way.STAFF, seen_of(group_membership))


def _confirm(group_membership: GroupMembership, by: User, side: str, way: str, seen: str) -> None:
    locked = GroupMembership.objects.select_for_update(no_key=True, of=("self",)).get(pk=group_membership.pk)
    if locked.left_at or seen != seen_of(locked):
        raise Refused(_("The side or the organisation has changed. Please check both again before you confirm them."))
    if not locked.organisation:
        raise Refused(_("This member has not entered an organisation. Ask them to enter one first."))
    try:
        with transaction.atomic():
            SideConfirmation.objects.get_or_create(group_membership=locked, by=by, defaults={"side": side, "way": way})
    except IntegrityError as error:
        raise Refused(_("You cannot confirm this member's side. Ask a coordinator for help.")) from error
    if locked.confirmed_at is None and _is_confirmed(locked):
        GroupMembership.objects.filter(pk=locked.pk).update(confirmed_at=timezone.now())


def _is_confirmed(group_membership: GroupMembership) -> bool:
    confirmed = set(group_membership.confirmations.values_list("way", "side"))
    by_both = any({(way, side) for side in BOTH_SIDES} <= confirmed for way in (Way.COORDINATOR, Way.PARTNERSHIP))
    return by_both or (
        group_membership.role == GroupRole.COORDINATOR and any(way == Way.STAFF for way, _side in confirmed)
    )


def open_to(coordinator: GroupMembership | None) -> set[int]:
    """Return which memberships wait for this coordinator's word (primary keys, one query)."""
    if coordinator is None or not coordinates(coordinator):
        return set()
    waiting = coordinator.group.group_memberships.filter(left_at=None, confirmed_at=None).exclude(organisation="")
    waiting = waiting.exclude(user=coordinator.user_id).exclude(confirmations__by=coordinator.user_id)
    return set(waiting.values_list("pk", flat=True))


# --- by a partnership


def memberships_behind(user: User) -> QuerySet[Membership]:
    """Return the memberships that can stand behind a person: in partnerships that coordinators confirmed to be real."""
    real = RealPartnership.objects.filter(state=RealState.CONFIRMED).values("partnership")
    return speaking_memberships(user).filter(partnership__in=real).select_related("partner", "partnership")


@transaction.atomic
def ask_partnership(group_membership: GroupMembership, code: str) -> None:
    """Take side and organisation from a membership in a partnership, and ask its facilitators to stand behind them."""
    membership = memberships_behind(group_membership.user).filter(code=code).first()
    if membership is None or membership.partner is None:
        raise Refused(
            _(
                "Coordinators have not confirmed this partnership yet, so it cannot confirm your side. Ask another "
                "partnership, or a coordinator."
            )
        )
    asked = {
        "side": membership.partner.side,
        "organisation": membership.partner.name[:160],
        "asked_through": membership.partnership,
    }
    locked = GroupMembership.objects.select_for_update(no_key=True).get(pk=group_membership.pk)
    if any(getattr(locked, name) != value for name, value in asked.items()):
        # Words that were given before were about another side, organisation or partnership.
        SideConfirmation.objects.filter(group_membership=locked, way=Way.PARTNERSHIP).delete()
        GroupMembership.objects.filter(pk=locked.pk).update(**asked)
    people = User.objects.filter(pk__in=membership.partnership.memberships.in_force().facilitators().values("user"))
    url = reverse("community:stand-behind", args=[membership.partnership.code])
    facts = {"name": str(group_membership.user), "group": str(group_membership.group)}
    notify_members(
        "stand_behind",
        people.exclude(pk=group_membership.user_id),
        url,
        f"{locked.pk}:{timezone.now():%Y%m%d}",
        **facts,
    )


def asking(partnership: Partnership) -> QuerySet[GroupMembership]:
    """Return the members of groups whom a partnership is asked to stand behind."""
    waiting = GroupMembership.objects.filter(asked_through=partnership, left_at=None)
    return waiting.select_related("user", "group").prefetch_related("confirmations").order_by("user__name", "pk")


def sides_of(partnership: Partnership, user: User) -> list[str]:
    """Return for which sides a person facilitates a partnership."""
    memberships = partnership.memberships.in_force().facilitators().filter(user=user, partner__side__in=BOTH_SIDES)
    return [str(side) for side in memberships.values_list("partner__side", flat=True).distinct()]


@transaction.atomic
def stand_behind(partnership: Partnership, group_membership: GroupMembership, facilitator: User, seen: str) -> None:
    """Confirm a member for a facilitator's side of the partnership; with the other side's word it counts."""
    if group_membership.asked_through_id != partnership.pk:
        raise Refused(_("This member has not asked your partnership to confirm their side."))
    sides = sides_of(partnership, facilitator)
    if not sides:
        raise Refused(_("Only facilitators of Northern and Southern partners can confirm a side."))
    if not speaking_memberships(group_membership.user, partnership).exists():
        raise Refused(_("This person is no longer a facilitator or representative of your partnership."))
    _confirm(group_membership, facilitator, sides[0], Way.PARTNERSHIP, seen)


# --- what a valid consent round needs


@transaction.atomic
def propose_quorum(
    coordinator: GroupMembership, people: int, organisations: int, languages: Sequence[str] = ()
) -> QuorumProposal:
    """Propose who must answer for a valid round, and in which languages it is asked; it replaces what waits."""
    if not coordinates(coordinator):
        raise Refused(
            _(
                "You cannot propose new minimum numbers for consent rounds until your own side has been confirmed as "
                "North or South."
            )
        )
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=coordinator.group_id)
    QuorumProposal.objects.filter(group=coordinator.group_id, confirmed_at=None).delete()
    return QuorumProposal.objects.create(
        group=coordinator.group,
        people=people,
        organisations=organisations,
        languages=list(languages),
        proposed_by=coordinator.user,
        proposed_side=coordinator.side,
    )


@transaction.atomic
def confirm_quorum(code: str, coordinator: GroupMembership) -> None:
    """Confirm what a coordinator of the other side proposed; rounds that open from now on need it."""
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=coordinator.group_id)
    waiting = QuorumProposal.objects.filter(group=coordinator.group_id, code=code, confirmed_at=None).first()
    if waiting is None:
        raise Refused(_("This proposal has changed. Please read it again."))
    if not coordinates(coordinator) or waiting.proposed_side == coordinator.side:
        raise Refused(_("Only a coordinator from the other side can confirm this proposal."))
    confirmation = {
        "confirmed_by": coordinator.user,
        "confirmed_side": coordinator.side,
        "confirmed_at": timezone.now(),
    }
    QuorumProposal.objects.filter(pk=waiting.pk).update(**confirmation)
    WorkingGroup.objects.filter(pk=coordinator.group_id).update(
        people_needed=waiting.people, organisations_needed=waiting.organisations, languages=waiting.languages
    )


def open_proposal(group: WorkingGroup) -> QuorumProposal | None:
    return group.quorum_proposals.filter(confirmed_at=None).select_related("proposed_by").first()
