"""Actions: planned in the session, followed up afterwards, confirmed by a partner that should gain influence."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assessments.models import Action, ActionNote, AgreedLevel, Assessment, Decision, Participant
from assessments.models.limits import LONGEST_ACTION_NOTE
from assessments.services import notifications
from assessments.services.session.joint import changed, gains, values_of
from assessments.workflow import actions
from assessments.workflow.actions import MEMBERS, lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import Membership, Role, User
from partnerships.notifications import notify
from partnerships.services import Refused

Status = Action.Status
REMIND_BEFORE = (timedelta(days=14), timedelta(days=1))


@transaction.atomic
def plan(assessment: Assessment, member: MemberRoles, decision: Decision, **fields) -> Action:
    """Plan an action for a decision; the same text for the same decision twice is one action."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.PLAN_ACTION)
    if decision.assessment_id != locked.pk:
        raise PermissionDenied
    same = decision.actions.filter(text=fields["text"]).first()
    if same:
        return same
    action = Action.objects.create(assessment=locked, decision=decision, **fields)
    ActionNote.objects.create(action=action, membership=member.any, status=action.status)
    changed(locked)
    return action


@transaction.atomic
def amend(assessment: Assessment, member: MemberRoles, action: Action, **fields) -> Action:
    """Change an action's text, owner, date or confirming partner while the session is open."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.PLAN_ACTION)
    if not locked.actions.filter(pk=action.pk).update(updated_at=timezone.now(), **fields):
        raise Refused(_("Someone has removed this action since you opened this page."))
    changed(locked)
    return Action.objects.get(pk=action.pk)


@transaction.atomic
def remove(assessment: Assessment, member: MemberRoles, action: Action) -> None:
    """Delete an action while the session is open."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.PLAN_ACTION)
    locked.actions.filter(pk=action.pk).delete()
    changed(locked)


def gaining(decision: Decision) -> set[int]:
    """Return the ids of the participants that should gain influence in a decision."""
    cells = AgreedLevel.objects.filter(decision=decision, desired__isnull=False)
    return {cell.participant_id for cell in cells if gains(values_of(cell))}


def gains_say(action: Action) -> set[int]:
    """Return the ids of the participants that should gain influence through an action, its owner left out."""
    return gaining(action.decision) - {action.owner_id}


def to_confirm(partners: set[int]) -> list[Action]:
    """Return the actions reported as done that one of these partners confirms, in two queries."""
    done = Action.objects.filter(status=Status.DONE, assessment__participants__partner__in=partners).distinct()
    actions = list(done.select_related("assessment", "owner", "confirmer").order_by("due", "pk"))
    cells = AgreedLevel.objects.filter(decision__in={one.decision_id for one in actions}, desired__isnull=False)
    of_partners = cells.filter(participant__partner__in=partners) if actions else cells.none()
    gained = {(cell.decision_id, cell.participant_id) for cell in of_partners if gains(values_of(cell))}
    return [action for action in actions if _confirms(action, partners, gained)]


def _confirms(action: Action, partners: set[int], gained: set[tuple[int, int]]) -> bool:
    """Say whether one of the partners is the named one, or else gains influence without being the owner."""
    if action.confirmer and action.confirmer_id != action.owner_id:
        return action.confirmer.partner_id in partners
    return any(decision == action.decision_id and own != action.owner_id for decision, own in gained)


def may_confirm(action: Action, member: MemberRoles) -> bool:
    """Say whether this person speaks for the partner that confirms: the named one, else any that was to gain."""
    membership = member.represents
    if membership is None:
        return False
    if action.confirmer and action.confirmer_id != action.owner_id:
        return action.confirmer.partner_id == membership.partner_id
    speaks_for = Participant.objects.filter(assessment=action.assessment_id, partner=membership.partner_id)
    return speaks_for.filter(pk__in=gains_say(action)).exists()


def next_statuses(action: Action, member: MemberRoles) -> list[str]:
    """Return the statuses that this person may report; a confirming partner may also say that it is not done."""
    if action.status == Status.CONFIRMED:
        return []
    reports = member.is_facilitator or _owns(action, member)
    confirms = action.status == Status.DONE and may_confirm(action, member)
    statuses = [Status.PLANNED, Status.STARTED, Status.DONE, Status.DROPPED] if reports else []
    if confirms:
        statuses = [Status.CONFIRMED, *(statuses or [Status.STARTED])]
    return [status.value for status in statuses]


@transaction.atomic
def follow_up(assessment: Assessment, member: MemberRoles, action: Action, status: str, text: str = "") -> Action:
    """Note a new status. The owner's people and facilitators report; only the gaining partner confirms."""
    lock_and_require(assessment, member, actions.WorkflowAction.FOLLOW_UP)
    row = Action.objects.select_related("owner", "confirmer", "decision").get(pk=action.pk)
    if row.status == status and (not text or status == Status.CONFIRMED):
        return row
    if row.status == Status.CONFIRMED:
        raise Refused(_("This action has already been confirmed."))
    if status == Status.CONFIRMED and row.status != Status.DONE and may_confirm(row, member):
        raise Refused(_("The responsible partner has not yet reported this action as done."))
    if status not in next_statuses(row, member):
        raise PermissionDenied
    if status == Status.CONFIRMED:
        row.confirmed_by, row.confirmed_at = member.any.user, timezone.now()
    row.status, row.updated_at = status, timezone.now()
    row.save()
    kept = text[:LONGEST_ACTION_NOTE]
    note = ActionNote.objects.create(action=row, membership=_speaking(member, status), status=status, text=kept)
    notifications.clear_of_action(row)
    if status == Status.DONE:
        _ask_to_confirm(assessment, row, note)
    return row


def _speaking(member: MemberRoles, status: str) -> Membership:
    """Return the membership that a report is recorded under: to confirm, that of a representative."""
    return (status == Status.CONFIRMED and member.represents) or member.any


def _owns(action: Action, member: MemberRoles) -> bool:
    return any(membership.partner_id == action.owner.partner_id for membership in member.memberships)


def _ask_to_confirm(assessment: Assessment, action: Action, note: ActionNote) -> None:
    named = {action.confirmer_id} if action.confirmer_id and action.confirmer_id != action.owner_id else set()
    ids = named or gains_say(action)
    partners = Participant.objects.filter(pk__in=ids).values("partner_id")
    memberships = assessment.partnership.memberships.in_force().representatives().filter(partner_id__in=partners)
    notify(
        "assessments.confirm_action",
        {membership.user for membership in memberships.select_related("user")},
        url=url_of(action, assessment),
        dedupe=f"{action.code}:{note.pk}",  # Reported as done again, it is asked again.
        action=action.text,
        owner=action.owner.name,
        assessment=assessment.title,
    )


def url_of(action: Action, assessment: Assessment) -> str:
    return f"{assessment.get_absolute_url()}actions/{action.code}/"


def remind(today=None) -> int:
    """Remind the owners of actions that fall due or are overdue, once per date; return how many actions."""
    today = today or timezone.localdate()
    open_actions = Action.objects.filter(status__in=[Status.PLANNED, Status.STARTED])
    due = open_actions.filter(due__lte=today + max(REMIND_BEFORE)).select_related("assessment__partnership", "owner")
    for action in due:
        _remind_of(action, today)
    return len(due)


def _remind_of(action: Action, today) -> None:
    notify(
        "assessments.action_due",
        _whom_to_remind(action),
        url=url_of(action, action.assessment),
        dedupe=f"{action.code}:{moment_of(action, today)}:{action.due}",
        action=action.text,
        due=action.due.isoformat(),
        moment=moment_of(action, today),
        assessment=action.assessment.title,
    )


def moment_of(action: Action, today) -> str:
    """Name the reminder that is due: soon (14 days before), tomorrow (a day before, or today), overdue."""
    if action.due < today:
        return "overdue"
    return "tomorrow" if action.due <= today + min(REMIND_BEFORE) else "soon"


def _whom_to_remind(action: Action) -> set[User]:
    """Return the owner's people; the facilitators where the owner has nobody here."""
    memberships = action.assessment.partnership.memberships.in_force().filter(role__in=MEMBERS).select_related("user")
    owners = {membership.user for membership in memberships if membership.partner_id == action.owner.partner_id}
    return owners or {membership.user for membership in memberships if membership.role == Role.FACILITATOR}


def of_last_time(assessment: Assessment) -> list[Action]:
    """Return the actions of the assessment before, in the same partnership, with how they stand."""
    earlier = Action.objects.filter(
        assessment=assessment.predecessor_id, assessment__partnership=assessment.partnership_id
    )
    return list(earlier.select_related("owner").order_by("due", "pk")) if assessment.predecessor_id else []


# --- what the pages show


@dataclass
class Listed:
    """The actions of one assessment in one group, by date."""

    name: str
    title: str | Promise
    actions: list[Action]


GROUPS = {
    "overdue": gettext_lazy("Overdue"),
    "soon": gettext_lazy("Due within 14 days"),
    "later": pgettext_lazy("actions", "Later"),
    "done": gettext_lazy("Done, not yet confirmed"),
    "confirmed": pgettext_lazy("actions", "Confirmed"),
    "dropped": pgettext_lazy("actions", "Dropped"),
}


def listed(assessment: Assessment, today=None) -> list[Listed]:
    """Return the actions by group and date, in one statement; groups without an action are left out."""
    today = today or timezone.localdate()
    groups: dict[str, list[Action]] = {name: [] for name in GROUPS}
    for action in assessment.actions.select_related("decision", "owner", "confirmer").order_by("due", "pk"):
        groups[group_of(action, today)].append(action)
    return [Listed(name, GROUPS[name], actions) for name, actions in groups.items() if actions]


def group_of(action: Action, today=None) -> str:
    today = today or timezone.localdate()
    if action.status in (Status.DONE, Status.CONFIRMED, Status.DROPPED):
        return action.status
    if action.due < today:
        return "overdue"
    return "soon" if action.due <= today + max(REMIND_BEFORE) else "later"
