"""Joining, leaving, inviting, and what coordinators decide about their group."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from community.models import GroupInvitation, GroupMembership, GroupRole, ModerationEntry, Profile, WorkingGroup
from partnerships.codes import random_code
from partnerships.models import Side, User
from partnerships.services import Refused

OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Writer:
    """Who writes, and the side that she declared: kept with everything written."""

    user: User
    side: str


def writer_of(group_membership: GroupMembership) -> Writer:
    return Writer(group_membership.user, group_membership.side)


@transaction.atomic
def join(group: WorkingGroup, user: User, side: str, organisation: str = "", invited: bool = False) -> GroupMembership:
    """Take a person in who declares her side; again after leaving, with the words of now."""
    earlier = GroupMembership.objects.select_for_update(no_key=True).filter(group=group, user=user).first()
    if earlier and earlier.left_at is None:
        return earlier
    if not (group.joining_is_open or invited):
        raise Refused(_("You need an invitation to join this group. Ask one of its coordinators."))
    profile_of(user)
    values = {"side": Side(side), "organisation": organisation.strip(), "role": GroupRole.MEMBER, "left_at": None}
    values["asked_through"] = None
    return GroupMembership.objects.update_or_create(group=group, user=user, defaults=values)[0]


def profile_of(user: User) -> Profile:
    """Return a person's profile; made with a handle from her name where there is none."""
    if profile := Profile.objects.filter(user=user).first():
        return profile
    stem = slugify(user.get_full_name())[:30].strip("-_").replace("_", "-") or "member"
    taken = Profile.objects.filter(handle=stem).exists()
    handle = f"{stem}-{random_code(4)}" if taken else stem
    return Profile.objects.get_or_create(user=user, defaults={"handle": handle})[0]


@transaction.atomic
def leave(group_membership: GroupMembership) -> None:
    if (
        group_membership.is_coordinator
        and not _coordinators(group_membership.group).exclude(pk=group_membership.pk).exists()
    ):
        raise Refused(_("You are the only coordinator. Make someone else a coordinator first."))
    GroupMembership.objects.filter(pk=group_membership.pk).update(left_at=timezone.now(), role=GroupRole.MEMBER)


def change_side(group_membership: GroupMembership, side: str, organisation: str) -> None:
    """Declare another side or organisation from now on; what was written before keeps the side of then.

    It has to be confirmed again, and answers in open rounds are deleted: triggers of migration 0062 see to both.
    """
    GroupMembership.objects.filter(pk=group_membership.pk).update(
        side=Side(side), organisation=organisation.strip(), asked_through=None
    )


def invite(group: WorkingGroup, coordinator: User, note: str = "") -> GroupInvitation:
    expires = timezone.now() + OPEN_FOR
    return GroupInvitation.objects.create(group=group, created_by=coordinator, note=note, expires_at=expires)


def open_invitation(code: str) -> GroupInvitation | None:
    group_invitations = GroupInvitation.objects.filter(code=code, used_at=None, expires_at__gt=timezone.now())
    return group_invitations.select_related("group", "created_by").first()


@transaction.atomic
def accept(invitation: GroupInvitation, user: User, side: str, organisation: str = "") -> GroupMembership:
    group_invitation = GroupInvitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if group_invitation.used_at and group_invitation.used_by_id != user.pk:
        raise Refused(_("Another person has used this invitation. Ask a coordinator for a new one."))
    GroupInvitation.objects.filter(pk=group_invitation.pk).update(used_at=timezone.now(), used_by=user)
    return join(invitation.group, user, side, organisation, invited=True)


@transaction.atomic
def appoint(group_membership: GroupMembership, by: User, role: str) -> None:
    """Make a member a coordinator, or a coordinator a member; a group that has coordinators keeps one."""
    list(_coordinators(group_membership.group).select_for_update(no_key=True))
    last = not _coordinators(group_membership.group).exclude(pk=group_membership.pk).exists()
    if group_membership.is_coordinator and role != GroupRole.COORDINATOR and last:
        raise Refused(_("A group needs at least one coordinator. Make someone else a coordinator first."))
    GroupMembership.objects.filter(pk=group_membership.pk).update(role=GroupRole(role))
    ModerationEntry.objects.create(
        group=group_membership.group,
        actor=by,
        member=group_membership.user,
        verb=ModerationEntry.Verb.ROLE,
        reason=str(GroupRole(role).label),
    )


def members_of(group: WorkingGroup):
    return group.group_memberships.filter(left_at=None, user__is_active=True).select_related("user__profile")


def count_by_side(group: WorkingGroup) -> dict[str, int]:
    """Return how many take part, by side."""
    rows = members_of(group).select_related(None).order_by().values("side").annotate(n=Count("pk"))
    return dict.fromkeys(Side.values, 0) | {row["side"]: row["n"] for row in rows}


def coordinators_of(group: WorkingGroup) -> list[User]:
    return [group_membership.user for group_membership in _coordinators(group).select_related("user")]


def _coordinators(group: WorkingGroup):
    return group.group_memberships.filter(left_at=None, role=GroupRole.COORDINATOR)
