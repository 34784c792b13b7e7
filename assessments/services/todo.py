"""What a person is to do next, in one assessment and over all of hers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Action, Assessment, Mode, Stage
from assessments.services.rating import private_answers
from partnerships.access import MemberRoles
from partnerships.models import Membership, Partnership, Role, User

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

    def at(name: str) -> str:
        return reverse(f"assessments:{name}", args=[assessment.code])

    stage, facilitates = assessment.stage, member.is_facilitator
    if stage == Stage.COLLECTING:
        if facilitates:
            text = _("Gather the decisions that matter, invite people, then open the assessment.")
            return Todo(text, _("See what is missing"), at("ready"))
        return Todo(_("Propose decisions that matter to you."), _("Propose decisions"), at("decisions"))
    if stage == Stage.VOTING:
        if facilitates:
            text = _("When everyone has had time to vote, end the vote. Then choose which decisions go on.")
            return Todo(text, _("Choose"), at("choose"))
        if assessment.vote_ended_at:
            text = _("The vote has ended. The facilitators choose which decisions go on.")
            return Todo(text, _("See the list"), at("decisions"), mine=False)
        if member.represents:
            return Todo(_("Choose up to five decisions that matter most."), _("Vote"), at("vote"))
        return Todo(
            _("The group votes on which decisions matter most."), _("See the list"), at("decisions"), mine=False
        )
    if stage == Stage.RATING:
        return _while_rating(assessment, member, sheet, at)
    if stage == Stage.JOINT:
        label = _("Lead the session") if facilitates else _("Follow the session")
        return Todo(_("The joint session is open: find the levels you agree on."), label, at("session"))
    if stage == Stage.READBACK:
        if facilitates:
            return Todo(_("Read back what was agreed, and confirm it."), _("Read back"), at("closing"))
        if member.represents:
            text = _("Read back what was agreed; your organisation may reply.")
            return Todo(text, _("Read back"), at("closing"))
        return Todo(_("What was agreed is being read back."), _("Read along"), at("closing"), mine=False)
    return Todo(
        _("Closed. Read what came out, and follow the actions up."), _("See the results"), at("dashboard"), False
    )


def _while_rating(assessment: Assessment, member: MemberRoles, sheet: "private_answers.SheetState", at) -> Todo:
    if assessment.answers_by_side:
        return _while_sides_answer(assessment, member, at)
    if not member.represents:
        text = _("Representatives give their private answers now.")
        return Todo(text, _("See the progress"), at("overview"), mine=member.is_facilitator)
    if sheet == private_answers.SheetState.HANDED_IN:
        text = _("Your answers are handed in. You can change them until rating closes.")
        return Todo(text, _("Look at my answers"), at("rate-review"), mine=False)
    if sheet == private_answers.SheetState.STARTED:
        text = _("Go on with your answers, and hand them in: only then do they count.")
        return Todo(text, _("Go on"), at("rate"), due=assessment.rating_due)
    text = _("Say privately how you see each partner's say in each decision.")
    return Todo(text, _("Read who sees what, and start"), at("rate"), due=assessment.rating_due)


def _while_sides_answer(assessment: Assessment, member: MemberRoles, at) -> Todo:
    if not member.represents:
        text = _("Within each side, representatives agree on one answer now.")
        return Todo(text, _("See the progress"), at("overview"), mine=member.is_facilitator)
    text = _("Agree with your side on one answer: how much say each partner has in each decision.")
    return Todo(text, _("Read who sees what, and start"), at("caucus"), due=assessment.rating_due)


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
    return [*_first_assessments(user), *found, *_due_actions(user)]


def _first_assessments(user: User) -> Iterator[dict]:
    """Yield the partnerships that this person facilitates and that have no assessment yet."""
    facilitated = user.memberships.in_force().facilitators().values("partnership")
    for partnership in Partnership.objects.real().filter(pk__in=facilitated, assessments=None)[:5]:
        url = reverse("assessments:create", args=[partnership.code])
        why = _("Say who sees what, choose the decisions, then open the assessment.")
        title = _("Set up your first assessment")
        yield {"title": title, "where": partnership.name, "url": url, "why": why, "due": None}


def _due_actions(user: User):
    partners = {
        membership.partner_id
        for own in roles_by_partnership(user).values()
        for membership in own.memberships
        if membership.role != Role.OBSERVER
    }
    actions = Action.objects.filter(
        owner__partner__in=partners - {None}, status__in=[Action.Status.PLANNED, Action.Status.STARTED]
    )
    for action in actions.select_related("assessment").order_by("due")[:20]:
        url = reverse("assessments:action", args=[action.assessment.code, action.code])
        why = _("An action of your organisation, from “%(title)s”.") % {"title": action.assessment.title}
        yield {"title": action.text, "url": url, "why": why, "due": action.due}
