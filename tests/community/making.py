"""Groups, members and texts for tests."""

import itertools
from datetime import timedelta

from django.utils import timezone

from community.access import Reader, all_groups, reader_of
from community.models import (
    CaseStudy,
    Finding,
    GroupKind,
    GroupMembership,
    GroupRole,
    ItemKind,
    SideConfirmation,
    WorkingGroup,
)
from community.services import case_studies, writing
from community.services.groups import memberships
from community.services.writing import Content
from partnerships.models import Notification, Side, User
from tests.factories import UserFactory

COUNT = itertools.count()


def mutation() -> str:
    return f"mutation-{next(COUNT)}"


def the_group(kind: str = GroupKind.UNDERSTANDING) -> WorkingGroup:
    return next(group for group in all_groups() if group.kind == kind)


def member(
    name: str = "Mina Member",
    side: str = Side.SOUTH,
    role: str = GroupRole.MEMBER,
    group: WorkingGroup | None = None,
    user: User | None = None,
) -> GroupMembership:
    """Return somebody's membership in the first group, if no other is named."""
    made = memberships.join(group or the_group(), user or UserFactory(name=name), side, invited=True)
    GroupMembership.objects.filter(pk=made.pk).update(role=role)
    made.refresh_from_db()
    return made


def confirmed(group_membership: GroupMembership, organisation: str = "", since=timedelta(days=60)) -> GroupMembership:
    """Confirm a member's side as it was long ago; each member comes from an organisation of their own by default."""
    staff, _new = User.objects.get_or_create(email="appoints@example.org", defaults={"name": "Staff", "is_staff": True})
    at, role = timezone.now() - since, group_membership.role
    own = GroupMembership.objects.filter(pk=group_membership.pk)
    own.update(organisation=organisation or f"Organisation of {group_membership.user}", role=GroupRole.COORDINATOR)
    SideConfirmation.objects.create(
        group_membership=group_membership, by=staff, side=group_membership.side, way="staff", at=at
    )
    own.update(confirmed_at=at)
    own.update(role=role)
    group_membership.refresh_from_db()
    return group_membership


def lead(name: str = "Lena Lead", **kwargs) -> GroupMembership:
    return member(name, Side.NORTH, GroupRole.COORDINATOR, **kwargs)


def reader(group_membership: GroupMembership) -> Reader:
    return reader_of(group_membership.user)


def make_finding(
    by: GroupMembership | None = None, title: str = "Money comes late", text: str = "One.\n\nTwo.", publish=True, **rest
) -> Finding:
    by = by or member()
    made = Finding(kind=ItemKind.FINDING, group=by.group)
    return writing.create(made, memberships.writer_of(by), Content(title, text, rest=rest), mutation(), publish=publish)


def make_case_study(about, partnership, by: GroupMembership, title="A case", text="We were told in May.") -> CaseStudy:
    return case_studies.write_case_study(
        about, partnership, memberships.writer_of(by), Content(title, text), mutation()
    )


def posted(title="A claim", text="Words.", **more) -> dict:
    """Return what the form of a new finding posts."""
    return {"title": title, "text": text, "language": "en", "base": 0, "mutation": mutation(), "do": "publish"} | more


def told(name: str) -> set[str]:
    """Return the names of all who got a notification `community.<name>`."""
    found = Notification.objects.filter(kind=f"community.{name}").select_related("recipient")
    return {notification.recipient.name for notification in found}
