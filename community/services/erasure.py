"""Erasing a person: what goes of what she wrote in the community. What is published stays, without her name."""

from datetime import timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from community.models import (
    Approval,
    CaseStudy,
    ConsentAnswer,
    DigestLine,
    GroupInvitation,
    GroupMembership,
    GroupRole,
    Item,
    Revision,
    State,
    WorkingGroup,
)
from community.services import case_studies
from partnerships.models import User

ON_TIME = timedelta(seconds=5)  # before a round's deadline, to be through by then


def led_alone(user: User) -> QuerySet[WorkingGroup]:
    """Return the groups with other members in which this person is the only coordinator."""
    there = GroupMembership.objects.filter(group=OuterRef("pk"), left_at=None, user__is_active=True)
    coordinators = there.filter(role=GroupRole.COORDINATOR)
    others = there.exclude(user=user)
    return WorkingGroup.objects.filter(
        Exists(coordinators.filter(user=user)), ~Exists(coordinators.exclude(user=user)), Exists(others)
    )


@transaction.atomic
def erase(user: User) -> None:
    """Delete drafts, approvals, open answers and invitations; the rest loses its author with her row."""
    unpublished(user).delete()
    approved = list(CaseStudy.objects.filter(approvals__membership__user=user).distinct())
    Approval.objects.filter(membership__user=user).delete()
    for case in approved:
        if case_studies.missing(case):
            Item.objects.filter(pk=case.pk, state=State.PUBLISHED).update(state=State.DRAFT)
    open_answers(user).delete()
    GroupInvitation.objects.filter(Q(created_by=user) | Q(used_by=user)).delete()
    group_memberships = ContentType.objects.get_for_model(GroupMembership)
    people = ContentType.objects.get_for_model(User)
    own = [str(pk) for pk in user.group_memberships.values_list("pk", flat=True)]
    about = Q(content_type=group_memberships, object_id__in=own) | Q(content_type=people, object_id=str(user.pk))
    LogEntry.objects.filter(about).delete()


def unpublished(user: User) -> QuerySet[Item]:
    """Return what she wrote, nobody else worked on and was never published."""
    hand = Revision.objects.exclude(author=user)
    others = hand.filter(Q(item=OuterRef("pk")) | Q(item__whole=OuterRef("pk")))
    return Item.objects.filter(~Exists(others), author=user, state=State.DRAFT, published_at=None)


def open_answers(user: User) -> QuerySet[ConsentAnswer]:
    """Return her answers in rounds that are still open; nobody has seen them."""
    return ConsentAnswer.objects.filter(
        by=user, text__round__closed_at=None, text__round__closes_at__gt=timezone.now() + ON_TIME
    )


def sent_lines(since) -> QuerySet[DigestLine]:
    return DigestLine.objects.filter(sent_at__lt=since)


def closed_invitations(since) -> QuerySet[GroupInvitation]:
    return GroupInvitation.objects.filter(Q(used_at__lt=since) | Q(expires_at__lt=since))
