"""What a person is to do next, in one assessment and over all of hers."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Action, Assessment, Mode, Stage
from assessments.services.rating import private_answers
from assessments.workflow import actions
from assessments.workflow.rows import NextStep
from partnerships.access import MemberRoles
from partnerships.models import Membership, Role, User

OPEN = [stage for stage in Stage.values if stage != Stage.CLOSED]


@dataclass(frozen=True)
class Todo:
    """One next step: what is asked in one sentence, where it is done, and whether it waits for this person."""

    text: str
    label: str
    url: str
    mine: bool = True
    due: date | None = None


def todo(assessment: Assessment, member: MemberRoles, sheet: "private_answers.SheetState") -> Todo:
    """Return what this person is to do next here; `sheet` is the state of her own answers."""
    action = next_action(assessment, member, sheet)
    step = actions.STEPS[action].next_step if action else None
    if step is None:
        return _waiting(assessment, member)
    due = assessment.rating_due if assessment.stage == Stage.RATING else None
    return Todo(str(step.text), str(step.label), _url(assessment, step.page), due=due)


def next_action(
    assessment: Assessment, member: MemberRoles, sheet: "private_answers.SheetState"
) -> actions.Action | None:
    """Return the action that waits for this person, if any."""
    match assessment.stage:
        case Stage.COLLECTING:
            return actions.Action.ARRANGE_DECISIONS if member.is_facilitator else actions.Action.PROPOSE
        case Stage.VOTING:
            return _action_of_vote(assessment, member)
        case Stage.RATING:
            return _action_of_rating(assessment, sheet) if member.represents else None
        case Stage.JOINT:
            return actions.Action.RECORD if member.is_facilitator else actions.Action.TAKE_PART
        case Stage.READBACK if member.is_facilitator:
            return actions.Action.CONFIRM_CLOSING
        case Stage.READBACK if member.represents:
            return actions.Action.REPLY
    return None


def _action_of_vote(assessment: Assessment, member: MemberRoles) -> actions.Action | None:
    if member.is_facilitator:
        return actions.Action.END_VOTE
    return actions.Action.VOTE if member.represents and not assessment.vote_ended_at else None


def _action_of_rating(assessment: Assessment, sheet: "private_answers.SheetState") -> actions.Action | None:
    if assessment.answers_by_side:
        return actions.Action.ANSWER_FOR_SIDE
    started = {
        private_answers.SheetState.NONE: actions.Action.ANSWER,
        private_answers.SheetState.STARTED: actions.Action.HAND_IN,
    }
    return started.get(sheet)


def _waiting(assessment: Assessment, member: MemberRoles) -> Todo:
    """Return what a person reads who is asked for nothing now."""
    step = _while_waiting(assessment, member)
    # Facilitators find an open rating on the start page, though they wait for others.
    mine = assessment.stage == Stage.RATING and member.is_facilitator and not member.represents
    return Todo(str(step.text), str(step.label), _url(assessment, step.page), mine=mine)


def _while_waiting(assessment: Assessment, member: MemberRoles) -> NextStep:
    match assessment.stage:
        case Stage.VOTING if assessment.vote_ended_at:
            text = _("The vote has ended. The facilitators choose which decisions go on.")
            return NextStep(text, _("See the list"), "decisions")
        case Stage.VOTING:
            return NextStep(_("The group votes on which decisions matter most."), _("See the list"), "decisions")
        case Stage.RATING if member.represents:
            text = _("Your answers are handed in. You can change them until rating closes.")
            return NextStep(text, _("Look at my answers"), "rate-review")
        case Stage.RATING if assessment.answers_by_side:
            text = _("Within each side, representatives agree on one answer now.")
            return NextStep(text, _("See the progress"), "overview")
        case Stage.RATING:
            return NextStep(_("Representatives give their private answers now."), _("See the progress"), "overview")
        case Stage.READBACK:
            return NextStep(_("What was agreed is being read back."), _("Read along"), "closing")
    return NextStep(_("Closed. Read what came out, and follow the actions up."), _("See the results"), "dashboard")


def _url(assessment: Assessment, page: str) -> str:
    return reverse(f"assessments:{page}", args=[assessment.code])


def roles_by_partnership(user: User, partnerships: set[int] | None = None) -> dict[int, MemberRoles]:
    """Return a person's roles in each of her partnerships, or of those that are named, in one query."""
    memberships = user.memberships.in_force()
    if partnerships is not None:
        memberships = memberships.filter(partnership__in=partnerships)
    by_partnership: dict[int, list[Membership]] = {}
    for membership in memberships:
        by_partnership.setdefault(membership.partnership_id, []).append(membership)
    return {partnership: MemberRoles(tuple(own)) for partnership, own in by_partnership.items()}


def with_todos(assessments: list[Assessment], user: User) -> list[tuple[Assessment, Todo]]:
    """Return each assessment with the person's next step there, in two queries for all of them."""
    own = roles_by_partnership(user, {each.partnership_id for each in assessments})
    sheets = private_answers.sheet_states(user, assessments)
    return [
        (each, todo(each, own[each.partnership_id], sheets.get(each.pk, private_answers.SheetState.NONE)))
        for each in assessments
        if each.partnership_id in own
    ]


def open_sheets(user: User) -> "list[tuple[Assessment, Todo]]":
    """Return the assessments that this person can answer now, with her next step in each."""
    own = Membership.objects.in_force().representatives().filter(user=user)
    asked = Assessment.objects.filter(stage=Stage.RATING, participants__partner__in=own.values("partner"))
    asked = asked.exclude(mode=Mode.CAUCUS)  # its sheet is the side's, and lies on no device
    return with_todos(list(asked.select_related("partnership").order_by("rating_due", "pk")), user)


def needs(user: User) -> list[dict]:
    """Return what waits for this person, for the start page: open assessments and actions of her organisation."""
    assessments = list(Assessment.objects.newest_of(user, 50, OPEN).select_related("partnership"))
    found = [
        {"title": each.title, "where": each.partnership.name, "url": step.url, "why": step.text, "due": step.due}
        for each, step in with_todos(assessments, user)
        if step.mine
    ]
    return [*found, *_due_actions(user)]


def _due_actions(user: User):
    partners = {
        membership.partner_id
        for own in roles_by_partnership(user).values()
        for membership in own.memberships
        if membership.role != Role.OBSERVER
    }
    planned = Action.objects.filter(
        owner__partner__in=partners - {None}, status__in=[Action.Status.PLANNED, Action.Status.STARTED]
    )
    for action in planned.select_related("assessment").order_by("due")[:20]:
        url = reverse("assessments:action", args=[action.assessment.code, action.code])
        why = _("An action of your organisation, from “%(title)s”.") % {"title": action.assessment.title}
        yield {"title": action.text, "url": url, "why": why, "due": action.due}
