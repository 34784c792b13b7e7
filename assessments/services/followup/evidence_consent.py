"""Asking each organisation whether its closed assessment may be counted in the evidence base."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, EvidenceConsent, Participant, Stage
from assessments.services.followup.closing import participant_of
from partnerships.access import MemberRoles
from partnerships.messages import send_task
from partnerships.services import Refused

STAGES = (Stage.READBACK, Stage.CLOSED)
REFRESH = "community.tasks.refresh_evidence"


def is_asked(assessment: Assessment, member: MemberRoles) -> bool:
    """Say whether this person answers for an organisation now."""
    if assessment.partnership.is_rehearsal or assessment.stage not in STAGES:
        return False
    return participant_of(assessment, member) is not None


def own_answer(assessment: Assessment, member: MemberRoles) -> bool | None:
    """Return this person's own yes or no; None if there is no answer yet. Nobody reads the answers of others."""
    membership = member.represents
    rows = EvidenceConsent.objects.filter(participant__assessment=assessment, membership=membership)
    return rows.values_list("agreed", flat=True).first() if membership else None


@transaction.atomic
def answer(assessment: Assessment, member: MemberRoles, agreed: bool) -> None:
    """Save a representative's answer, without a notification, a log line or an entry in the activity log."""
    membership, participant = member.represents, _participant(assessment, member)
    if membership is None:
        raise PermissionDenied
    EvidenceConsent.objects.update_or_create(
        participant=participant, membership=membership, defaults={"agreed": agreed, "answered_at": timezone.now()}
    )
    if not agreed:
        transaction.on_commit(refresh_evidence, robust=True)


def _participant(assessment: Assessment, member: MemberRoles) -> Participant:
    participant = participant_of(assessment, member)
    if participant is None:
        raise Refused(_("Your organisation was not part of this assessment when it opened."))
    if assessment.partnership.is_rehearsal:
        raise Refused(
            _("This is a rehearsal, so there is nothing to count. In a real assessment, we ask you on this page.")
        )
    if assessment.stage not in STAGES:
        raise Refused(_("We ask you on this page during the final review and after closing."))
    return participant


def refresh_evidence() -> None:
    """Ask for a refresh of the evidence base, which hides what a withdrawn yes counted in."""
    send_task(REFRESH)
