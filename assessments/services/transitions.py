"""Moving an assessment from stage to stage: the step, its effects and its trail in one transaction."""

from collections.abc import Callable

from django.db import transaction

from assessments.models import Assessment, ClosingConfirmation, Stage
from assessments.services import notifications
from assessments.services.followup import closing
from assessments.services.session import joint, live
from assessments.services.setup import opening, voting
from assessments.workflow import actions, guards
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Role
from partnerships.services import memberships

EFFECTS: dict[str, Callable[..., None]] = {
    "open_voting": voting.begin,
    "end_vote": voting.end,
    "open_rating": opening.open_rating,
    "reopen_decisions": opening.reopen_decisions,
    "start_session": opening.start_session,
    "close_rating": opening.close_rating,
    "read_back": closing.read_back,
    "back_to_session": closing.back_to_session,
    "close_assessment": closing.close,
}


@transaction.atomic
def apply(assessment: Assessment, member: MemberRoles | None, action: str, **options) -> Assessment:
    """Take a step to another stage with its effects, in one transaction; return the assessment as it is then.

    `options` are the effect's own: the read-back takes `due`, the last day for replies. `standing` is None where the
    words of both sides take the step; the activity log names nobody then, whoever gave the last word.
    """
    if action in actions.SNAPSHOTS:
        memberships.lock(assessment.partnership)
    held = Assessment.objects.select_for_update(no_key=True).select_related("partnership").get(pk=assessment.pk)
    step = actions.require(held, member, action)
    if step.to is None:
        raise ValueError(f"{action} leads nowhere")
    if effect := EFFECTS.get(action):
        effect(held, **options)
    held.stage = step.to
    held.joint_version += 1
    held.save()
    notifications.clear_over(held)
    if step.to == Stage.JOINT:
        live.gather(held)
    if step.by_words or member is None:
        activity_log.record(held.partnership, None, f"words.{action}", held.title)
    else:
        activity_log.record(held.partnership, member.any.user, action, held.title)
    return held


@transaction.atomic
def confirm(assessment: Assessment, member: MemberRoles) -> Assessment:
    """Confirm the read-back; the confirmation that completes the set closes the assessment."""
    held = joint.hold(assessment, member, "confirm_closing")
    membership = member.membership(Role.FACILITATOR)
    ClosingConfirmation.objects.get_or_create(assessment=held, membership=membership)
    return apply(held, member, "close_assessment") if guards.may_close(held) else held
