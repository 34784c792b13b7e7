"""One-laptop mode: a whole session on a facilitator's machine, and its changes one by one as they come in later.

Each change names its mutation, the cell, the version that the machine had seen, and the whole answer. It is recorded by
the same services as on the session's pages. If the cell has changed meanwhile, both answers are told, and the person
chooses; a change that comes twice is applied once.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import transaction

from assessments.forms.followup.actions import ActionForm
from assessments.forms.session import board as form
from assessments.models import (
    Action,
    AgreedLevel,
    Assessment,
    Decision,
    LaptopReceipt,
    Outcome,
    Participant,
    SpokenWord,
)
from assessments.services import wire_keys
from assessments.services.followup import planned_actions
from assessments.services.safeguards import ground_rules
from assessments.services.session import board, joint, live
from assessments.services.session.recording import Written, write
from assessments.workflow import actions, guards
from assessments.workflow.actions import lock_and_require
from partnerships.access import MemberRoles

WORDS = ["", *SpokenWord.Word.values]  # a word has no version: the place of the word that was seen stands for it
CELL = ("choice", "desired", "one", "other")
OUTCOME = ("agree", "note", "route", "review_on", "no_wish")  # a machine that loaded the page before sends no last one
ACTION = ("text", "owner", "due", "confirmer")
OUTCOME_CELL = "o"
MOST = 500  # levels at once


@dataclass(frozen=True)
class LaptopChange:
    """One change: which decision, which cell (p3: a partner's level, w3: its word, o: the outcome, x…: an action)."""

    mutation: UUID
    number: int
    cell: str
    base: int
    answer: list[str]


# --- what the machine needs


def session_of(assessment: Assessment) -> dict[str, Any]:
    """Return the whole session: decisions, partners, what is recorded and with which version, actions."""
    participants = list(assessment.participants.in_order())
    numbers = {each.pk: each.number for each in participants}
    decisions = list(
        assessment.decisions.active()
        .select_related("outcome")
        .order_by("number")
        .prefetch_related("agreed_levels", "spoken_words")
    )
    answers: dict[int, dict[str, list]] = {each.number or 0: {} for each in decisions}
    answers_by_id = {each.pk: answers[each.number or 0] for each in decisions}
    for each in decisions:
        answers_by_id[each.pk][OUTCOME_CELL] = _outcome(getattr(each, "outcome", None))
        for cell in each.agreed_levels.all():
            answers_by_id[each.pk][f"p{numbers[cell.participant_id]}"] = [cell.version, *_level(joint.values_of(cell))]
        for word in each.spoken_words.all():
            answers_by_id[each.pk][f"w{numbers[word.participant_id]}"] = [WORDS.index(word.word), word.word]
    planned: dict[int, list] = {}
    for action in assessment.actions.select_related("decision").order_by("pk"):
        planned.setdefault(action.decision.number or 0, []).append(_planned(action, numbers))
    return {
        "code": assessment.code,
        "title": assessment.title,
        "v": assessment.joint_version,
        "sides": {side: str(word) for side, word in assessment.partnership.side_words().items()},
        "partners": [[each.number, each.name, each.acronym, each.side] for each in participants],
        "decisions": [[each.number, each.wording_for_reader, each.language_for_reader] for each in decisions],
        "answers": answers,
        "actions": planned,
        "settled": sorted(guards.private_verdicts(assessment.pk)),
        "order": _orders(assessment, decisions, participants),
        "rules": ground_rules.ground_rules_of(assessment).lines,
    }


def _orders(assessment: Assessment, decisions: list[Decision], participants: list[Participant]) -> dict[int, list[int]]:
    """Return by decision the numbers of the partners in their order of speaking."""
    funders = live.funders_of(assessment, participants)
    return {
        each.number or 0: [partner.number for partner in live.speaking_order(participants, each.number or 1, funders)]
        for each in decisions
    }


def _level(values: dict) -> list[str]:
    fields = board.cell_fields(values)
    return [fields[name] for name in CELL]


def _outcome(row: Outcome | None) -> list:
    fields = board.outcome_fields(joint.outcome_values(row))
    return [row.version if row else 0, *(fields[name] for name in OUTCOME)]


def _planned(action: Action, numbers: dict[int, int]) -> list[str]:
    confirmer = numbers.get(action.confirmer_id) if action.confirmer_id else ""
    return [action.text, str(numbers.get(action.owner_id, "")), action.due.isoformat(), str(confirmer)]


# --- what the machine sends


@transaction.atomic
def save(assessment: Assessment, member: MemberRoles, change: LaptopChange) -> dict[str, Any]:
    """Record one change, once; return its receipt, which names the mutation, with what stands where that differs."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    before = LaptopReceipt.objects.filter(assessment=locked, mutation=change.mutation).first()
    if before:
        return before.receipt
    decision = locked.decisions.active().filter(number=change.number).first()
    if decision is None:
        raise BadRequest("no such decision")
    version, theirs = _record(locked, member, decision, change)
    receipt = _receipt(change, version, won=theirs is None)
    if theirs is not None:
        return receipt | {"theirs": theirs}
    LaptopReceipt.objects.create(assessment=locked, mutation=change.mutation, receipt=receipt)
    return receipt


def save_levels(assessment: Assessment, member: MemberRoles, changes: list[LaptopChange]) -> list[dict[str, Any]]:
    """Record levels of many cells at once; return for each what `save` returns, or its `error`, which stops no other.

    What meets its cell as its machine saw it takes as many statements for one as for all. The rest (sent before, no
    change, somebody else was first, no such cell) is looked at one by one.
    """
    names = {(change.number, change.cell) for change in changes}, {change.mutation for change in changes}
    if len(changes) > MOST or any(len(each) < len(changes) for each in names):
        raise BadRequest("too many changes, or one comes twice")
    receipts = _save_clean(assessment, member, changes)
    for change in changes:
        if change.mutation not in receipts:
            receipts[change.mutation] = _save_or_error(assessment, member, change)
    return [receipts[change.mutation] for change in changes]


@transaction.atomic
def _save_clean(assessment: Assessment, member: MemberRoles, changes: list[LaptopChange]) -> dict[UUID, dict[str, Any]]:
    """Write the changes whose cell stands as their machine saw it, and return their receipts."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    about = locked.decisions.active().filter(number__in={change.number for change in changes})
    ids = about.values_list("number", "assessment__participants__number", "pk", "assessment__participants")
    cells = {(number, f"p{partner}"): (decision, participant) for number, partner, decision, participant in ids}
    levels = AgreedLevel.objects.filter(decision__in={decision for decision, _participant in cells.values()})
    stand = {(row.decision_id, row.participant_id): row for row in levels}
    clean = []
    for change in changes:
        if cell := cells.get((change.number, change.cell)):
            clean += _clean(change, cell, stand.get(cell))
    written = write(locked, member.any.user, clean) if clean else set()
    return {one.mutation: one.receipt for one in clean if one.mutation in written and one.receipt}


def _clean(change: LaptopChange, cell: tuple[int, int], stands: AgreedLevel | None) -> list[Written]:
    before, version = joint.values_of(stands), stands.version if stands else 0
    try:
        after = joint.complete(before | form.cell_values(_fields(change, CELL)))
    except BadRequest:
        return []
    if change.base != version or before == after:
        return []
    receipt = _receipt(change, version + 1)
    return [Written(*cell, before, after, version + 1, change.mutation, receipt)]


def _save_or_error(assessment: Assessment, member: MemberRoles, change: LaptopChange) -> dict[str, Any]:
    try:
        return save(assessment, member, change)
    except BadRequest as error:
        return wire_keys.shortened({"mutation": str(change.mutation), "error": str(error)}, wire_keys.CELL)


def _receipt(change: LaptopChange, version: int, won: bool = True) -> dict[str, Any]:
    return wire_keys.shortened({"mutation": str(change.mutation), "version": version, "won": won}, wire_keys.CELL)


def _record(
    locked: Assessment, member: MemberRoles, decision: Decision, change: LaptopChange
) -> tuple[int, list | None]:
    """Return the version that stands then, and the answer that stands where somebody else was first."""
    kind, rest = change.cell[:1], change.cell[1:]
    if kind == "x":
        return _plan(locked, member, decision, change)
    if change.cell == OUTCOME_CELL:
        return _record_outcome(locked, member, decision, change)
    partner = locked.participants.filter(number=int(rest)).first() if rest.isdecimal() and len(rest) < 6 else None
    if partner is None or kind not in ("p", "w"):
        raise BadRequest("no such cell")
    record = _record_level if kind == "p" else _record_word
    return record(locked, member, decision, change, partner)


def _fields(change: LaptopChange, names: tuple[str, ...]) -> dict[str, str]:
    if len(change.answer) != len(names):
        raise BadRequest("not an answer of this cell")
    return dict(zip(names, change.answer, strict=True))


def _record_level(
    locked, member, decision: Decision, change: LaptopChange, partner: Participant
) -> tuple[int, list | None]:
    entry = joint.Entry(partner, change.base, form.cell_values(_fields(change, CELL)))
    saved = joint.record(locked, member, decision, [entry])
    if saved.conflicts:
        (conflict,) = saved.conflicts
        return conflict.version, _level(conflict.current)
    cell = decision.agreed_levels.filter(participant=partner).first()
    return cell.version if cell else 0, None


def _record_outcome(locked, member, decision: Decision, change: LaptopChange) -> tuple[int, list | None]:
    known = OUTCOME[:-1] if len(change.answer) == len(OUTCOME) - 1 else OUTCOME
    values = form.outcome_values(_fields(change, known))
    if values["agree"] is None and decision.spoken_words.exists():
        del values["agree"]  # what was said is the answer, and the machine may not have heard all of it
    saved = joint.record_outcome(locked, member, decision, change.base, values)
    row = Outcome.objects.filter(decision=decision).first()
    version, *stands = _outcome(row)
    return version, stands if saved.conflicts else None


def _record_word(
    locked, member, decision: Decision, change: LaptopChange, partner: Participant
) -> tuple[int, list | None]:
    (word,) = _fields(change, ("word",)).values()
    if word not in WORDS:
        raise BadRequest("no such word")
    stands = decision.spoken_words.filter(participant=partner).values_list("word", flat=True).first() or ""
    if stands not in (word, WORDS[change.base] if change.base < len(WORDS) else None):
        return WORDS.index(stands), [stands]
    if stands != word:
        live.record_word(locked, member, decision, partner.number, word)
    return WORDS.index(word), None


def _plan(locked, member, decision: Decision, change: LaptopChange) -> tuple[int, list | None]:
    fields = _fields(change, ACTION)
    ids = {str(number): pk for number, pk in locked.participants.values_list("number", "pk")}
    data = fields | {name: ids.get(fields[name], "") for name in ("owner", "confirmer")}
    planned = ActionForm(data, assessment=locked)
    if not planned.is_valid():
        raise BadRequest(" ".join(str(error) for errors in planned.errors.values() for error in errors))
    planned_actions.plan(locked, member, decision, **planned.cleaned_data)
    return 1, None
