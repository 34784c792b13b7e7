"""A representative's own answers: saved one by one, safe against replays, two devices and two tabs.

Only the person herself reads what is here. Nothing in this module writes to the activity log.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, Mode, Participant
from assessments.models.caucus import CaucusAgreement, CaucusLevel
from assessments.models.limits import LONGEST_REASON
from assessments.models.private import (
    AnswerCode,
    AnswerEvent,
    HandIn,
    PrivateAgreement,
    Rater,
    Rating,
    ReasonUse,
    Submission,
)
from assessments.scoring.levels import LEVELS
from assessments.services.rating.progress import count_submission
from assessments.services.rating.receipts import write_receipt
from assessments.workflow import guards
from assessments.workflow.locking import share_open_rating
from partnerships.models import Membership, User
from partnerships.services import Refused


class Withdrawn(Refused):
    """An answer comes from a page that shows a sheet which was withdrawn since."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your answers were withdrawn after this page was opened. Load the page again to "
                "start from the beginning."
            )
        )


@dataclass(frozen=True)
class Mutation:
    """One change of one answer, as a device sends it; `sheet` is the sheet that the device saw, None if it saw none."""

    mutation_id: UUID
    base_version: int
    answered_at: datetime
    sheet: int | None = None


@dataclass(frozen=True)
class Change:
    """A new answer to one cell: a partner's level, or, where `participant` is None, the agreement with its reason."""

    participant: int | None
    answer: dict[str, Any]
    mutation: Mutation


@dataclass(frozen=True)
class Receipt:
    """What the server holds now for the answer that a mutation named; `won`: it is what was given."""

    mutation_id: UUID
    version: int
    answer: dict[str, Any]
    won: bool
    sheet: int


def level(participant: int, value: int | None, mutation: Mutation) -> Change:
    """Return the change of one level: 0..4, or None for don't know."""
    if value is not None and (type(value) is not int or value not in LEVELS):
        raise ValueError(f"level: {value!r}")
    return Change(participant, {"level": value}, mutation)


def agreement(agree: bool | None, mutation: Mutation, use: str = "", reason: str = "") -> Change:
    """Return the change of agree / don't agree with its reason, which needs its use, chosen before it is typed."""
    if agree is not None and type(agree) is not bool:
        raise ValueError(f"agree: {agree!r}")
    if use not in ("", *ReasonUse.values):
        raise ValueError(f"reason_use: {use!r}")
    reason = reason.replace("\r\n", "\n").replace("\0", "").strip()
    if reason and not use:
        raise ValueError("reason_use: missing")
    if len(reason) > LONGEST_REASON:
        raise ValueError("reason: too long")
    return Change(None, {"agree": agree, "reason_use": use, "reason": reason}, mutation)


def save_level(
    assessment: Assessment,
    membership: Membership,
    decision: int,
    participant: int,
    value: int | None,
    mutation: Mutation,
) -> Receipt:
    """Save one level by the decision's and the partner's number."""
    return save(assessment, membership, decision, [level(participant, value, mutation)])[0]


def save_agreement(
    assessment: Assessment,
    membership: Membership,
    decision: int,
    agree: bool | None,
    mutation: Mutation,
    use="",
    reason="",
) -> Receipt:
    """Save agree / don't agree with its reason."""
    return save(assessment, membership, decision, [agreement(agree, mutation, use, reason)])[0]


def save(assessment: Assessment, membership: Membership, decision: int, changes: Sequence[Change]) -> list[Receipt]:
    """Apply changes of one decision's answers, all or none."""
    return save_all(assessment, membership, {decision: changes})[decision]


@transaction.atomic
def save_all(
    assessment: Assessment,
    membership: Membership,
    changes: Mapping[int, Sequence[Change]],
    submission: Submission | None = None,
) -> dict[int, list[Receipt]]:
    """Apply changes of answers by the decision's number, in a number of statements that does not grow with them.

    The sheet is locked, so that its mutations come one after the other.
    """
    hold_open(assessment)
    every = [change for group in changes.values() for change in group]
    rater = _open_sheet(assessment, membership, {change.mutation.sheet for change in every} - {None})
    about = _decisions(assessment, changes.keys())
    numbers = {change.participant for change in every}
    participants = _participants(assessment, numbers)
    current = _current(rater, about.values(), participants, numbers)
    replayed = _events(rater, every)
    events: list[AnswerEvent] = []
    receipts: dict[int, list[Receipt]] = {}
    for number, group in changes.items():
        decision, receipts[number] = about[number], []
        for change in group:
            cell = participants[change.participant]
            receipt, event = _apply(rater, decision, cell, current[decision.pk], replayed, change)
            events += [event] if event else []
            receipts[number].append(receipt)
    for event in events:
        event.submission = submission
    AnswerEvent.objects.bulk_create(events)
    won = {(event.decision_id, event.participant_id) for event in events if event.won}
    _write([current[decision][cell] for decision, cell in won])
    return receipts


def hold_open(assessment: Assessment) -> None:
    """Keep rating from being closed until this transaction ends; raise Refused if it is closed already."""
    mode = share_open_rating(assessment)
    if mode == Mode.CAUCUS:
        raise Refused(guards.TOGETHER)
    if mode is None:
        raise Refused(_("The private ratings are closed. Your answer was not saved."))


def _open_sheet(assessment: Assessment, membership: Membership, seen: Iterable[int | None] = ()) -> Rater:
    """Return the membership's sheet, locked; opened with the first answer, unless the device saw one that is gone."""
    own = Rater.objects.select_for_update(no_key=True).filter(assessment=assessment, membership=membership)
    rater = own.first()
    if any(sheet != sheet_number(rater) for sheet in seen):
        raise Withdrawn
    if rater is None:
        new = Rater(assessment=assessment, membership=membership, participant=participant_of(assessment, membership))
        Rater.objects.bulk_create([new], ignore_conflicts=True)
        rater = own.get()
    return rater


def participant_of(assessment: Assessment, membership: Membership) -> Participant:
    participant = Participant.objects.filter(assessment=assessment, partner=membership.partner_id).first()
    if participant is None:
        raise Refused(_("Your organisation was not part of this assessment when rating opened."))
    return participant


def sheet_number(rater: Rater | None) -> int | None:
    """Return what tells a sheet from one that is begun after a withdrawal: the millisecond in which it was opened."""
    return int(rater.started_at.timestamp() * 1000) if rater else None


def _decisions(assessment: Assessment, numbers: Collection[int]) -> dict[int, Decision]:
    decisions = {
        decision.number or 0: decision
        for decision in assessment.decisions.active().filter(number__in=numbers).only("assessment", "number")
    }
    if set(numbers) - set(decisions):
        raise Http404
    return decisions


def _participants(assessment: Assessment, numbers: set[int | None]) -> dict[int | None, int | None]:
    """Return the participants' ids by number; None, the agreement, stays None."""
    ids: dict[int | None, int | None] = {None: None}
    if numbers - {None}:
        asked = assessment.participants.filter(number__in=[number for number in numbers if number is not None])
        ids.update(asked.values_list("number", "pk"))
    if numbers - set(ids):
        raise Http404
    return ids


def _current(rater: Rater, decisions: Collection[Decision], participants: dict, numbers: set[int | None]) -> dict:
    """Return the rows that stand, by the decision's id, then the participant's; the agreement's under None."""
    rows: dict[int, dict[int | None, Rating | PrivateAgreement]] = {decision.pk: {} for decision in decisions}
    if numbers - {None}:
        cells = [participants[number] for number in numbers]
        for row in rater.ratings.filter(decision__in=rows, participant__in=cells):
            rows[row.decision_id][row.participant_id] = row
    if None in numbers:
        for agreement_row in rater.agreements.filter(decision__in=rows):
            rows[agreement_row.decision_id][None] = agreement_row
    return rows


def _events(rater: Rater, changes: Sequence[Change]) -> dict[UUID, AnswerEvent]:
    """Return the mutations that have arrived before."""
    return {
        event.mutation_id: event
        for event in rater.events.filter(mutation_id__in=[c.mutation.mutation_id for c in changes])
    }


def _apply(rater, decision, cell, current: dict, replayed: dict, change: Change) -> tuple[Receipt, AnswerEvent | None]:
    """Apply one mutation to the rows in memory; a replay changes nothing."""
    mutation, row = change.mutation, current.get(cell)
    if seen := replayed.get(mutation.mutation_id):
        if row is None or (seen.decision_id, seen.participant_id) != (decision.pk, cell):
            raise ValueError("mutation_id: used for another answer")
        return _receipt(rater, row, change, won=row.mutation_id == mutation.mutation_id), None
    answered_at, won = outcome(row, mutation, timezone.now())
    event = AnswerEvent(
        rater=rater,
        decision=decision,
        participant_id=cell,
        answer=change.answer,
        mutation_id=mutation.mutation_id,
        base_version=mutation.base_version,
        answered_at=answered_at,
        won=won,
    )
    replayed[mutation.mutation_id] = event
    if won:
        version = row.version + 1 if row else 1
        row = current[cell] = _next(rater, decision, cell, version, change, answered_at)
    return _receipt(rater, row, change, won), event


def outcome(row, mutation: Mutation, now: datetime) -> tuple[datetime, bool]:
    """Return when an answer counts as given, and whether it wins against the one that stands (None: there is none).

    An answer that was made from the one that stands follows it, whatever the device's clock says; otherwise the newest
    wins, ties by the mutation's id. No clock is believed beyond the server's `now`.
    """
    answered_at = min(mutation.answered_at, now)
    if row is None:
        return answered_at, True
    if mutation.base_version == row.version:
        return max(answered_at, row.answered_at), True
    return answered_at, (answered_at, mutation.mutation_id.int) > (row.answered_at, row.mutation_id.int)


def _next(rater, decision, cell, version: int, change: Change, answered_at: datetime) -> Rating | PrivateAgreement:
    """Return the cell's row as the mutation leaves it, without an id: the cell alone decides whether it is new."""
    fields = {"version": version, "mutation_id": change.mutation.mutation_id, "answered_at": answered_at}
    if cell is None:
        return PrivateAgreement(rater=rater, decision=decision, **fields, **change.answer)
    return Rating(rater=rater, decision=decision, participant_id=cell, **fields, **change.answer)


def _write(rows: list[Rating | PrivateAgreement]) -> None:
    """Insert or update rows, in one statement per model."""
    common = ["version", "mutation_id", "answered_at"]
    Rating.objects.bulk_create(
        [row for row in rows if isinstance(row, Rating)],
        update_conflicts=True,
        unique_fields=["rater", "decision", "participant"],
        update_fields=["level", *common],
    )
    PrivateAgreement.objects.bulk_create(
        [row for row in rows if isinstance(row, PrivateAgreement)],
        update_conflicts=True,
        unique_fields=["rater", "decision"],
        update_fields=["agree", "reason_use", "reason", *common],
    )


def _receipt(rater: Rater, row, change: Change, won: bool) -> Receipt:
    """Return the receipt; an answer is not lost where another one came first and says the same."""
    answer = {field: getattr(row, field) for field in change.answer}
    won = won or answer == change.answer
    return Receipt(change.mutation.mutation_id, row.version, answer, won, sheet_number(rater) or 0)


class Held(NamedTuple):
    """A level that the server holds, with its version."""

    level: int | None
    version: int


def rater_of(assessment: Assessment, membership: Membership) -> Rater | None:
    return Rater.objects.filter(assessment=assessment, membership=membership).first()


def sheet(rater: Rater | None, decision: int | None = None) -> dict:
    """Return a person's own answers, of all decisions or of one: `levels` by (decision no., partner no.), each `Held`;
    `agreements` (rows) by decision no."""
    if rater is None:
        return {"levels": {}, "agreements": {}}
    ratings, agreements = rater.ratings.all(), rater.agreements.select_related("decision")
    if decision is not None:
        ratings, agreements = ratings.filter(decision__number=decision), agreements.filter(decision__number=decision)
    rows = ratings.values_list("decision__number", "participant__number", "level", "version")
    return {
        "levels": {(d, p): Held(value, version) for d, p, value, version in rows},
        "agreements": {row.decision.number: row for row in agreements},
    }


def answered(rater: Rater | None) -> dict[int, int]:
    """Return how many questions of each decision the person has answered, don't know and the agreement included."""
    if rater is None:
        return {}
    counts = dict(rater.ratings.order_by().values_list("decision__number").annotate(Count("pk")))
    for number in rater.agreements.order_by().values_list("decision__number", flat=True):
        counts[number] = counts.get(number, 0) + 1
    return counts


@transaction.atomic
def hand_in(
    assessment: Assessment,
    membership: Membership,
    show_small_side: bool,
    mutation_id: UUID | None = None,
    sheet: int | None = None,
) -> HandIn:
    """Hand the sheet in: from now on it counts, and so does every later change until rating closes.

    Return the receipt. A replay of the same mutation changes nothing and returns the receipt of the first time.
    """
    hold_open(assessment)
    rater = _open_sheet(assessment, membership, {sheet} - {None})
    if mutation_id and (seen := rater.hand_ins.filter(mutation_id=mutation_id).first()):
        return seen
    if not rater.ratings.exists():
        raise Refused(_("You have not answered any questions yet. Answer at least one question before you submit."))
    rater.submitted_at, rater.show_small_side = timezone.now(), show_small_side
    rater.save(update_fields=["submitted_at", "show_small_side"])
    count_submission(rater.participant_id)
    return write_receipt(rater, mutation_id or uuid4())


def tick_is_offered(assessment: Assessment, membership: Membership) -> bool:
    """Say whether a person is offered “show our side even if it is small”: the side of those who give money is first.

    All others find the same choice behind a line that they open themselves. It follows from the set-up alone.
    """
    give = assessment.participants.filter(partner__in=assessment.funders.values("partner"))
    return assessment.participants.filter(partner=membership.partner_id, side__in=give.values("side")).exists()


@transaction.atomic
def withdraw(assessment: Assessment, membership: Membership) -> None:
    """Delete the person's answers with their history. She can start anew until rating closes; nobody is told."""
    hold_open(assessment)
    # A form that she filled in before does not bring them back when it is imported later.
    AnswerCode.objects.update_or_create(
        assessment=assessment, membership=membership, defaults={"taken_from": timezone.now()}
    )
    # Locked first: an answer that arrives at the same moment is deleted too, or begins a new sheet.
    rater = Rater.objects.select_for_update(no_key=True).filter(assessment=assessment, membership=membership).first()
    if rater:
        rater.delete()


def delete_all(assessment: Assessment) -> None:
    """Delete every private answer of an assessment unseen; no form that was filled in before brings one back."""
    memberships = assessment.partnership.memberships.representatives().values_list("pk", flat=True)
    AnswerCode.objects.bulk_create(
        [AnswerCode(assessment=assessment, membership_id=pk) for pk in memberships], ignore_conflicts=True
    )
    AnswerCode.objects.filter(assessment=assessment).update(taken_from=timezone.now())
    Submission.objects.filter(assessment=assessment).delete()
    Rater.objects.filter(assessment=assessment).delete()
    for model in (CaucusLevel, CaucusAgreement):
        model.objects.filter(decision__assessment=assessment).delete()


def sheets_of(user: User) -> QuerySet[Rater]:
    """Return a person's own sheets, for herself only."""
    return Rater.objects.filter(membership__user=user, membership__voided_at__isnull=True)
