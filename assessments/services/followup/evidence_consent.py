"""Asking each organisation whether its closed assessment may be counted in the evidence base."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import fact_list
from assessments.models import Assessment, EvidenceConsent, Participant, Stage
from assessments.services.followup.closing import participant_of
from partnerships.access import MemberRoles
from partnerships.services import Refused
from partnerships.task_sending import send_task

STAGES = (Stage.FINAL_REVIEW, Stage.CLOSED)
REFRESH = "community.tasks.refresh_evidence"


def is_asked(assessment: Assessment, member: MemberRoles) -> bool:
    """Say whether this person answers for an organisation now."""
    if assessment.partnership.is_rehearsal or assessment.stage not in STAGES:
        return False
    return participant_of(assessment, member) is not None


def has_facts(assessment: Assessment) -> bool:
    """Say whether the assessment uses facts of which the evidence base can count sides' shares."""
    return assessment.facts.filter(key__in=fact_list.SHARED).exists()


def own_answer(assessment: Assessment, member: MemberRoles) -> EvidenceConsent | None:
    """Return this person's own answer; None if there is no answer yet. Nobody reads the answers of others."""
    membership = member.represents
    rows = EvidenceConsent.objects.filter(participant__assessment=assessment, membership=membership)
    return rows.first() if membership else None


@transaction.atomic
def save_answer(assessment: Assessment, member: MemberRoles, agreed: bool, facts: bool | None = None) -> None:
    """Save a representative's answer, without a notification, a log line or an entry in the activity log.

    `facts` is the answer about facts. None leaves an earlier one, except that without a yes there is none.
    """
    membership, participant = member.represents, _participant(assessment, member)
    if membership is None:
        raise PermissionDenied
    about_facts = {"facts": facts} if agreed and facts is not None else {} if agreed else {"facts": None}
    EvidenceConsent.objects.update_or_create(
        participant=participant,
        membership=membership,
        defaults={"agreed": agreed, "answered_at": timezone.now(), **about_facts},
    )
    if not agreed or facts is False:
        transaction.on_commit(refresh_evidence, robust=True)


def _participant(assessment: Assessment, member: MemberRoles) -> Participant:
    participant = participant_of(assessment, member)
    if participant is None:
        raise Refused(_("Your organisation was not part of this assessment when it opened."))
    if assessment.partnership.is_rehearsal:
        raise Refused(
            _(
                "This is a rehearsal, so it cannot be counted in the evidence base. In a real assessment, we would "
                "ask for your consent on this page."
            )
        )
    if assessment.stage not in STAGES:
        raise Refused(_("We will ask for your consent on this page during the final review and after closing."))
    return participant


def refresh_evidence() -> None:
    """Ask for a refresh of the evidence base, which hides what a withdrawn yes counted in."""
    send_task(REFRESH)
