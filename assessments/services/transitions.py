"""Moving an assessment from stage to stage: the action, its effect and its entry in the log, in one transaction."""

from collections.abc import Callable

from django.db import transaction

from assessments.models import Assessment, ClosingConfirmation, Stage
from assessments.services import notifications
from assessments.services.followup import closing
from assessments.services.session import live
from assessments.services.setup import opening, voting
from assessments.workflow import actions, guards
from assessments.workflow.actions import WorkflowAction, lock_and_require
from assessments.workflow.locking import lock_assessment, lock_with_memberships
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Role

# What an action that leads to another stage does besides; None: only the stage changes.
EFFECTS: dict[WorkflowAction, Callable[..., None] | None] = {
    WorkflowAction.OPEN_VOTING: voting.begin,
    WorkflowAction.END_VOTE: voting.end,
    WorkflowAction.BACK_TO_COLLECTING: None,
    WorkflowAction.OPEN_RATING: opening.open_rating,
    WorkflowAction.REOPEN_DECISIONS: opening.reopen_decisions,
    WorkflowAction.START_SESSION: opening.start_session,
    WorkflowAction.CLOSE_RATING: opening.close_rating,
    WorkflowAction.OPEN_FINAL_REVIEW: closing.open_final_review,
    WorkflowAction.BACK_TO_SESSION: closing.back_to_session,
    WorkflowAction.CLOSE_ASSESSMENT: closing.close,
}


@transaction.atomic
def apply(assessment: Assessment, member: MemberRoles | None, action: WorkflowAction, **options) -> Assessment:
    """Take an action that leads to another stage, with its effect, in one transaction; return the new assessment.

    `options` are the effect's own: the final review takes `due`, the last day for replies. `member` is None where both
    sides have decided; the activity log names nobody then, whoever gave the last word.
    """
    copies_partners = actions.ROW_OF[action].copies_partners
    locked = lock_with_memberships(assessment) if copies_partners else lock_assessment(assessment)
    row = actions.require(locked, member, action)
    if row.to is None:
        raise ValueError(f"{action} leads to no other stage")
    if effect := EFFECTS[action]:
        effect(locked, **options)
    locked.stage = row.to
    locked.joint_version += 1
    locked.save()
    notifications.clear_over(locked)
    if row.to == Stage.JOINT:
        live.gather(locked)
    actor = None if row.by_both_sides or member is None else member.any.user
    activity_log.record(locked.partnership, actor, row.log_verb, locked.title)
    return locked


@transaction.atomic
def confirm(assessment: Assessment, member: MemberRoles) -> Assessment:
    """Confirm the final review; the confirmation that completes the set closes the assessment."""
    locked = lock_and_require(assessment, member, WorkflowAction.CONFIRM_CLOSING)
    membership = member.membership(Role.FACILITATOR)
    ClosingConfirmation.objects.get_or_create(assessment=locked, membership=membership)
    return apply(locked, member, WorkflowAction.CLOSE_ASSESSMENT) if guards.may_close(locked) else locked
