"""The joint session: facilitators record what the group found; nobody's entry is lost, also when two write at once."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from assessments.models import (
    AgreedChange,
    AgreedLevel,
    Assessment,
    Decision,
    Job,
    LevelState,
    LiveSession,
    Moment,
    Outcome,
    Participant,
)
from assessments.services.session.recording import Written, plain, write
from assessments.workflow import guards, jobs
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import User
from partnerships.services import Refused

CELL = ("state", "actual", "desired", "one_view", "other_view")
OUTCOME = ("agree", "note", "no_common_wish", "route", "review_on")
LOOKED_AT = 100  # changes


@dataclass
class Entry:
    """What a facilitator wants a cell to be, and the version she saw (0: an empty cell). Values left out stay."""

    participant: Participant
    base_version: int
    values: dict


@dataclass
class Conflict:
    """A cell, or the outcome (participant None), that somebody changed meanwhile: what stands, and what was wanted."""

    participant: Participant | None
    current: dict
    wanted: dict
    version: int


@dataclass
class Saved:
    """What became of a save: how many cells changed, and the conflicts that want a choice."""

    changed: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


@transaction.atomic
def record(assessment: Assessment, member: MemberRoles, decision: Decision, entries: list[Entry]) -> Saved:
    """Record agreed levels of one decision. A cell that changed since it was seen is not overwritten; both are kept."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    user = member.any.user
    cells = {cell.participant_id: cell for cell in decision.agreed_levels.all()}
    saved, rows = Saved(), []
    for entry in entries:
        stands = values_of(cells.get(entry.participant.pk))
        wanted = complete(stands | entry.values)
        if wanted == stands:
            continue
        version = cells[entry.participant.pk].version if entry.participant.pk in cells else 0
        if entry.base_version == version:
            rows.append(Written(decision.pk, entry.participant.pk, stands, wanted, version + 1))
            continue
        saved.conflicts.append(Conflict(entry.participant, stands, wanted, version))
        _remember(decision, entry.participant, stands, wanted, user, lost=True)
    if rows:
        write(locked, user, rows)
    saved.changed = len(rows)
    return saved


def complete(values: dict) -> dict:
    """Return a cell's values whole and consistent: views only where they differ, a level only where one is agreed."""
    whole = {"state": LevelState.LEVEL, "actual": None, "desired": None, "one_view": "", "other_view": ""} | values
    if whole["state"] != LevelState.LEVEL:
        whole["actual"] = None
    if whole["state"] != LevelState.DIFFERS:
        whole["one_view"] = whole["other_view"] = ""
    return whole


def values_of(cell: AgreedLevel | None) -> dict:
    return {name: getattr(cell, name) for name in CELL} if cell else complete({})


def gains(values: dict) -> bool:
    """Say whether a partner should gain influence: its desired level is higher than today, or today is not known."""
    return values["desired"] is not None and (values["actual"] is None or values["desired"] > values["actual"])


def write_cell(
    decision: Decision, participant: Participant, cell: AgreedLevel | None, values: dict, user: User
) -> None:
    row = cell or AgreedLevel(decision=decision, participant=participant, version=0)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.updated_by, row.updated_at = row.version + 1, user, timezone.now()
    row.save()


def _remember(decision, participant, before, after, user, lost=False, undo_of=None) -> None:
    before, after = plain(before), plain(after)
    if lost and decision.changes.filter(participant=participant, before=before, after=after, by=user).exists():
        return  # The same refused wish, sent again by a page that came back with it.
    AgreedChange.objects.create(
        decision=decision, participant=participant, before=before, after=after, by=user, lost=lost, undo_of=undo_of
    )


@transaction.atomic
def record_outcome(
    assessment: Assessment, member: MemberRoles, decision: Decision, base_version: int, values: dict
) -> Saved:
    """Record whether the group agrees with how partners are involved, and where a “no” without consensus goes."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    row = Outcome.objects.filter(decision=decision).first() or Outcome(decision=decision, version=0)
    before = outcome_values(row)
    wanted = whole_outcome(before | values)
    saved = Saved()
    if wanted == before:
        return saved
    if wanted["agree"] != before["agree"] and (obstacle := guards.may_answer(decision, wanted["agree"])):
        raise Refused(obstacle)
    if wanted["no_common_wish"] and _wished(decision):
        raise Refused(_("Desired levels are recorded for this decision. Clear them first, and then try again."))
    if base_version != row.version:
        saved.conflicts.append(Conflict(None, before, wanted, row.version))
        _remember(decision, None, before, wanted, member.any.user, lost=True)
        return saved
    _write_outcome(row, wanted, member.any.user)
    _remember(decision, None, before, wanted, member.any.user)
    saved.changed = 1
    changed(locked)
    return saved


def _wished(decision: Decision) -> bool:
    return decision.agreed_levels.filter(desired__isnull=False).exists()


def follow_answer(locked: Assessment, decision: Decision, agree: bool | None, user: User | None) -> None:
    """Let what everyone said be the answer, in the running transaction. No page's version is out of date by it."""
    row = Outcome.objects.filter(decision=decision).first() or Outcome(decision=decision, version=0)
    before = outcome_values(row)
    wanted = whole_outcome(before | {"agree": agree})
    if wanted == before:
        return
    _write_outcome(row, wanted, user, version=row.version)
    _remember(decision, None, before, wanted | {"follows": True}, user)
    changed(locked)


def outcome_values(row: Outcome | None) -> dict:
    return {name: getattr(row or Outcome(), name) for name in OUTCOME}


def whole_outcome(values: dict) -> dict:
    """Return an outcome's values consistent: only a “no” has wishes or goes another way, which is looked at again."""
    if values["agree"] is not False:
        values = values | {"no_common_wish": False, "route": ""}
    return values if values["route"] else values | {"review_on": None}


def _write_outcome(row: Outcome, values: dict, user: User | None, version: int | None = None) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version = row.version + 1 if version is None else version
    row.updated_by, row.discussed_at = user, timezone.now()
    row.save()


@transaction.atomic
def record_decision(
    assessment: Assessment,
    member: MemberRoles,
    decision: Decision,
    entries: list[Entry],
    outcome: tuple[int, dict] | None = None,
) -> Saved:
    """Record what one page held of a decision, its levels and its outcome (base version and values), together."""
    if decision.assessment_id != assessment.pk:
        raise PermissionDenied
    saved = record(assessment, member, decision, entries)
    if outcome:
        more = record_outcome(assessment, member, decision, *outcome)
        saved = Saved(saved.changed + more.changed, saved.conflicts + more.conflicts)
    return saved


def last_change(decision: Decision) -> AgreedChange | None:
    """Return the newest change of this decision that was applied and can be undone: words said aloud are corrected."""
    applied = decision.changes.filter(lost=False, undo_of__isnull=True, undone_by__isnull=True)
    return next((each for each in applied.select_related("participant", "by")[:LOOKED_AT] if not _follows(each)), None)


def _follows(change: AgreedChange) -> bool:
    """Say whether a change only followed what everyone said or answered privately."""
    return (change.after or {}).get("follows") is True


@transaction.atomic
def undo(assessment: Assessment, member: MemberRoles, decision: Decision, seen: int | None = None) -> bool:
    """Take back this decision's last change, if it is still the one that was seen; the history keeps both."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    change = last_change(decision)
    if change is None or seen not in (None, change.pk):
        return False
    user, before = member.any.user, change.before or {}
    if change.participant:
        cell = decision.agreed_levels.get(participant=change.participant)
        now, then = values_of(cell), complete(before)
        write_cell(decision, change.participant, cell, then, user)
        if then["desired"] is not None:
            Outcome.objects.filter(decision=decision).update(no_common_wish=False)
    else:
        row = Outcome.objects.get(decision=decision)
        now, then = outcome_values(row), _without(change, row)
        _write_outcome(row, then, user)
    _remember(decision, change.participant, now, then, user, undo_of=change)
    changed(locked)
    return True


def _without(change: AgreedChange, row: Outcome) -> dict:
    """Return an outcome without one change of it. What everyone said stays the answer."""
    now, before, after = outcome_values(row), change.before or {}, change.after or {}
    back = {name: before[name] for name in OUTCOME if name in before and before[name] != after.get(name)}
    if back.get("review_on"):
        back["review_on"] = parse_date(back["review_on"])
    if row.decision.spoken_words.exists():
        back.pop("agree", None)
    return whole_outcome(now | back)


@transaction.atomic
def go_to(assessment: Assessment, member: MemberRoles, decision: Decision) -> None:
    """Move everybody's screen to a decision."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    if decision.assessment_id != locked.pk:
        raise PermissionDenied
    if locked.current_decision_id == decision.pk and _at_decisions(locked):
        return  # Two pressed at once: clock and turn go on as the first began them.
    Assessment.objects.filter(pk=locked.pk).update(current_decision=decision, joint_version=F("joint_version") + 1)
    begins = {"moment": Moment.TALK, "moment_at": timezone.now(), "shown": False, "asks_aloud": False}
    LiveSession.objects.filter(assessment=locked).update(
        phase=LiveSession.Phase.DECISIONS, timer_ends_at=None, timer_left=None, turn=0, skipped=[], **begins
    )


def _at_decisions(assessment: Assessment) -> bool:
    row = LiveSession.objects.filter(assessment=assessment).first()
    return row is None or row.phase == LiveSession.Phase.DECISIONS


def changed(assessment: Assessment) -> None:
    """Let the followers' screens and the scores catch up."""
    Assessment.objects.filter(pk=assessment.pk).update(joint_version=F("joint_version") + 1)
    jobs.request(assessment, Job.Kind.AGREED)
