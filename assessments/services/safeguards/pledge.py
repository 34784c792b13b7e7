"""Signing the pledge that nothing said here affects grants, and withdrawing it; both are shown by name."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.models import Assessment, Pledge
from assessments.results.given_pledges import PledgeStatus
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Membership, Partner, Partnership
from partnerships.services.memberships import lock


def may_sign(assessment: Assessment, member: MemberRoles) -> Membership | None:
    """Return the membership with which a person may sign: of a partner that gives money or leads."""
    membership = member.represents
    return membership if membership and assessment.funders.filter(partner=membership.partner_id).exists() else None


def own_pledge(assessment: Assessment, member: MemberRoles) -> Pledge | None:
    """Return the person's own standing signature, for this assessment or for the whole partnership."""
    of_either = Q(assessment=assessment) | Q(partnership=assessment.partnership_id)
    return _standing(member).filter(of_either).first()


def own_here(partnership: Partnership, member: MemberRoles) -> Pledge | None:
    return _standing(member).filter(partnership=partnership).first()


def _standing(member: MemberRoles) -> QuerySet[Pledge]:
    hers = member.represents
    return Pledge.objects.filter(membership=hers, withdrawn_at__isnull=True) if hers else Pledge.objects.none()


def is_asked(pledges: list[PledgeStatus], member: MemberRoles) -> bool:
    """Say whether this person is still asked to sign."""
    membership = member.represents
    own = [row for row in pledges if membership and row.partner_id == membership.partner_id]
    signed = any(
        row.state == "signed" and row.pledge and membership and row.pledge.membership_id == membership.pk for row in own
    )
    return bool(own) and not signed


@transaction.atomic
def sign_pledge(assessment: Assessment, member: MemberRoles) -> Pledge:
    """Sign, once; who signs again finds her signature as it stands. It holds for the whole partnership."""
    locked = lock_and_require(assessment, member, WorkflowAction.SIGN_PLEDGE)
    if may_sign(locked, member) is None:
        raise PermissionDenied
    return own_pledge(locked, member) or sign_here(locked.partnership, member)


@transaction.atomic
def sign_here(partnership: Partnership, member: MemberRoles) -> Pledge:
    """Sign for the whole partnership, as a representative; nobody need be invited yet."""
    lock(partnership)
    membership = member.represents
    if membership is None:
        raise PermissionDenied
    if existing := own_here(partnership, member):
        return existing
    activity_log.record(partnership, membership.user, WorkflowAction.SIGN_PLEDGE, partnership.name)
    return Pledge.objects.create(
        partnership=partnership,
        partner=cast(Partner, membership.partner),
        membership=membership,
        name=membership.user.get_full_name(),
    )


@transaction.atomic
def withdraw_pledge(assessment: Assessment, member: MemberRoles) -> None:
    """Take the own signature back; that it was there, and until when, stays."""
    locked = lock_and_require(assessment, member, WorkflowAction.WITHDRAW_PLEDGE)
    if pledge := own_pledge(locked, member):
        _withdraw(locked.partnership, member, pledge)


@transaction.atomic
def withdraw_here(partnership: Partnership, member: MemberRoles) -> None:
    """Withdraw the own signature for the whole partnership. Closed assessments keep what was signed then."""
    lock(partnership)
    if pledge := own_here(partnership, member):
        _withdraw(partnership, member, pledge)


def _withdraw(partnership: Partnership, member: MemberRoles, pledge: Pledge) -> None:
    pledge.withdrawn_at = timezone.now()
    pledge.save(update_fields=["withdrawn_at"])
    activity_log.record(partnership, member.any.user, WorkflowAction.WITHDRAW_PLEDGE, partnership.name)
