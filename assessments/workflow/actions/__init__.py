"""Who may act now: the rules that each row of the table of actions sets, and what others derive from the table."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage
from assessments.workflow.actions.rows import ActionRow, Text, Texts, WorkflowAction
from assessments.workflow.actions.table import ACTIONS, MEMBERS, OTHER_LOG_SENTENCES
from assessments.workflow.locking import lock_assessment
from partnerships.access import MemberRoles
from partnerships.models import Role
from partnerships.services import Refused

__all__ = ["ACTIONS", "MEMBERS", "ROW_OF", "ActionRow", "Texts", "WorkflowAction"]


def by_action(table: Iterable[ActionRow]) -> dict[WorkflowAction, ActionRow]:
    """Return the table's rows by action; ValueError where an action has two rows."""
    rows: dict[WorkflowAction, ActionRow] = {}
    for row in table:
        if row.action in rows:
            raise ValueError(f"{row.action} stands in the table twice")
        rows[row.action] = row
    return rows


ROW_OF = by_action(ACTIONS)


def row_named(name: str) -> ActionRow | None:
    """Return the row of an action that an address names; None where there is none."""
    return next((row for row in ACTIONS if row.action == name), None)


def offered_at(stage: str) -> list[WorkflowAction]:
    """Return the actions by which a facilitator leads from this stage to another, in the order of the table."""
    return [
        row.action
        for row in ACTIONS
        if row.is_transition and row.on_overview and stage in row.stages and Role.FACILITATOR in row.roles
    ]


def decided_by_both_at(stage: str) -> list[WorkflowAction]:
    """Return what both sides decide at this stage, in the order of the table."""
    return [row.action for row in ACTIONS if row.by_both_sides and row.on_overview and stage in row.stages]


def texts_of(assessment: Assessment, action: WorkflowAction) -> Texts:
    """Return how this assessment asks for an action and confirms it."""
    row = ROW_OF[action]
    if row.texts_without_day and assessment.rating_due is None:
        return row.texts_without_day
    return row.texts_by_side if assessment.answers_by_side and row.texts_by_side else row.texts


def log_sentences() -> dict[str, Text]:
    """Return the activity log's sentence for each verb of the assessments."""
    return {row.log_verb: row.log for row in ACTIONS if row.log} | OTHER_LOG_SENTENCES


def may(assessment: Assessment, member: MemberRoles, action: WorkflowAction) -> bool:
    """Say whether this person could do this now, guards aside (a guard is explained where the person acts)."""
    row = ROW_OF[action]
    return member.may(*row.roles) and assessment.stage in row.stages


def check(assessment: Assessment, member: MemberRoles | None, action: WorkflowAction) -> ActionRow:
    """Return the row, guard aside, or raise PermissionDenied for the wrong role and Refused for the wrong stage.

    `member` is None where both sides have decided, and nobody acts alone.
    """
    row = ROW_OF[action]
    if not (row.by_both_sides if member is None else member.may(*row.roles)):
        raise PermissionDenied
    if assessment.stage not in row.stages:
        raise Refused(
            _("You cannot do this now because the assessment is at the stage “%(stage)s”.")
            % {"stage": Stage(assessment.stage).label}
        )
    return row


def require(assessment: Assessment, member: MemberRoles | None, action: WorkflowAction) -> ActionRow:
    """Return the row as `check` does; raise Refused for what else stands in its way, too."""
    row = check(assessment, member, action)
    if row.is_transition and assessment.is_archived:
        raise Refused(_("This assessment is archived. Take it out of the archive first."))
    if row.guard and (obstacle := row.guard(assessment)):
        raise Refused(obstacle)
    return row


def lock_and_require(assessment: Assessment, member: MemberRoles, action: WorkflowAction) -> Assessment:
    """Lock the assessment, so that changes come one after the other; return it as it is now, or refuse the action."""
    locked = lock_assessment(assessment)
    require(locked, member, action)
    return locked
