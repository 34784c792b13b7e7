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

from assessments.models import Assessment, TrustedPerson, TrustedWord
from assessments.sealing import public_key
from assessments.services.notifications import tell
from assessments.workflow.actions import NotNow
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.addresses import canonical
from partnerships.codes import keyed_hash, keyed_hashes, random_code
from partnerships.models import BOTH_SIDES, ActivityLogEntry, Membership, Partnership, Role, Side, User
from partnerships.services import confirmed_addresses

SECOND = ""  # the second word where one side is alone: any other facilitator or representative
MOST_A_DAY = 5  # namings in one assessment
MOST_NAMED, MOST_MAILED = 20, 5  # in a day: by one person, and to one address
LONG = 32  # letters of her link's code


def current(assessment: Assessment) -> TrustedPerson | None:
    """Return who receives concerns now."""
    return assessment.trusted.confirmed().first()


def proposed(assessment: Assessment) -> TrustedPerson | None:
    """Return who is named and not confirmed yet."""
    return assessment.trusted.proposed().first()


def digest(code: str) -> str:
    return keyed_hash("concern", code)


def digests(code: str) -> list[str]:
    return keyed_hashes("concern", code)


def is_over(assessment: Assessment) -> bool:
    """Return whether the time for concerns, a year after closing, is over."""
    kept = timedelta(days=settings.RETENTION["concerns"])
    return bool(assessment.closed_at and assessment.closed_at < timezone.now() - kept)


# --- the words of the sides


def wanted(partnership: Partnership) -> set[str]:
    """Return whose words a naming needs: both sides', or the only side's and a second person's."""
    sides = set(partnership.partners.filter(left_at=None).values_list("side", flat=True)) & set(BOTH_SIDES)
    return sides if len(sides) > 1 else {*sides, SECOND} if sides else {Side.OTHER.value, SECOND}


def speakers(partnership: Partnership, side: str) -> list[Membership]:
    """Return who can give a side's word: its facilitators or, where it has none, its representatives."""
    memberships = partnership.memberships.in_force().filter(role__in=(Role.FACILITATOR, Role.REPRESENTATIVE))
    memberships = memberships.select_related("user", "partner")
    if side == SECOND:
        return list(memberships)
    of_side = list(memberships.filter(partner__side=side))
    return [membership for membership in of_side if membership.role == Role.FACILITATOR] or of_side


def missing(person: TrustedPerson) -> list[str]:
    """Return the sides whose word is missing."""
    given = set(person.words.values_list("side", flat=True))
    return sorted(wanted(person.assessment.partnership) - given, reverse=True)


def membership_to_speak(person: TrustedPerson, user: User) -> tuple[str, Membership] | None:
    """Return for which side this member can give a word now, and from which membership; nobody gives two."""
    if person.key is not None or person.words.filter(by=user).exists():
        return None
    found = [
        (side, membership)
        for side in missing(person)
        for membership in speakers(person.assessment.partnership, side)
        if membership.user_id == user.pk
    ]
    return min(found, key=lambda one: one[1].role != Role.FACILITATOR, default=None)


@transaction.atomic
def give_word(assessment: Assessment, member: MemberRoles, mark: str) -> None:
    """Confirm the person who was shown, for one's side; with the last word her link is made and mailed."""
    held = _hold(assessment)
    person = proposed(held)
    if person is None or person.mark != mark:
        raise NotNow(_("Someone else was named in the meantime. Read who it is now."))
    _refuse_member(held.partnership, person.email)
    if person.words.filter(by=member.any.user).exists():
        return
    found = membership_to_speak(person, member.any.user)
    if found is None:
        raise NotNow(_("Your side has already confirmed this person, or one of its facilitators has to."))
    _write_word(person, *found)
    activity_log.record(held.partnership, member.any.user, "trusted_word", held.title)
    if not missing(person):
        _make_link(person)


def _write_word(person: TrustedPerson, side: str, membership: Membership) -> None:
    TrustedWord.objects.create(trusted=person, side=side, membership=membership, by=membership.user)


def _make_link(person: TrustedPerson) -> None:
    """Make her link, to be mailed. In a rehearsal nothing is mailed, so that the pretend person confirms at once."""
    code = random_code(LONG)
    person.digest, person.key = digest(code), public_key(code)
    person.to_mail = "" if person.assessment.partnership.is_rehearsal else code
    person.save(update_fields=["digest", "key", "to_mail"])
    if person.assessment.partnership.is_rehearsal:
        _take_office(person, person.name, _("Pretend person of this rehearsal"))


# --- naming, and what she says herself


@transaction.atomic
def name_person(assessment: Assessment, member: MemberRoles, name: str, email: str) -> TrustedPerson:
    """Propose a trusted person, or another one; every member is told. The one before stays until she is confirmed."""
    if not member.may(Role.FACILITATOR):
        raise PermissionDenied
    held = _hold(assessment)
    email = canonical(email)
    _refuse_member(held.partnership, email)
    for before in held.trusted.filter(name=name, email=email, replaced_at=None):
        if before.confirmed_at or before.key is None or before.to_mail:
            return before
    _refuse_often(held, member.any.user, email)
    held.trusted.proposed().update(replaced_at=timezone.now(), to_mail="")
    made = TrustedPerson.objects.create(assessment=held, name=name, email=email, language=get_language() or "")
    if found := membership_to_speak(made, member.any.user):
        _write_word(made, *found)
    activity_log.record(held.partnership, member.any.user, "name_trusted", held.title)
    _tell_everybody(made, "assessments.trusted_named")
    return made


@transaction.atomic
def confirm(person: TrustedPerson, name: str, role: str) -> bool:
    """Keep who she says she is; from now on she receives concerns. Again: nothing changes."""
    held = _hold(person.assessment)
    waits = held.trusted.proposed().filter(pk=person.pk, key__isnull=False).first()
    if waits is None:
        return False
    _refuse_member(held.partnership, waits.email)
    _take_office(waits, name, role)
    return True


def _take_office(person: TrustedPerson, name: str, role: str) -> None:
    now = timezone.now()
    person.assessment.trusted.confirmed().update(replaced_at=now, to_mail="")
    person.own_name, person.own_role, person.confirmed_at = name, role, now
    person.save(update_fields=["own_name", "own_role", "confirmed_at"])
    activity_log.record(person.assessment.partnership, None, "confirm_trusted", person.assessment.title)
    _tell_everybody(person, "assessments.trusted_confirmed")


def _hold(assessment: Assessment) -> Assessment:
    """Let one change of the trusted person happen at a time."""
    held = Assessment.objects.select_for_update(no_key=True, of=("self",)).select_related("partnership")
    found = held.get(pk=assessment.pk)
    if is_over(found):
        raise NotNow(_("The year after closing is over."))
    return found


def _refuse_member(partnership: Partnership, email: str) -> None:
    """Refuse an address of somebody who takes part, or waits to."""
    if (
        confirmed_addresses.accounts_of(email)
        .filter(memberships__partnership=partnership, memberships__voided_at=None)
        .exists()
    ):
        raise NotNow(_("This person has a seat here. Name somebody outside the partnership and the grant line."))


def _refuse_often(assessment: Assessment, by: User, email: str) -> None:
    """Refuse to name again and again: each time every member gets a mail, and in the end the person."""
    since = timezone.now() - timedelta(days=1)
    named = ActivityLogEntry.objects.filter(actor=by, verb="name_trusted", at__gt=since).count()
    mailed = TrustedPerson.objects.filter(email=email, named_at__gt=since).count()
    here = assessment.trusted.filter(named_at__gt=since).count()
    if here >= MOST_A_DAY or named >= MOST_NAMED or mailed >= MOST_MAILED:
        raise NotNow(_("A person was named often today. Please go on tomorrow."))


def _tell_everybody(person: TrustedPerson, kind: str) -> None:
    assessment = person.assessment
    tell(
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
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("You are named as a person whom people can trust")
        body = _(
            "Organisations that work together look at who decides what. They named you as the person outside the grant "
            "line to whom any of them can raise a concern, without a name.\n\nOpen the link, and say who you are. All "
            "of them see your name, your role and this e-mail address. Only then can they raise concerns.\n\nConcerns "
            "wait on your own page. Nobody else can open it, and it needs no account. Keep this mail: the link cannot "
            "be shown again.\n\n%(link)s"
        )
    if send(person, subject, body % {"link": link}):
        TrustedPerson.objects.filter(pk=pk).update(to_mail="")


def send(person: TrustedPerson, subject: str, body: str) -> bool:
    """Send, and say whether it went out; no log says so."""
    try:
        EmailMessage(subject, body + "\n", to=[person.email]).send()
    except (SMTPException, OSError):
        return False
    return True
