"""Who may act now: the rules that each row of the table of actions sets, and what others derive from the table."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage
from assessments.workflow.locking import lock_assessment
from assessments.workflow.rows import Action, Step, Text, Texts
from assessments.workflow.table import MEMBERS, OTHER_LOG_SENTENCES, TABLE
from partnerships.access import MemberRoles
from partnerships.models import Role
from partnerships.services import Refused

__all__ = ["MEMBERS", "SNAPSHOTS", "STEPS", "TABLE", "Action", "Step", "Texts"]


def by_action(table: Iterable[Step]) -> dict[Action, Step]:
    """Return the table's rows by action; ValueError where an action has two rows."""
    steps: dict[Action, Step] = {}
    for step in table:
        if step.action in steps:
            raise ValueError(f"{step.action} stands in the table twice")
        steps[step.action] = step
    return steps


STEPS = by_action(TABLE)
SNAPSHOTS = tuple(step.action for step in TABLE if step.copies_partners)


def step_named(name: str) -> Step | None:
    """Return the row of an action that an address names; None where there is none."""
    return next((step for step in TABLE if step.action == name), None)


def offered_at(stage: str) -> list[Action]:
    """Return the actions by which a facilitator leads from this stage to another, in the order of the table."""
    return [
        step.action
        for step in TABLE
        if step.is_transition and step.on_overview and stage in step.stages and Role.FACILITATOR in step.roles
    ]


def decided_by_both_at(stage: str) -> list[Action]:
    """Return what both sides decide at this stage, in the order of the table."""
    return [step.action for step in TABLE if step.by_both_sides and step.on_overview and stage in step.stages]


def texts_of(assessment: Assessment, action: Action) -> Texts:
    """Return how this assessment asks for an action and confirms it."""
    step = STEPS[action]
    if step.texts_without_day and assessment.rating_due is None:
        return step.texts_without_day
    return step.texts_by_side if assessment.answers_by_side and step.texts_by_side else step.texts


def log_sentences() -> dict[str, Text]:
    """Return the activity log's sentence for each verb of the assessments."""
    return {step.log_verb: step.log for step in TABLE if step.log} | OTHER_LOG_SENTENCES


def may(assessment: Assessment, member: MemberRoles, action: Action) -> bool:
    """Say whether this person could do this now, guards aside (a guard is explained where the person acts)."""
    step = STEPS[action]
    return member.may(*step.roles) and assessment.stage in step.stages


def check(assessment: Assessment, member: MemberRoles | None, action: Action) -> Step:
    """Return the row, guard aside, or raise PermissionDenied for the wrong role and Refused for the wrong stage.

    `member` is None where both sides have decided, and nobody acts alone.
    """
    step = STEPS[action]
    if not (step.by_both_sides if member is None else member.may(*step.roles)):
        raise PermissionDenied
    if assessment.stage not in step.stages:
        raise Refused(
            _("You cannot do this now because the assessment is at the stage “%(stage)s”.")
            % {"stage": Stage(assessment.stage).label}
        )
    return step


def require(assessment: Assessment, member: MemberRoles | None, action: Action) -> Step:
    """Return the row as `check` does; raise Refused for what else stands in its way, too."""
    step = check(assessment, member, action)
    if step.is_transition and assessment.is_archived:
        raise Refused(_("This assessment is archived. Take it out of the archive first."))
    if step.guard and (obstacle := step.guard(assessment)):
        raise Refused(obstacle)
    return step


def lock_and_require(assessment: Assessment, member: MemberRoles, action: Action) -> Assessment:
    """Lock the assessment, so that changes come one after the other; return it as it is now, or refuse the action."""
    locked = lock_assessment(assessment)
    require(locked, member, action)
    return locked
