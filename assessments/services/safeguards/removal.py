"""Ending a representative's membership while rating is open, by the words of both sides (METHOD §4, rule 6).

Nothing here looks at whether she has answered, and nothing that others see depends on it.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Matter, RemovalObjection, SideWord
from assessments.services.notifications import notify_memberships
from assessments.workflow import guards
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Membership, Role
from partnerships.services import Refused, memberships


def is_possible(assessment: Assessment, membership: Membership | None) -> bool:
    """Say whether both sides can end this membership: a representative's, until rating has closed."""
    if membership is None or membership.partnership_id != assessment.partnership_id or not assessment.is_protected:
        return False
    return Membership.objects.in_force().representatives().filter(pk=membership.pk).exists()


def takes_effect_at(assessment: Assessment, membership: Membership) -> datetime | None:
    """Return when her membership ends, None while a word is missing or she objects.

    At once if another representative of her organisation remains. Otherwise she has seven days to object.
    """
    moments = list(guards.words_on(assessment, Matter.REMOVE_MEMBER, membership).values_list("given_at", flat=True))
    if len(moments) < 2:
        return None
    if colleague_remains(assessment, membership):
        return max(moments)
    return None if has_objected(assessment, membership) else max(moments) + guards.ONE_WORD_AFTER


def colleague_remains(assessment: Assessment, membership: Membership) -> bool:
    """Say whether her organisation keeps a representative who was one when rating opened."""
    since = assessment.opened_at or assessment.first_opened_at
    others = (
        Membership.objects.in_force().representatives().filter(partner=membership.partner_id, admitted_at__lte=since)
    )
    return others.exclude(user=membership.user_id).exists()


def has_objected(assessment: Assessment, membership: Membership) -> bool:
    return RemovalObjection.objects.filter(assessment=assessment, membership=membership).exists()


def is_proposed(assessment: Assessment, membership: Membership) -> bool:
    return guards.words_on(assessment, Matter.REMOVE_MEMBER, membership).exists()


@transaction.atomic
def set_objection(assessment: Assessment, member: MemberRoles, wanted: bool) -> None:
    """Save or withdraw a representative's objection to the end of her membership."""
    memberships.lock(assessment.partnership)
    membership = member.membership(Role.REPRESENTATIVE)
    if membership is None:
        raise PermissionDenied
    if not is_possible(assessment, membership):
        raise Refused(_("This membership has ended, or rating is not open."))
    if wanted:
        RemovalObjection.objects.get_or_create(assessment=assessment, membership=membership)
    else:
        RemovalObjection.objects.filter(assessment=assessment, membership=membership).delete()


def end_membership(locked: Assessment, subject: Membership) -> None:
    """End her membership, and tell all members and her; the caller holds the locks."""
    subject.refresh_from_db()
    if subject.voided_at:
        return
    memberships.end(subject)
    activity_log.record(locked.partnership, None, "words.remove_member", membership=subject)
    SideWord.objects.filter(matter=Matter.REMOVE_MEMBER, subject=subject).delete()
    RemovalObjection.objects.filter(membership=subject).delete()
    notify_memberships(locked, "assessments.member_removed", name=subject.user.get_full_name())
