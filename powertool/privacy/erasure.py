"""Erasing a person, composed from each app's services: in one transaction, and once."""

import logging
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.models import TrustedPerson
from assessments.services import erasure as of_assessments
from community.services import erasure as of_community
from partnerships.models import User
from partnerships.services import erasure as of_partnerships
from partnerships.services.refusal import Refused

log = logging.getLogger(__name__)
BY_HERSELF, BY_TIME = "person.erased", "person.expired"  # verbs of the activity log


@dataclass(frozen=True)
class Obstacle:
    """Something that the person has to do first, and where."""

    says: str
    url: str


def obstacles(user: User) -> list[Obstacle]:
    """Return what prevents an erasure: others would lose their only facilitator or their only coordinator."""
    of_facilitator = [
        Obstacle(
            _("You are the only facilitator of “%(partnership)s”. Invite another facilitator first.")
            % {"partnership": partnership.name},
            reverse("partnerships:people", args=[partnership.code]),
        )
        for partnership in of_partnerships.led_alone(user)
        if of_assessments.blocks(partnership)
    ]
    return of_facilitator + [
        Obstacle(
            _("You are the only coordinator of the working group “%(group)s”. Make someone else a coordinator first.")
            % {"group": group},
            group.get_absolute_url(),
        )
        for group in of_community.led_alone(user)
    ]


@dataclass(frozen=True)
class Preview:
    """What the erasure of this person deletes and changes, beside what holds for everyone."""

    obstacles: list[Obstacle]
    goes: list[str]  # partnerships
    shrinks: list[str]  # assessments
    named: list[str]  # assessments that name her address as the trusted person's


def preview(user: User) -> Preview:
    named = TrustedPerson.objects.filter(email__in=of_partnerships.addresses(user)).select_related("assessment")
    return Preview(
        obstacles=obstacles(user),
        goes=[str(partnership) for partnership in of_assessments.goes_with(user)],
        shrinks=[str(assessment) for assessment in of_assessments.answered(user)],
        named=[str(person.assessment) for person in named],
    )


def erase_person(user: User, verb: str = BY_HERSELF) -> bool:
    """Erase a person. Return False if she was erased before. Raise Refused with what she has to do first.

    If something of hers is written at the same moment, the erasure is tried once more.
    """
    try:
        return _erase(user.pk, verb)
    except IntegrityError:
        return _erase(user.pk, verb)


@transaction.atomic
def _erase(pk: int, verb: str) -> bool:
    of_partnerships.lock_partnerships(User(pk=pk))
    user = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if user is None:
        return False
    if user.pretend_in_id:
        raise Refused(_("You cannot delete an invented person. Delete the rehearsal instead."))
    if left_to_do := obstacles(user):
        raise Refused(" ".join(obstacle.says for obstacle in left_to_do))
    goodbye = _goodbye(user, verb)
    of_community.erase(user)
    of_assessments.erase(user)
    of_partnerships.end_sessions(user)
    of_partnerships.erase(user, verb)
    if goodbye:
        transaction.on_commit(lambda: _send(goodbye))
    return True


def _goodbye(user: User, verb: str) -> EmailMessage | None:
    """Return the e-mail that confirms the erasure, in her language, or None without a confirmed address.

    It waits in memory only, since her address is stored nowhere any more.
    """
    if user.email not in of_partnerships.addresses(user):
        return None
    with translation.override(user.language or settings.LANGUAGE_CODE):
        facts = {"by_time": verb == BY_TIME, "operator": settings.OPERATOR_EMAIL}
        text = render_to_string("privacy/mail/erased.txt", facts).strip()
    subject, body = text.split("\n", 1)
    return EmailMessage(subject, body.strip() + "\n", to=[str(user.email)])


def _send(goodbye: EmailMessage) -> None:
    """Send it once. If it fails, nothing is stored: neither the e-mail nor her address."""
    try:
        goodbye.send()
    except (SMTPException, OSError) as error:
        log.warning("The mail that confirms an erasure did not go out: %s", type(error).__name__)
