"""Naming the trusted person: a facilitator names, both sides give their word, and she says who she is.

One person alone can do none of it: two people give the words, and the link goes to the address that all members see.
"""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.models import SECOND, Assessment, TrustedPerson, TrustedWord, deciding_sides
from assessments.sealing import public_key
from assessments.services.notifications import notify_memberships
from assessments.services.safeguards.speakers import speakers_of
from assessments.workflow.locking import lock_assessment
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.addresses import canonical
from partnerships.codes import keyed_hash, keyed_hashes, random_code
from partnerships.mail_texts import render_mail
from partnerships.models import ActivityLogEntry, Membership, Partnership, Role, User
from partnerships.services import Refused, confirmed_addresses

NO_SIDE = ""  # in `TrustedWord.side`: the word of a second person, where one side is alone
MOST_A_DAY = 5  # namings in one assessment
MOST_NAMED, MOST_MAILED = 20, 5  # in a day: by one person, and to one address
LONG = 32  # letters of her link's code


def confirmed_person(assessment: Assessment) -> TrustedPerson | None:
    """Return who receives concerns now."""
    return assessment.trusted.confirmed().first()


def proposed_person(assessment: Assessment) -> TrustedPerson | None:
    """Return who is named and not confirmed yet."""
    return assessment.trusted.proposed().first()


def code_digest(code: str) -> str:
    """Return what the database keeps of a code that opens concerns."""
    return keyed_hash("concern", code)


def code_digests(code: str) -> list[str]:
    """Return the digest of a code, and what it was under the server's former secrets."""
    return keyed_hashes("concern", code)


def is_over(assessment: Assessment) -> bool:
    """Return whether the time for concerns, a year after closing, is over."""
    kept_for = timedelta(days=settings.RETENTION["concerns"])
    return bool(assessment.closed_at and assessment.closed_at < timezone.now() - kept_for)


# --- the words of the sides


def _sides(assessment: Assessment) -> dict[int, str]:
    """Return the side of each partner that is there now: a trusted person serves them also after closing."""
    sides = assessment.partnership.partners.filter(left_at=None).values_list("pk", "side")
    return {partner: side for partner, side in sides if side}


def sides_to_ask(assessment: Assessment) -> set[str]:
    """Return the sides whose words a naming needs, as `TrustedWord.side` stores them."""
    return {NO_SIDE if side == SECOND else side for side in deciding_sides(_sides(assessment).values())}


def find_speakers(assessment: Assessment, side: str) -> list[Membership]:
    """Return who can give the word of a side, or the second word of a single side."""
    return speakers_of(assessment, side or SECOND, _sides(assessment))


def missing_sides(person: TrustedPerson) -> list[str]:
    """Return the sides whose word is missing."""
    sides = set(person.words.values_list("side", flat=True))
    return sorted(sides_to_ask(person.assessment) - sides, reverse=True)


def membership_to_speak(person: TrustedPerson, user: User) -> tuple[str, Membership] | None:
    """Return for which side this member can give a word now, and from which membership; nobody gives two."""
    if person.key is not None or person.words.filter(by=user).exists():
        return None
    possible = [
        (side, membership)
        for side in missing_sides(person)
        for membership in find_speakers(person.assessment, side)
        if membership.user_id == user.pk
    ]
    return min(possible, key=lambda pair: pair[1].role != Role.FACILITATOR, default=None)


@transaction.atomic
def confirm_for_side(assessment: Assessment, member: MemberRoles, mark: str) -> None:
    """Confirm the person who was shown, for one's side; with the last word her link is made and mailed."""
    locked = _lock(assessment)
    person = proposed_person(locked)
    if person is None or person.mark != mark:
        raise Refused(
            _("Someone else has been named since you opened this page. Please first check who this person is.")
        )
    _refuse_member(locked.partnership, person.email)
    if person.words.filter(by=member.any.user).exists():
        return
    speaker = membership_to_speak(person, member.any.user)
    if speaker is None:
        raise Refused(
            _("Your side may already have confirmed this person. If not, only a facilitator from your side can do so.")
        )
    _write_word(person, *speaker)
    activity_log.record(locked.partnership, member.any.user, "trusted_word", locked.title)
    if not missing_sides(person):
        _make_link(person)


def _write_word(person: TrustedPerson, side: str, membership: Membership) -> None:
    TrustedWord.objects.create(trusted=person, side=side, membership=membership, by=membership.user)


def _make_link(person: TrustedPerson) -> None:
    """Make her link, to be mailed. In a rehearsal nothing is mailed, so that the pretend person confirms at once."""
    code = random_code(LONG)
    person.digest, person.key = code_digest(code), public_key(code)
    person.to_mail = "" if person.assessment.partnership.is_rehearsal else code
    person.save(update_fields=["digest", "key", "to_mail"])
    if person.assessment.partnership.is_rehearsal:
        _take_office(person, person.name, _("Invented person in this rehearsal"))


# --- naming, and what she says herself


@transaction.atomic
def name_person(assessment: Assessment, member: MemberRoles, name: str, email: str) -> TrustedPerson:
    """Propose a trusted person, or another one; every member is told. The one before stays until she is confirmed."""
    if not member.may(Role.FACILITATOR):
        raise PermissionDenied
    locked = _lock(assessment)
    email = canonical(email)
    _refuse_member(locked.partnership, email)
    for before in locked.trusted.filter(name=name, email=email, replaced_at=None):
        if before.confirmed_at or before.key is None or before.to_mail:
            return before
    _refuse_often(locked, member.any.user, email)
    locked.trusted.proposed().update(replaced_at=timezone.now(), to_mail="")
    made = TrustedPerson.objects.create(assessment=locked, name=name, email=email, language=get_language() or "")
    if speaker := membership_to_speak(made, member.any.user):
        _write_word(made, *speaker)
    activity_log.record(locked.partnership, member.any.user, "name_trusted", locked.title)
    _tell_everybody(made, "assessments.trusted_named")
    return made


@transaction.atomic
def confirm_person(person: TrustedPerson, name: str, role: str) -> bool:
    """Save who the trusted person says she is; she receives concerns from now on. A second time changes nothing."""
    locked = _lock(person.assessment)
    waits = locked.trusted.proposed().filter(pk=person.pk, key__isnull=False).first()
    if waits is None:
        return False
    _refuse_member(locked.partnership, waits.email)
    _take_office(waits, name, role)
    return True


def _take_office(person: TrustedPerson, name: str, role: str) -> None:
    now = timezone.now()
    person.assessment.trusted.confirmed().update(replaced_at=now, to_mail="")
    person.own_name, person.own_role, person.confirmed_at = name, role, now
    person.save(update_fields=["own_name", "own_role", "confirmed_at"])
    activity_log.record(person.assessment.partnership, None, "confirm_trusted", person.assessment.title)
    _tell_everybody(person, "assessments.trusted_confirmed")


def _lock(assessment: Assessment) -> Assessment:
    """Lock the assessment, so that its trusted person changes once at a time; refused a year after closing."""
    locked = lock_assessment(assessment)
    if is_over(locked):
        raise Refused(
            _("You can no longer raise a concern, because more than one year has passed since the assessment closed.")
        )
    return locked


def _refuse_member(partnership: Partnership, email: str) -> None:
    """Refuse an address of somebody who takes part, or waits to."""
    if (
        confirmed_addresses.accounts_of(email)
        .filter(memberships__partnership=partnership, memberships__voided_at=None)
        .exists()
    ):
        raise Refused(
            _(
                "This person is a member of this partnership. Nominate someone outside the partnership who is "
                "independent of its funding."
            )
        )


def _refuse_often(assessment: Assessment, by: User, email: str) -> None:
    """Refuse too many namings in a day, since each one sends an e-mail to every member."""
    since = timezone.now() - timedelta(days=1)
    named = ActivityLogEntry.objects.filter(actor=by, verb="name_trusted", at__gt=since).count()
    mailed = TrustedPerson.objects.filter(email=email, named_at__gt=since).count()
    here = assessment.trusted.filter(named_at__gt=since).count()
    if here >= MOST_A_DAY or named >= MOST_NAMED or mailed >= MOST_MAILED:
        raise Refused(_("Too many nominations have been made today. Please try again tomorrow."))


def _tell_everybody(person: TrustedPerson, kind: str) -> None:
    assessment = person.assessment
    notify_memberships(
        assessment,
        kind,
        url=reverse("assessments:concern", args=[assessment.code]),
        trusted=str(person),
        role=person.own_role,
        address=person.email,
    )


# --- her mails


def mail_links() -> None:
    """Mail the links that wait; on failure the next sweep tries again."""
    for person in TrustedPerson.objects.exclude(to_mail="")[:50]:
        _mail_link(person.pk)


@transaction.atomic
def _mail_link(pk: int) -> None:
    locked = TrustedPerson.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    person = locked.select_related("assessment").filter(pk=pk).exclude(to_mail="").first()
    if person is None:
        return
    link = settings.BASE_URL + reverse("assessments:concern-read", args=[person.to_mail])
    if send_mail(person, "trusted_person", link=link):
        TrustedPerson.objects.filter(pk=pk).update(to_mail="")


def send_mail(person: TrustedPerson, name: str, **facts: str) -> bool:
    """Send a text of `templates/assessments/mail` in her language, and say whether it went out; no log says so."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject, body = render_mail(f"assessments/mail/{name}.txt", facts)
    try:
        EmailMessage(subject, body + "\n", to=[person.email]).send()
    except (SMTPException, OSError):
        return False
    return True
