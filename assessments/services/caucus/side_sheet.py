"""One open answer per side: written by whoever represents it, read by that side alone until rating closes.

Nothing in this module keeps who wrote or when, and nothing writes to the activity log. A cell that somebody of the side
changed meanwhile is not overwritten; both answers are shown to the person, who chooses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, Mode, Participant
from assessments.models.caucus import CaucusAgreement, CaucusLevel
from assessments.services.rating.private_answers import participant_of
from assessments.workflow.locking import share_open_rating
from partnerships.access import MemberRoles
from partnerships.models import Membership
from partnerships.services import Refused


@dataclass(frozen=True)
class Answer:
    """What somebody of a side wants an answer to be, and the version she saw (0: none); no participant: agreement."""

    participant: int | None
    base_version: int
    value: int | bool | None


@dataclass(frozen=True)
class SideConflict:
    """An answer that somebody of the side changed meanwhile: what stands, and what this person wanted."""

    participant: int | None
    wanted: int | bool | None


@dataclass(frozen=True)
class SideAnswer:
    """An answer as the side has it now; version 0: not answered yet."""

    value: int | bool | None = None
    version: int = 0


@dataclass
class SideSheet:
    """One decision as one side answers it: by the partner's number, and the agreement."""

    levels: dict[int, SideAnswer] = field(default_factory=dict)
    agreement: SideAnswer = SideAnswer()


def side_of(assessment: Assessment, member: MemberRoles) -> str | None:
    """Return the side whose sheet this person shares: that of the organisation she represents, as it was fixed."""
    membership = member.represents
    if membership is None:
        return None
    return assessment.participants.filter(partner=membership.partner_id).values_list("side", flat=True).first()


def own_side(assessment: Assessment, membership: Membership) -> str:
    """Return the side of a representative who answers; raise Refused if her organisation is not part of it."""
    return str(participant_of(assessment, membership).side)


@transaction.atomic
def save(assessment: Assessment, membership: Membership, number: int, answers: Sequence[Answer]) -> list[SideConflict]:
    """Write answers of one decision onto the sheet of the person's side; return those that met a newer one."""
    hold_open(assessment)
    side = own_side(assessment, membership)
    decision = assessment.decisions.active().select_for_update(no_key=True).filter(number=number).first()
    if decision is None:
        raise Http404
    participants = dict(assessment.participants.values_list("number", "pk"))
    conflicts = [conflict for answer in answers if (conflict := _write(decision, side, participants, answer))]
    return conflicts


def hold_open(assessment: Assessment) -> None:
    """Keep rating from being closed until this transaction ends; raise Refused if no side answers now."""
    if share_open_rating(assessment) != Mode.CAUCUS:
        raise Refused(_("The sides cannot answer now. Your answer was not saved."))


def _write(decision: Decision, side: str, participants: dict[int, int], answer: Answer) -> SideConflict | None:
    cell: dict[str, Any]
    model: Any
    if answer.participant is None:
        cell, model, name = {"decision": decision, "side": side}, CaucusAgreement, "agree"
    else:
        about = {"participant_id": _participant_id(participants, answer.participant)}
        cell, model, name = {"decision": decision, "side": side, **about}, CaucusLevel, "level"
    row = model.objects.filter(**cell).first() or model(**cell, version=0)
    if row.version and getattr(row, name) == answer.value:
        return None
    if answer.base_version != row.version:
        return SideConflict(answer.participant, answer.value)
    setattr(row, name, answer.value)
    row.version += 1
    row.save()
    return None


def _participant_id(participants: dict[int, int], number: int) -> int:
    if number not in participants:
        raise Http404
    return participants[number]


def sheet(decision: Decision, side: str) -> SideSheet:
    """Return one side's answers to one decision. Only for people of that side while rating is open."""
    levels = decision.caucus_levels.filter(side=side).values_list("participant__number", "level", "version")
    agreement = decision.caucus_agreements.filter(side=side).values_list("agree", "version").first()
    return SideSheet(
        {number: SideAnswer(level, version) for number, level, version in levels}, SideAnswer(*(agreement or ()))
    )


def version(assessment: Assessment, side: str) -> str:
    """Return the version of a side's sheet: the sum of its answers' versions, since no answer is ever deleted."""
    rows = {"decision__assessment": assessment, "side": side}
    sums = [
        model.objects.filter(**rows).aggregate(n=Sum("version", default=0))["n"]
        for model in (CaucusLevel, CaucusAgreement)
    ]
    return f"{assessment.stage}-{sum(sums)}"


def complete(assessment: Assessment, side: str) -> set[int]:
    """Return the numbers of the decisions to which a side has given every answer, “we don't know” included."""
    rows = {"decision__in": assessment.decisions.active(), "side": side}
    agreed = set(CaucusAgreement.objects.filter(**rows).values_list("decision__number", flat=True))
    counts = CaucusLevel.objects.filter(**rows).values_list("decision__number").annotate(n=Count("pk"))
    asked = assessment.participants.count()
    return {number for number, n in counts if n >= asked and number in agreed}


def alone(participants: Sequence[Participant], side: str) -> bool:
    """Say whether a side has one organisation only, so that the side's answer is that organisation's."""
    return sum(participant.side == side for participant in participants) == 1
