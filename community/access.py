"""Access to the community: who reads, and what may they do in which group? No view finds a text otherwise."""

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from community.models import GroupKind, GroupMembership, Item, WorkingGroup
from partnerships.models import User


@dataclass(frozen=True)
class Reader:
    """A person with an account and her memberships; or anybody else, who reads only what is public."""

    user: User | None
    group_memberships: dict[int, GroupMembership] = field(default_factory=dict)  # by group, in force
    groups: tuple[WorkingGroup, ...] = ()

    def group_membership(self, group: WorkingGroup) -> GroupMembership | None:
        return self.group_memberships.get(group.pk)

    def takes_part(self, group: WorkingGroup) -> bool:
        return group.pk in self.group_memberships

    def coordinates(self, group: WorkingGroup) -> bool:
        own = self.group_membership(group)
        return own is not None and own.is_coordinator

    def may_read(self, group: WorkingGroup) -> bool:
        return self.user is not None or group.is_public

    def readable_groups(self) -> list[int]:
        return [group.pk for group in self.groups if self.may_read(group)]

    def coordinated_groups(self) -> list[int]:
        return [group.pk for group in self.groups if self.coordinates(group)]


def reader_of(user: User | AnonymousUser) -> Reader:
    """Return who reads (two queries); guests have no account and count as anybody."""
    groups = tuple(all_groups())
    if not isinstance(user, User) or user.is_guest:
        return Reader(None, {}, groups)
    own = GroupMembership.objects.filter(user=user, left_at=None)
    return Reader(user, {group_membership.group_id: group_membership for group_membership in own}, groups)


def open_groups() -> set[str]:
    """Return the kinds of the groups that people without an account may read."""
    return set(WorkingGroup.objects.filter(is_public=True).values_list("kind", flat=True))


def all_groups() -> list[WorkingGroup]:
    """Return the three groups in their order; where rows are missing, they are made."""
    by_kind = {group.kind: group for group in WorkingGroup.objects.all()}
    for kind in GroupKind.values:
        if kind not in by_kind:
            by_kind[kind], _made = WorkingGroup.objects.get_or_create(kind=kind)
    return [by_kind[kind] for kind in GroupKind.values]


def item_for(reader: Reader, code: str) -> Item | None:
    """Return the item if this reader may see it, or see that it was withdrawn."""
    items = Item.objects.reached_by(reader).select_related("group", "whole", "author")
    return items.filter(code=code).first()
