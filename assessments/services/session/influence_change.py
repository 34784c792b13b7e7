"""“Compared with last time: more, the same, less say?” Each organisation answers for itself, in the open."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, InfluenceChange, Participant
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.services import Refused


def before(assessment: Assessment) -> Assessment | None:
    """Return the assessment that this one is compared with: the one before, in the same partnership."""
    predecessor = assessment.predecessor
    return predecessor if predecessor and predecessor.partnership_id == assessment.partnership_id else None


def askable(assessment: Assessment, member: MemberRoles) -> list[Participant]:
    """Return whose answer this person may give: her own organisation's; a facilitator may enter each one's."""
    earlier = before(assessment)
    if earlier is None:
        return []
    there = assessment.participants.filter(partner__in=earlier.participants.values("partner"))
    if member.is_facilitator:
        return list(there)
    membership = member.represents
    return list(there.filter(partner=membership.partner_id)) if membership else []


def decisions_of(assessment: Assessment) -> list[Decision]:
    """Return the decisions that both assessments have."""
    earlier = before(assessment)
    rows = assessment.decisions.active().filter(predecessor__assessment=earlier, number__isnull=False)
    return list(rows.order_by("number")) if earlier else []


@transaction.atomic
def say(
    assessment: Assessment, member: MemberRoles, participant: int, answers: Mapping[int | None, tuple[str, int]]
) -> int:
    """Keep an organisation's answers by decision number (None: over all), each with the version that was seen.

    All of them or none: an answer that somebody changed meanwhile is not overwritten. Return how many changed.
    """
    locked = lock_and_require(assessment, member, WorkflowAction.SAY_SINCE)
    if before(locked) is None:
        raise Refused(_("There is no earlier assessment."))
    own = {one.number: one for one in askable(locked, member)}
    if participant not in own:
        raise PermissionDenied
    numbers: dict[int | None, Decision | None] = {one.number: one for one in decisions_of(locked)} | {None: None}
    stands = {
        row.decision and row.decision.number: row
        for row in own[participant].influence_changes.select_related("decision")
    }
    changed = 0
    for number, (answer, seen) in answers.items():
        row = stands.get(number)
        if number not in numbers or answer not in InfluenceChange.Answer or (row and row.answer == answer):
            continue
        if seen != (row.version if row else 0):
            raise Refused(
                _(
                    "Someone else has answered for this organisation since you opened this page. Your answer was not "
                    "saved. Check the new answer, and try again."
                )
            )
        _write(
            row or InfluenceChange(participant=own[participant], decision=numbers[number], version=0), answer, member
        )
        changed += 1
    return changed


def _write(row: InfluenceChange, answer: str, member: MemberRoles) -> None:
    user = member.any.user
    row.answer, row.version, row.at = answer, row.version + 1, timezone.now()
    row.by, row.name = user, user.get_full_name()
    row.save()
