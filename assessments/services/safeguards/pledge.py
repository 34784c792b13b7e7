"""Signing the pledge that nothing said here affects grants, and withdrawing it; both are shown by name."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, Pledge
from assessments.results.given_pledges import Given
from assessments.workflow.actions import lock_and_require
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Membership, Partner


def may_sign(assessment: Assessment, member: MemberRoles) -> Membership | None:
    """Return the membership with which a person may sign: of a partner that gives money or leads."""
    membership = member.represents
    return membership if membership and assessment.funders.filter(partner=membership.partner_id).exists() else None


def own_pledge(assessment: Assessment, member: MemberRoles) -> Pledge | None:
    """Return the person's own signature, unless it was withdrawn."""
    return (
        assessment.pledges.filter(membership=member.represents, withdrawn_at__isnull=True)
        .exclude(membership=None)
        .first()
    )


def is_asked(given: list[Given], member: MemberRoles) -> bool:
    """Say whether this person is still asked to sign."""
    membership = member.represents
    own = [row for row in given if membership and row.partner_id == membership.partner_id]
    signed = any(
        row.state == "signed" and row.pledge and membership and row.pledge.membership_id == membership.pk for row in own
    )
    return bool(own) and not signed


@transaction.atomic
def sign_pledge(assessment: Assessment, member: MemberRoles) -> Pledge:
    """Sign the pledge; a second time changes nothing."""
    locked = lock_and_require(assessment, member, "sign_pledge")
    membership = may_sign(locked, member)
    if membership is None:
        raise PermissionDenied
    if existing := own_pledge(locked, member):
        return existing
    activity_log.record(locked.partnership, membership.user, "sign_pledge", locked.title)
    return Pledge.objects.create(
        assessment=locked,
        partner=cast(Partner, membership.partner),
        membership=membership,
        name=membership.user.get_full_name(),
    )


@transaction.atomic
def withdraw_pledge(assessment: Assessment, member: MemberRoles) -> None:
    """Withdraw one's own signature; that it was given, and until when, remains on record."""
    locked = lock_and_require(assessment, member, "withdraw_pledge")
    pledge = own_pledge(locked, member)
    if pledge is None:
        return
    pledge.withdrawn_at = timezone.now()
    pledge.save(update_fields=["withdrawn_at"])
    activity_log.record(locked.partnership, member.any.user, "withdraw_pledge", locked.title)
