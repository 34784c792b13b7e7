"""Raising a concern to the trusted person, her answer, and the end of both a year after closing.

No concern leaves a line in the activity log, a notification, a message for workers or a line in a log: that there is
one is known to its writer and to the trusted person. Nor can the rows be brought into an order: with each one the
database writes all of them anew (a trigger).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, TrustedPerson
from assessments.models.concern import Concern, ConcernMail
from assessments.sealing import public_key, seal, unseal
from assessments.services.safeguards import trusted_person
from assessments.services.safeguards.trusted_person import code_digest, code_digests
from assessments.workflow.locking import lock_concerns
from partnerships.codes import random_code
from partnerships.services import Refused

RETENTION_PERIOD = timedelta(days=settings.RETENTION["concerns"])  # after closing
SHORT = 20  # letters of the code that a writer copies by hand


@transaction.atomic
def raise_concern(assessment: Assessment, text: str, mark: str) -> str:
    """Seal a concern for the trusted person who was shown; return the writer's code, which is kept nowhere."""
    person = trusted_person.confirmed_person(assessment)
    if person is None or person.key is None or trusted_person.is_over(assessment):
        raise Refused(_("No trusted person for concerns has been named yet."))
    if person.mark != mark:
        raise Refused(
            _("The trusted person has changed, so your concern has not been sent. First check who the new person is.")
        )
    lock_concerns()
    code = random_code(SHORT)
    ConcernMail.objects.bulk_create([ConcernMail(trusted=person)], ignore_conflicts=True)
    Concern.objects.create(
        trusted=person, sealed=seal(person.key, text), writer_digest=code_digest(code), writer_key=public_key(code)
    )
    return code


@dataclass(frozen=True)
class Read:
    """A concern as the trusted person reads it."""

    id: str
    text: str
    answered: bool


def find_person(code: str) -> TrustedPerson | None:
    return TrustedPerson.objects.select_related("assessment__partnership").filter(digest__in=code_digests(code)).first()


def read_concerns(person: TrustedPerson, code: str) -> list[Read]:
    rows = Concern.objects.filter(trusted=person).order_by("pk")
    return [Read(str(row.pk), unseal(code, row.sealed) or "", row.answer is not None) for row in rows]


@transaction.atomic
def answer_concern(person: TrustedPerson, concern: str, text: str) -> bool:
    """Seal the answer for the writer, once; a second one changes nothing."""
    lock_concerns()
    row = Concern.objects.filter(trusted=person, pk=concern).first()
    if row is None or row.answer is not None:
        return False
    row.answer = seal(row.writer_key, text)
    row.save(update_fields=["answer"])
    return True


def find_answer(code: str) -> tuple[bool, str]:
    """Return whether there is a concern of this code, and the answer to it so far."""
    row = Concern.objects.filter(writer_digest__in=code_digests(code)).first()
    if row is None:
        return False, ""
    return True, (unseal(code, row.answer) or "") if row.answer is not None else ""


def send_due_mails() -> None:
    """Send the e-mails that are due, and delete concerns a year after closing. No log tells of a concern."""
    _erase_old()
    trusted_person.mail_links()
    for pk in list(ConcernMail.objects.values_list("pk", flat=True)[:50]):
        _mail_waiting(pk)


@transaction.atomic
def _erase_old() -> None:
    lock_concerns()
    TrustedPerson.objects.filter(assessment__closed_at__lt=timezone.now() - RETENTION_PERIOD).delete()


@transaction.atomic
def _mail_waiting(pk: int) -> None:
    waits = ConcernMail.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(
        pk=pk, trusted__to_mail=""
    )
    row = waits.select_related("trusted__assessment__partnership").first()
    if row is None:
        return
    person = row.trusted
    if person.assessment.partnership.is_rehearsal or trusted_person.send_mail(person, "concern"):
        row.delete()
