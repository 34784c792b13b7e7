"""The word of a side: who gives it, and what follows from one word and from two (METHOD §4, rule 6).

Giving, withdrawing and sweeping take the partnership's lock and then the assessment's, so that they come one after the
other. Others are told the day that follows, never whose word it follows from.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Matter, Report, SharedFile, SideWord, Stage
from assessments.services import transitions
from assessments.services.notifications import notify_memberships
from assessments.services.safeguards import removal
from assessments.services.safeguards.speakers import speakers_of
from assessments.services.setup import deletion
from assessments.workflow import actions, guards
from assessments.workflow.actions import WorkflowAction
from assessments.workflow.locking import lock_assessments, lock_with_memberships
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Membership
from partnerships.services import Refused

# --- who speaks for a side


def find_speakers(
    assessment: Assessment, matter: str, side: str, subject: Membership | None = None
) -> list[Membership]:
    """Return who may give a side's word now: whoever has given the other word speaks for no second side."""
    others = guards.words_on(assessment, matter, subject).exclude(side=side).values_list("given_by__user", flat=True)
    return find_side_speakers(assessment, matter, side, subject, barred=others)


def find_side_speakers(
    assessment: Assessment, matter: str, side: str, subject: Membership | None = None, barred: Iterable[int] = ()
) -> list[Membership]:
    """Return who speaks for a side, also those who gave the other word; but nobody about the own removal."""
    out = {*barred, subject.user_id} if subject else {*barred}
    return speakers_of(assessment, side, _sides(assessment), out, newcomers=matter != Matter.REMOVE_MEMBER)


def _sides(assessment: Assessment) -> dict[int, str]:
    """Return each partner's side as it was fixed when rating opened, or as it is now where nothing is fixed."""
    fixed = dict(assessment.participants.values_list("partner_id", "side"))
    sides = fixed or dict(assessment.partnership.partners.values_list("pk", "side"))
    return {partner: side for partner, side in sides.items() if side}


def find_own_speaker(
    assessment: Assessment, member: MemberRoles, matter: str, side: str, subject: Membership | None = None
) -> Membership | None:
    """Return the membership by which a person may give a side's word."""
    own = {membership.pk for membership in member.memberships}
    return next(
        (membership for membership in find_speakers(assessment, matter, side, subject) if membership.pk in own), None
    )


def may_speak(assessment: Assessment, member: MemberRoles) -> bool:
    """Say whether the overview offers this: to facilitators, and to representatives of a side without any."""
    if member.is_facilitator:
        return True
    own = member.represents
    if own is None or own.partner is None or not assessment.sides:
        return False
    leading = assessment.partnership.memberships.in_force().facilitators().filter(partner__side=own.partner.side)
    return len(assessment.sides) == 1 or not leading.exists()


# --- giving and withdrawing


@transaction.atomic
def give_word(
    assessment: Assessment,
    member: MemberRoles,
    matter: str,
    side: str,
    *,
    subject: Membership | None = None,
    day: date | None = None,
) -> Assessment:
    """Give the word of a side, and return the assessment after what follows from it. A second time changes nothing."""
    locked = lock_with_memberships(assessment)
    membership = _speaker(locked, member, matter, side, subject)
    _check(locked, matter, subject, day)
    new = _write(locked, matter, side, membership, subject, day)
    if locked.partnership.is_rehearsal:
        _let_the_pretend_speak(locked, matter, side, subject, day)
    return settle_matter(locked, matter, subject, asks=new)


@transaction.atomic
def withdraw_word(
    assessment: Assessment, member: MemberRoles, matter: str, side: str, *, subject: Membership | None = None
) -> Assessment:
    """Withdraw the word of a side. If it was the only one, the seven days begin again with the next word."""
    locked = lock_with_memberships(assessment)
    _speaker(locked, member, matter, side, subject)
    SideWord.objects.filter(assessment=locked, matter=matter, subject=subject, side=side).delete()
    return settle_matter(locked, matter, subject, asks=False)


def _speaker(locked: Assessment, member: MemberRoles, matter: str, side: str, subject: Membership | None) -> Membership:
    actions.check(locked, member, WorkflowAction(matter))
    membership = find_own_speaker(locked, member, matter, side, subject) if side in locked.word_sides else None
    if membership is None:
        raise PermissionDenied
    return membership


def _check(locked: Assessment, matter: str, subject: Membership | None, day: date | None) -> None:
    """Raise Refused where no word counts yet."""
    if matter == Matter.CLOSE_RATING:
        _check_closing(locked)
    elif matter == Matter.DELETE_ASSESSMENT and guards.never_opened(locked) is None:
        raise Refused(_("Rating has not opened yet, so a facilitator can delete this assessment."))
    elif matter == Matter.MOVE_DAY and (day is None or day < timezone.localdate()):
        raise Refused(_("This date has passed. Choose today or a later date."))
    elif matter == Matter.REMOVE_MEMBER and not removal.is_possible(locked, subject):
        raise Refused(_("This membership has ended, or rating is not open."))


def _check_closing(locked: Assessment) -> None:
    if locked.rating_due is None:
        raise Refused(_("First set the last day to answer. It can be today."))
    if timezone.localdate() < locked.rating_due:
        raise Refused(_("You cannot agree to close rating before the last day to answer."))


def _write(
    locked: Assessment, matter: str, side: str, membership: Membership, subject: Membership | None, day: date | None
) -> bool:
    """Write a side's word, in place of one that no longer counts or names another day; return whether it is new."""
    own = SideWord.objects.filter(assessment=locked, matter=matter, subject=subject, side=side)
    if own.in_force().filter(day=day).exists():
        return False
    own.delete()
    SideWord.objects.create(assessment=locked, matter=matter, subject=subject, day=day, side=side, given_by=membership)
    return True


def _let_the_pretend_speak(
    locked: Assessment, matter: str, side: str, subject: Membership | None, day: date | None
) -> None:
    """In a rehearsal, the pretend person of the other side says yes at once."""
    for other in set(locked.word_sides) - {side}:
        pretend = [speaker for speaker in find_speakers(locked, matter, other, subject) if speaker.user.pretend_in_id]
        if pretend:
            _write(locked, matter, other, pretend[0], subject, day)


# --- what follows


def settle_matter(locked: Assessment, matter: str, subject: Membership | None = None, asks: bool = True) -> Assessment:
    """Do what follows from the words given so far; the caller holds the locks. A second time changes nothing."""
    if matter == Matter.CLOSE_RATING:
        return _settle_closing(locked)
    if matter == Matter.REMOVE_MEMBER and subject:
        _settle_removal(locked, subject)
    elif matter == Matter.SHARE_FACTS:
        _delete_files(locked)
    elif guards.decided(locked, matter):
        return _carry_out(locked, matter)
    if asks:
        _ask_the_other_side(locked, matter, subject)
    return locked


def _settle_closing(locked: Assessment) -> Assessment:
    """Close rating if it is due; otherwise tell everyone the new closing day, or that there is none now."""
    at = guards.closes_at(locked)
    if at and at <= timezone.now():
        closed = transitions.apply(locked, None, WorkflowAction.CLOSE_RATING)
        SideWord.objects.filter(assessment=locked).delete()
        notify_memberships(closed, "assessments.rating_closed")
        return closed
    if at != locked.rating_closes_at:
        _set_closing_day(locked, at)
    return locked


def _set_closing_day(locked: Assessment, at: datetime | None) -> None:
    locked.rating_closes_at = at
    locked.save(update_fields=["rating_closes_at"])
    if at:
        notify_memberships(locked, "assessments.rating_closes", due=timezone.localtime(at).date().isoformat())
    else:
        notify_memberships(locked, "assessments.rating_stays_open")


def _carry_out(locked: Assessment, matter: str) -> Assessment:
    if matter == Matter.DELETE_ASSESSMENT:
        deletion.delete(locked, None)
        return locked
    if matter == Matter.MOVE_DAY:
        return _move_day(locked)
    reopened = transitions.apply(locked, None, WorkflowAction.REOPEN_DECISIONS)
    SideWord.objects.filter(assessment=locked).delete()
    notify_memberships(reopened, "assessments.decisions_reopened")
    return reopened


def _delete_files(locked: Assessment) -> None:
    """Delete the stored files, which contain facts only while both sides say yes."""
    Report.objects.filter(assessment=locked).delete()
    SharedFile.objects.filter(assessment=locked).delete()


def _move_day(locked: Assessment) -> Assessment:
    """Move the last day to answer, and delete the words for closing, which count from the new day only."""
    locked.rating_due = guards.words_on(locked, Matter.MOVE_DAY).values_list("day", flat=True)[0]
    locked.rating_closes_at = None
    locked.save(update_fields=["rating_due", "rating_closes_at"])
    SideWord.objects.filter(assessment=locked, matter__in=(Matter.MOVE_DAY, Matter.CLOSE_RATING)).delete()
    activity_log.record(locked.partnership, None, "words.move_day", locked.title)
    notify_memberships(locked, "assessments.due_moved", due=locked.rating_due.isoformat() if locked.rating_due else "")
    return locked


def _settle_removal(locked: Assessment, subject: Membership) -> None:
    at = removal.takes_effect_at(locked, subject)
    if at and at <= timezone.now():
        removal.end_membership(locked, subject)


def _ask_the_other_side(locked: Assessment, matter: str, subject: Membership | None) -> None:
    """Tell who may give the word that is missing, and the person whose membership is to end."""
    if subject and subject.voided_at:
        return
    sides_done = set(guards.words_on(locked, matter, subject).values_list("side", flat=True))
    missing = [side for side in locked.word_sides if side not in sides_done] if sides_done else []
    asked = [membership for side in missing for membership in find_speakers(locked, matter, side, subject)]
    notify_memberships(locked, "assessments.word_asked", asked, url_of(locked, matter, subject), matter=matter)
    if subject and sides_done:
        own_page = reverse("assessments:my-membership", args=[locked.code])
        notify_memberships(locked, "assessments.removal_proposed", [subject], own_page)


def url_of(assessment: Assessment, matter: str, subject: Membership | None = None) -> str:
    """Return the page on which the words about a matter are given."""
    if subject:
        return reverse("assessments:member-words", args=[assessment.code, subject.code])
    return reverse("assessments:side-words", args=[assessment.code, matter])


# --- what time brings


def settle_all_due() -> int:
    """Close what is due and end memberships that are decided; return how many assessments were looked at."""
    closing = Assessment.objects.filter(stage=Stage.RATING, rating_closes_at__lte=timezone.now())
    concerned = closing | Assessment.objects.filter(pk__in=_removals().values("assessment"))
    due = list(concerned.select_related("partnership").order_by("pk"))
    for each in due:
        settle_due(each)
    return len(due)


def _removals():
    return SideWord.objects.filter(matter=Matter.REMOVE_MEMBER, given_at__lte=timezone.now() - guards.ONE_WORD_AFTER)


@transaction.atomic
def settle_due(assessment: Assessment) -> None:
    """Do in one assessment what has become due; a second time, also at the same moment, does nothing."""
    try:
        locked = lock_with_memberships(assessment)
    except Refused:
        return
    if locked.stage == Stage.RATING and locked.rating_closes_at and locked.rating_closes_at <= timezone.now():
        locked = _settle_closing(locked)
    proposed = _removals().filter(assessment=locked).values("subject")
    for subject in Membership.objects.filter(pk__in=proposed).select_related("user").order_by("pk"):
        _settle_removal(locked, subject)


def is_due(assessment: Assessment) -> bool:
    """Say whether the closing day has come and no worker has closed rating yet."""
    at = assessment.rating_closes_at
    return assessment.stage == Stage.RATING and at is not None and at <= timezone.now()


@transaction.atomic
def delete_words(ended: Q) -> None:
    """Delete the words of memberships that end, and tell everyone if a closing day is gone with one.

    The caller holds the partnerships' locks.
    """
    gone = SideWord.objects.filter(ended)
    locked = lock_assessments(gone.values_list("assessment", flat=True))
    gone.delete()
    for each in locked:
        if each.stage == Stage.RATING:
            _settle_closing(each)
