"""Ending a representative's membership while rating is open, by the words of both sides (METHOD §4, rule 6).

Nothing here looks at whether she has answered, and nothing that others see depends on it.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Matter, RemovalObjection, SideWord
from assessments.services.notifications import tell
from assessments.workflow import guards
from assessments.workflow.actions import NotNow
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Role, Seat
from partnerships.services import memberships


def is_possible(assessment: Assessment, seat: Seat | None) -> bool:
    """Say whether this is a representative's membership in force that rating protects."""
    if seat is None or seat.partnership_id != assessment.partnership_id or not assessment.is_protected:
        return False
    return Seat.objects.in_force().representatives().filter(pk=seat.pk).exists()


def takes_effect_at(assessment: Assessment, seat: Seat) -> datetime | None:
    """Return when her membership ends, None while a word is missing or she objects.

    At once if another representative of her organisation remains. Otherwise she has seven days to object.
    """
    given = list(guards.words_on(assessment, Matter.REMOVE_MEMBER, seat).values_list("given_at", flat=True))
    if len(given) < 2:
        return None
    if colleague_remains(assessment, seat):
        return max(given)
    return None if objects(assessment, seat) else max(given) + guards.ONE_WORD_AFTER


def colleague_remains(assessment: Assessment, seat: Seat) -> bool:
    """Say whether her organisation keeps a representative who was one when rating opened."""
    since = assessment.opened_at or assessment.first_opened_at
    others = Seat.objects.in_force().representatives().filter(partner=seat.partner_id, admitted_at__lte=since)
    return others.exclude(user=seat.user_id).exists()


def objects(assessment: Assessment, seat: Seat) -> bool:
    return RemovalObjection.objects.filter(assessment=assessment, seat=seat).exists()


def is_proposed(assessment: Assessment, seat: Seat) -> bool:
    return guards.words_on(assessment, Matter.REMOVE_MEMBER, seat).exists()


@transaction.atomic
def object_to(assessment: Assessment, member: MemberRoles, wanted: bool) -> None:
    """Keep a representative's own objection to the end of her membership, or take it back."""
    memberships.lock(assessment.partnership)
    seat = member.seat(Role.REPRESENTATIVE)
    if seat is None:
        raise PermissionDenied
    if not is_possible(assessment, seat):
        raise NotNow(_("This membership has ended, or rating is not open."))
    if wanted:
        RemovalObjection.objects.get_or_create(assessment=assessment, seat=seat)
    else:
        RemovalObjection.objects.filter(assessment=assessment, seat=seat).delete()


def carry_out(held: Assessment, subject: Seat) -> None:
    """End her membership, and tell all members; she is told like everyone whose membership ends. The locks are held."""
    subject.refresh_from_db()
    if subject.voided_at:
        return
    memberships.end(subject)
    activity_log.record(held.partnership, None, "words.remove_member", seat=subject)
    SideWord.objects.filter(matter=Matter.REMOVE_MEMBER, subject=subject).delete()
    RemovalObjection.objects.filter(seat=subject).delete()
    tell(held, "assessments.member_removed", name=subject.user.get_full_name())
