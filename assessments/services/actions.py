"""Actions: planned in the session, followed up afterwards, confirmed by a partner that was to gain say."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Action, ActionNote, AgreedLevel, Assessment, Decision, Participant
from assessments.services.joint import changed, hold
from assessments.services.steps import NotNow
from partnerships.access import Standing
from partnerships.notices import notify

REMIND_BEFORE = (timedelta(days=14), timedelta(days=1))


@transaction.atomic
def plan(assessment: Assessment, standing: Standing, decision: Decision, **fields) -> Action:
    """Plan an action for a decision; the same text for the same decision twice is one action."""
    held = hold(assessment, standing, "plan_action")
    same = decision.actions.filter(text=fields["text"]).first()
    if same:
        return same
    action = Action.objects.create(assessment=held, decision=decision, **fields)
    ActionNote.objects.create(action=action, seat=standing.any, status=action.status)
    changed(held)
    return action


@transaction.atomic
def amend(assessment: Assessment, standing: Standing, action: Action, **fields) -> Action:
    """Change an action's text, owner, date or confirming partner while the session is open."""
    held = hold(assessment, standing, "plan_action")
    Action.objects.filter(pk=action.pk).update(updated_at=timezone.now(), **fields)
    changed(held)
    action.refresh_from_db()
    return action


@transaction.atomic
def remove(assessment: Assessment, standing: Standing, action: Action) -> None:
    """Take an action back while the session is open."""
    held = hold(assessment, standing, "plan_action")
    action.delete()
    changed(held)


def gains_say(action: Action) -> set[int]:
    """Return the ids of the participants that were to gain say in the action's decision: desired above actual."""
    cells = AgreedLevel.objects.filter(decision=action.decision_id, desired__isnull=False)
    return {cell.participant_id for cell in cells if cell.actual is None or cell.desired > cell.actual}


def may_confirm(action: Action, standing: Standing) -> bool:
    """Say whether this person speaks for the partner that confirms: the named one, else any that was to gain."""
    seat = standing.represents
    if seat is None:
        return False
    if action.confirmer_id:
        return action.confirmer.partner_id == seat.partner_id
    speaks_for = Participant.objects.filter(assessment=action.assessment_id, partner=seat.partner_id)
    return speaks_for.filter(pk__in=gains_say(action) - {action.owner_id}).exists()


@transaction.atomic
def follow_up(assessment: Assessment, standing: Standing, action: Action, status: str, text: str = "") -> Action:
    """Note a new status. The owner's people and facilitators report; only the gaining partner confirms."""
    hold(assessment, standing, "follow_up")
    row = Action.objects.select_for_update().select_related("owner", "confirmer", "decision").get(pk=action.pk)
    if status == Action.Status.CONFIRMED:
        _confirm(row, standing)
    elif not (standing.is_facilitator or _owns(row, standing)):
        raise PermissionDenied
    elif row.status == Action.Status.CONFIRMED:
        raise NotNow(_("This action is confirmed already."))
    if row.status == status and not text:
        return row
    row.status, row.updated_at = status, timezone.now()
    row.save()
    ActionNote.objects.create(action=row, seat=standing.any, status=status, text=text[:500])
    if status == Action.Status.DONE:
        _ask_to_confirm(assessment, row)
    return row


def _confirm(action: Action, standing: Standing) -> None:
    if not may_confirm(action, standing):
        raise PermissionDenied
    if action.status != Action.Status.DONE:
        raise NotNow(_("The owner has not reported it as done yet."))
    action.confirmed_by, action.confirmed_at = standing.any.user, timezone.now()


def _owns(action: Action, standing: Standing) -> bool:
    return any(seat.partner_id == action.owner.partner_id for seat in standing.seats)


def _ask_to_confirm(assessment: Assessment, action: Action) -> None:
    ids = {action.confirmer_id} if action.confirmer_id else gains_say(action) - {action.owner_id}
    partners = Participant.objects.filter(pk__in=ids).values("partner_id")
    seats = assessment.partnership.seats.in_force().representatives().filter(partner_id__in=partners)
    notify(
        "assessments.confirm_action",
        {seat.user for seat in seats.select_related("user")},
        url=f"{assessment.get_absolute_url()}actions/{action.code}/",
        dedupe=action.code,
        action=action.text,
        assessment=assessment.title,
    )


def remind(today=None) -> int:
    """Remind the owners of actions that fall due or are overdue, once per date; return how many actions."""
    today = today or timezone.localdate()
    open_actions = Action.objects.filter(status__in=[Action.Status.PLANNED, Action.Status.STARTED])
    due = open_actions.filter(due__lte=today + max(REMIND_BEFORE)).select_related("assessment__partnership", "owner")
    for action in due:
        _remind_of(action, today)
    return len(due)


def _remind_of(action: Action, today) -> None:
    moment = "overdue" if action.due < today else "tomorrow" if action.due <= today + min(REMIND_BEFORE) else "soon"
    seats = action.assessment.partnership.seats.in_force().filter(partner_id=action.owner.partner_id)
    notify(
        "assessments.action_due",
        {seat.user for seat in seats.select_related("user")},
        url=f"{action.assessment.get_absolute_url()}actions/{action.code}/",
        dedupe=f"{action.code}:{moment}:{action.due}",
        action=action.text,
        due=action.due.isoformat(),
        assessment=action.assessment.title,
    )
