"""The joint session: facilitators record what the group found; nobody's entry is lost, also when two write at once."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.models import AgreedChange, AgreedLevel, Assessment, Decision, LevelState, Outcome, Participant, Work
from assessments.services import work
from assessments.services.steps import require
from partnerships.access import Standing
from partnerships.models import User

CELL = ("state", "actual", "desired", "one_view", "other_view")
OUTCOME = ("agree", "note", "route", "review_on")


@dataclass
class Entry:
    """What a facilitator wants a cell to be, and the version she saw (0: an empty cell)."""

    participant: Participant
    base_version: int
    values: dict


@dataclass
class Conflict:
    """A cell that somebody changed meanwhile: what stands, and what was wanted."""

    participant: Participant | None
    standing: dict
    wanted: dict
    version: int


@dataclass
class Saved:
    """What became of a save: how many cells changed, and the conflicts that want a choice."""

    changed: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def hold(assessment: Assessment, standing: Standing, action: str = "record") -> Assessment:
    """Lock the session, so that changes come one after the other and closing waits; check that it may be changed."""
    held = Assessment.objects.select_for_update().select_related("partnership").get(pk=assessment.pk)
    require(held, standing, action)
    return held


@transaction.atomic
def record(assessment: Assessment, standing: Standing, decision: Decision, entries: list[Entry]) -> Saved:
    """Record agreed levels of one decision. A cell that changed since it was seen is not overwritten; both are kept."""
    held = hold(assessment, standing)
    user = standing.any.user
    cells = {cell.participant_id: cell for cell in decision.agreed_levels.select_for_update()}
    saved = Saved()
    for entry in entries:
        _record_one(saved, decision, cells.get(entry.participant.pk), entry, user)
    if saved.changed:
        Outcome.objects.update_or_create(decision=decision, defaults={"discussed_at": timezone.now()})
        changed(held)
    return saved


def _record_one(saved: Saved, decision: Decision, cell: AgreedLevel | None, entry: Entry, user: User) -> None:
    wanted = complete(entry.values)
    standing = values_of(cell)
    if wanted == standing:
        return
    version = cell.version if cell else 0
    if entry.base_version != version:
        saved.conflicts.append(Conflict(entry.participant, standing, wanted, version))
        _remember(decision, entry.participant, standing, wanted, user, lost=True)
        return
    write_cell(decision, entry.participant, cell, wanted, user)
    _remember(decision, entry.participant, standing, wanted, user)
    saved.changed += 1


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


def write_cell(
    decision: Decision, participant: Participant, cell: AgreedLevel | None, values: dict, user: User
) -> None:
    row = cell or AgreedLevel(decision=decision, participant=participant, version=0)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.updated_by, row.updated_at = row.version + 1, user, timezone.now()
    row.save()


def _remember(decision, participant, before, after, user, lost=False) -> None:
    AgreedChange.objects.create(
        decision=decision, participant=participant, before=_json(before), after=_json(after), by=user, lost=lost
    )


def _json(values: dict) -> dict:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


@transaction.atomic
def record_outcome(
    assessment: Assessment, standing: Standing, decision: Decision, base_version: int, values: dict
) -> Saved:
    """Record whether the group agrees with how partners are involved, and where a “no” without consensus goes."""
    held = hold(assessment, standing)
    row = Outcome.objects.select_for_update().filter(decision=decision).first() or Outcome(decision=decision, version=0)
    before = {name: getattr(row, name) for name in OUTCOME}
    wanted = before | values
    saved = Saved()
    if wanted == before:
        return saved
    if base_version != row.version:
        saved.conflicts.append(Conflict(None, before, wanted, row.version))
        _remember(decision, None, before, wanted, standing.any.user, lost=True)
        return saved
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version, row.updated_by, row.discussed_at = row.version + 1, standing.any.user, timezone.now()
    row.save()
    _remember(decision, None, before, wanted, standing.any.user)
    saved.changed = 1
    changed(held)
    return saved


@transaction.atomic
def undo(assessment: Assessment, standing: Standing, decision: Decision) -> bool:
    """Take back the last change of this decision's levels that still stands; return whether there was one."""
    held = hold(assessment, standing)
    cells = {cell.participant_id: cell for cell in decision.agreed_levels.select_for_update()}
    for change in decision.changes.filter(lost=False, participant__isnull=False).select_related("participant"):
        cell = cells.get(change.participant_id)
        if cell and _json(values_of(cell)) == change.after:
            write_cell(decision, change.participant, cell, complete(change.before), standing.any.user)
            change.delete()
            changed(held)
            return True
    return False


@transaction.atomic
def go_to(assessment: Assessment, standing: Standing, decision: Decision) -> None:
    """Move everybody's screen to a decision."""
    held = hold(assessment, standing)
    if decision.assessment_id != held.pk:
        raise PermissionDenied
    Assessment.objects.filter(pk=held.pk).update(current_decision=decision, joint_version=F("joint_version") + 1)


def changed(assessment: Assessment) -> None:
    """Let the followers' screens and the scores catch up."""
    Assessment.objects.filter(pk=assessment.pk).update(joint_version=F("joint_version") + 1)
    work.request(assessment, Work.Kind.AGREED)
