"""Raising a concern to the trusted person, her answer, and the end of both a year after closing.

No concern leaves a line in the trail, a notice, a message for workers or a line in a log: that there is one is known to
its writer and to the trusted person.
"""

from dataclasses import dataclass
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

from assessments.models import Assessment, TrustedPerson
from assessments.models.concern import Concern
from assessments.sealing import public_key, seal, unseal
from assessments.services.steps import NotNow
from partnerships import trail
from partnerships.access import Standing
from partnerships.codes import keyed_hash, keyed_hashes, random_code
from partnerships.models import Role, User
from partnerships.notices import notify

KEPT = timedelta(days=settings.RETENTION["concerns"])  # after closing
LONG, SHORT = 32, 20  # letters: the link's code by mail, the writer's by hand


def current(assessment: Assessment) -> TrustedPerson | None:
    return assessment.trusted.filter(replaced_at=None).first()


@transaction.atomic
def name_person(assessment: Assessment, standing: Standing, name: str, email: str) -> TrustedPerson:
    """Name the trusted person, or another one; every member is told. Her link goes out by mail."""
    if not standing.may(Role.FACILITATOR):
        raise PermissionDenied
    held = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    if is_over(held):
        raise NotNow(_("The year after closing is over."))
    email = email.lower()
    if User.objects.filter(email=email, seats__partnership=held.partnership, seats__voided_at=None).exists():
        raise NotNow(_("This person has a seat here. Name somebody outside the partnership and the grant line."))
    before = current(held)
    if before and (before.name, before.email) == (name, email):
        return before
    held.trusted.filter(replaced_at=None).update(replaced_at=timezone.now(), to_mail="")
    code = random_code(LONG)
    made = TrustedPerson.objects.create(
        assessment=held,
        name=name,
        email=email,
        language=get_language() or "",
        digest=digest(code),
        key=public_key(code),
        to_mail="" if held.partnership.is_rehearsal else code,
    )
    trail.record(held.partnership, standing.any.user, "name_trusted", held.title)
    _tell_everybody(held, name)
    return made


def _tell_everybody(assessment: Assessment, name: str) -> None:
    """Tell every member who is named, each time anew."""
    seats = assessment.partnership.seats.in_force()
    notify(
        "assessments.trusted_named",
        User.objects.filter(seats__in=seats).distinct(),
        url=reverse("assessments:concern", args=[assessment.code]),
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        trusted=name,
    )


def digest(code: str) -> str:
    return keyed_hash("concern", code)


def digests(code: str) -> list[str]:
    return keyed_hashes("concern", code)


def is_over(assessment: Assessment) -> bool:
    return bool(assessment.closed_at and assessment.closed_at < timezone.now() - KEPT)


@transaction.atomic
def raise_concern(assessment: Assessment, text: str) -> str:
    """Seal a concern for the trusted person; return the writer's code, which is kept nowhere."""
    person = current(assessment)
    if person is None or is_over(assessment):
        raise NotNow(_("Nobody is named to whom a concern could go."))
    code = random_code(SHORT)
    Concern.objects.create(
        trusted=person, sealed=seal(person.key, text), writer_digest=digest(code), writer_key=public_key(code)
    )
    return code


@dataclass(frozen=True)
class Read:
    """A concern as the trusted person reads it."""

    id: str
    text: str
    answered: bool


def person_by(code: str) -> TrustedPerson | None:
    return TrustedPerson.objects.select_related("assessment__partnership").filter(digest__in=digests(code)).first()


def read(person: TrustedPerson, code: str) -> list[Read]:
    rows = Concern.objects.filter(trusted=person).order_by("pk")
    return [Read(str(row.pk), unseal(code, row.sealed) or "", row.answer is not None) for row in rows]


@transaction.atomic
def answer(person: TrustedPerson, concern: str, text: str) -> bool:
    """Seal the answer for the writer, once; a second one changes nothing."""
    row = Concern.objects.select_for_update(no_key=True).filter(trusted=person, pk=concern).first()
    if row is None or row.answer is not None:
        return False
    row.answer = seal(row.writer_key, text)
    row.save(update_fields=["answer"])
    return True


def answer_for(code: str) -> tuple[bool, str]:
    """Return whether there is a concern of this code, and the answer to it so far."""
    row = Concern.objects.filter(writer_digest__in=digests(code)).first()
    if row is None:
        return False, ""
    return True, (unseal(code, row.answer) or "") if row.answer is not None else ""


def sweep() -> None:
    """Mail what waits, and erase what had its time. It runs every few seconds anyway, so no log tells of a concern."""
    TrustedPerson.objects.filter(assessment__closed_at__lt=timezone.now() - KEPT).delete()
    for person in TrustedPerson.objects.exclude(to_mail="")[:50]:
        _mail_link(person.pk)
    waiting = Concern.objects.filter(told=False).values_list("trusted", flat=True).distinct()[:50]
    for pk in list(waiting):
        _mail_waiting(pk)


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
            "line to whom any of them can raise a concern, without a name.\n\nConcerns wait on your own page. Nobody "
            "else can open it, and it needs no account. Keep this mail: the link cannot be shown again.\n\n%(link)s"
        )
    if _sent(person, subject, body % {"link": link}):
        TrustedPerson.objects.filter(pk=pk).update(to_mail="")


@transaction.atomic
def _mail_waiting(pk: int) -> None:
    person = TrustedPerson.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk, to_mail="").first()
    if person is None:
        return
    rows = list(Concern.objects.filter(trusted=person, told=False).values_list("pk", flat=True))
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("Something waits for you")
        body = _("Please open the link in the mail by which you were named. Nothing of it is in this mail.")
    if person.assessment.partnership.is_rehearsal or _sent(person, subject, body):
        Concern.objects.filter(pk__in=rows).update(told=True)


def _sent(person: TrustedPerson, subject: str, body: str) -> bool:
    """Send; on failure the next sweep tries again, and no log says so."""
    try:
        EmailMessage(subject, body + "\n", to=[person.email]).send()
    except (SMTPException, OSError):
        return False
    return True
