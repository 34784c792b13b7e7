"""What a person is to do next, in one assessment and over all of hers."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import (
    Action,
    Assessment,
    AssessmentFact,
    Decision,
    Funder,
    Mode,
    NamedAcceptance,
    Participant,
    Pledge,
    Stage,
)
from assessments.services.followup import planned_actions, reviews
from assessments.services.rating import private_answers, wanted_languages
from assessments.services.setup import facts as declared
from assessments.workflow import actions, next_steps
from assessments.workflow.actions import ROW_OF
from assessments.workflow.next_steps import Own
from assessments.workflow.steps import NAMES, step_of
from partnerships.access import MemberRoles
from partnerships.locales import isolated
from partnerships.models import Membership, Partner, Partnership, Role, User

MOST = 20  # of one kind, on the start page
OPEN = [stage for stage in Stage.values if stage != Stage.CLOSED]


@dataclass(frozen=True)
class Todo:
    """One next step: what is asked in one sentence, where it is done if anything is, and whether it waits for her."""

    text: str
    label: str = ""
    url: str = ""
    mine: bool = True
    due: date | None = None
    facts: next_steps.StateCounts = field(default_factory=next_steps.StateCounts)


def todo(assessment: Assessment, member: MemberRoles, facts: next_steps.StateCounts, own: Own) -> Todo:
    """Return what this person is to do next here; `own` is how far she is with her own answers."""
    step = next_steps.next_step(next_steps.state_of(assessment, facts), member, own)
    due = assessment.rating_due if assessment.stage == Stage.RATING else None
    text = next_steps.text_of_step(step, due)
    return Todo(text, str(step.label), url_of(assessment, step), step.waits, due if step.waits else None, facts)


def url_of(assessment: Assessment, step: next_steps.NextStep) -> str:
    """Return the address of a step's button; nothing where nothing is to do."""
    if not step.page:
        return ""
    if step.of_partnership:
        return reverse(f"partnerships:{step.page}", args=[assessment.partnership.code])
    return reverse(f"assessments:{step.page}", args=[assessment.code, *filter(None, [step.argument])])


def standings(
    user: User, assessments: Iterable[Assessment], roles: dict[int, MemberRoles]
) -> dict[int, tuple[next_steps.StateCounts, Own]]:
    """Return what is counted of each assessment, and how far the person is with her own answers.

    `roles` are the person's, by partnership.

    What few assessments need is asked only of these: one statement for everything took twice as long.
    """
    every = list(assessments)
    partnerships = {each.partnership_id for each in every}
    partners = _counted(Partner.objects.filter(partnership__in=partnerships, left_at=None), "partnership")
    decisions = _counted(Decision.objects.active().filter(assessment__in=every), "assessment")
    facts = _counted(AssessmentFact.objects.filter(assessment__in=every), "assessment")
    undeclared = _undeclared(user, facts)
    own = own_states(user, [each for each in every if each.stage == Stage.RATING], roles)
    return {
        each.pk: (
            next_steps.StateCounts(
                partners.get(each.partnership_id, 0),
                decisions.get(each.pk, 0),
                facts.get(each.pk, 0),
                each.pk in undeclared,
            ),
            own.get(each.pk, Own.NOT_ASKED),
        )
        for each in every
    }


def _counted(rows: QuerySet, by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk")))


def _undeclared(user: User, assessments: Collection[int]) -> set[int]:
    """Return those of the assessments with facts in which the person's own organisation has not declared all."""
    if not assessments:
        return set()
    return set(declared.undeclared(user).filter(assessment__in=assessments).values_list("assessment", flat=True))


def own_states(user: User, rated: list[Assessment], roles: dict[int, MemberRoles]) -> dict[int, Own]:
    """Return how far a representative is with her own answers in each assessment that asks her; rating is open."""
    own = [member.represents.partner_id for member in roles.values() if member.represents]
    if not rated or not own:
        return {}
    participants = Participant.objects.filter(assessment__in=rated, partner__in=own)
    asked = set(participants.values_list("assessment", flat=True))
    if not asked:
        return {}
    sheets = private_answers.sheets_of(user).filter(assessment__in=asked)
    submitted: dict[int, bool] = {}
    for pk, submitted_at in sheets.values_list("assessment", "submitted_at"):
        submitted[pk] = submitted.get(pk, False) or submitted_at is not None
    return {each.pk: _own_state(each, submitted.get(each.pk)) for each in rated if each.pk in asked}


def _own_state(assessment: Assessment, submitted: bool | None) -> Own:
    if assessment.answers_by_side:
        return Own.WITH_SIDE
    if submitted is None:
        return Own.NONE
    return Own.SUBMITTED if submitted else Own.STARTED


def named_questions(user: User, assessments: Iterable[Assessment]) -> set[int]:
    """Return the assessments in which a representative has not answered the private question of the named mode."""
    asked = [each for each in assessments if _asks_named(each)]
    if not asked:
        return set()
    own = Membership.objects.in_force().representatives().filter(user=user)
    waiting = own.exclude(pk__in=NamedAcceptance.objects.filter(assessment__in=asked).values("membership"))
    partnerships = set(waiting.values_list("partnership", flat=True))
    return {each.pk for each in asked if each.partnership_id in partnerships}


def _asks_named(assessment: Assessment) -> bool:
    begun = assessment.first_opened_at or assessment.stage not in (Stage.COLLECTING, Stage.VOTING)
    return assessment.private_ratings and assessment.mode_wanted == Mode.NAMED and not begun


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
    """Return each assessment with the person's next step there, in a few queries for all of them."""
    roles = roles_by_partnership(user, {each.partnership_id for each in assessments})
    standing_by_id = standings(user, assessments, roles)
    return [
        (each, todo(each, roles[each.partnership_id], *standing_by_id[each.pk]))
        for each in assessments
        if each.partnership_id in roles
    ]


def open_sheets(user: User) -> "list[tuple[Assessment, Todo]]":
    """Return the assessments that this person can answer now, with her next step in each."""
    own = Membership.objects.in_force().representatives().filter(user=user)
    asked = Assessment.objects.filter(stage=Stage.RATING, participants__partner__in=own.values("partner"))
    asked = asked.exclude(mode=Mode.CAUCUS)  # its sheet is the side's, and lies on no device
    return with_todos(list(asked.select_related("partnership").order_by("rating_due", "pk")), user)


@dataclass(frozen=True)
class ToDoList:
    """What the start page shows of a person's assessments: sessions that run, what waits for her, what goes on."""

    now: list[dict]
    needs: list[dict]
    under_way: list[dict]


def to_do_list(user: User) -> ToDoList:
    """Return a person's open assessments and actions as the start page shows them."""
    assessments = list(Assessment.objects.newest_of(user, 50, OPEN).select_related("partnership"))
    rows = with_todos(assessments, user)
    roles = roles_by_partnership(user)
    asked = [_need(each, step) for each, step in rows if step.mine and each.stage != Stage.JOINT]
    more = [
        *_named(user, assessments),
        *_pledges(user, assessments),
        *_facts(rows),
        *_translations(roles, assessments),
        *_due_actions(roles),
        *_to_confirm(roles),
    ]
    return ToDoList(
        now=[_need(each, step) for each, step in rows if each.stage == Stage.JOINT],
        needs=[*_first_assessments(user), *asked, *more, *_reviews(roles)],
        under_way=[_line(each, step) for each, step in rows],
    )


def _first_assessments(user: User) -> Iterator[dict]:
    """Yield the partnerships that this person facilitates and that have no assessment yet."""
    facilitated = user.memberships.in_force().facilitators().values("partnership")
    for partnership in Partnership.objects.real().not_archived().filter(pk__in=facilitated, assessments=None)[:5]:
        url = reverse("assessments:create", args=[partnership.code])
        why = _("Decide who sees what, and choose the decisions. Then open the assessment.")
        title = _("Set up your first assessment")
        yield {"title": title, "where": partnership.name, "url": url, "why": why, "due": None}


def _need(assessment: Assessment, step: Todo) -> dict:
    """Return what waits in an assessment: the verb first, then the assessment and its partnership."""
    where = f"{assessment.title} · {assessment.partnership.name}"
    return {"title": step.label, "where": where, "url": step.url, "why": step.text, "due": step.due}


def _line(assessment: Assessment, step: Todo) -> dict:
    """Return one line about an assessment: its step and what it waits for, with the day."""
    return {
        "title": assessment.title,
        "url": assessment.get_absolute_url(),
        "step": NAMES[step_of(assessment)],
        "why": step.text,
        "due": assessment.rating_due if assessment.stage == Stage.RATING else None,
    }


def _named(user: User, assessments: list[Assessment]) -> Iterator[dict]:
    asked = named_questions(user, assessments)
    for each in (assessment for assessment in assessments if assessment.pk in asked):
        yield {
            "title": _("May we show your organisation's answers with its name?"),
            "where": each.title,
            "url": reverse("assessments:named", args=[each.code]),
            "why": _("Answer privately. No one else sees your answer."),
            "due": None,
        }


def _pledges(user: User, assessments: list[Assessment]) -> Iterator[dict]:
    """Yield the pledges that this person may sign for an organisation that gives money, and has not signed."""
    open_ones = [each for each in assessments if each.stage in ROW_OF[actions.WorkflowAction.SIGN_PLEDGE].stages]
    own = Membership.objects.in_force().representatives().filter(user=user)
    of_either = Q(assessment=OuterRef("assessment")) | Q(partnership=OuterRef("assessment__partnership"))
    signed = Pledge.objects.filter(of_either, membership__in=own, withdrawn_at=None)
    asked = Funder.objects.filter(assessment__in=open_ones, partner__in=own.values("partner")).exclude(Exists(signed))
    unsigned = set(asked.values_list("assessment", flat=True)) if open_ones else set()
    for each in (one for one in open_ones if one.pk in unsigned):
        yield {
            "title": _("Sign the pledge"),
            "where": each.title,
            "url": reverse("assessments:pledge", args=[each.code]),
            "why": _("You promise that nothing said in this assessment will affect grants."),
            "due": None,
        }


def _facts(rows: list[tuple[Assessment, Todo]]) -> Iterator[dict]:
    """Yield the assessments in which the person's organisation has not declared all facts."""
    for each in (assessment for assessment, step in rows if step.facts.undeclared):
        yield {
            "title": _("Declare your organisation's facts"),
            "where": each.title,
            "url": reverse("assessments:facts-declare", args=[each.code]),
            "why": _(
                "Facts are things that can be counted, such as money, posts and contracts. All members will see "
                "what you declare."
            ),
            "due": None,
        }


def _translations(roles: dict[int, MemberRoles], assessments: list[Assessment]) -> Iterator[dict]:
    """Yield the assessments whose facilitators are asked for translations, as of the daily refresh."""
    led = [each for each in assessments if each.stage == Stage.RATING and roles[each.partnership_id].is_facilitator]
    for assessment, missing in wanted_languages.missing_in(led):
        yield {
            "title": _("Translate the decisions"),
            "where": assessment.title,
            "url": reverse("assessments:wordings", args=[assessment.code, next(iter(missing))]),
            "why": wanted_languages.sentence_of(missing),
            "due": None,
        }


def _partners(roles: dict[int, MemberRoles], *wanted: str) -> set[int]:
    """Return the partners for which a person has one of these roles."""
    memberships = [membership for own in roles.values() for membership in own.memberships if membership.role in wanted]
    return {membership.partner_id for membership in memberships if membership.partner_id}


def _due_actions(roles: dict[int, MemberRoles]) -> Iterator[dict]:
    owners = _partners(roles, Role.FACILITATOR, Role.REPRESENTATIVE)
    actions = Action.objects.filter(
        owner__partner__in=owners, status__in=[Action.Status.PLANNED, Action.Status.STARTED]
    )
    for action in actions.select_related("assessment").order_by("due")[:MOST]:
        why = _("Your organisation is responsible for this action from “%(title)s”.") % {
            "title": isolated(action.assessment.title)
        }
        yield {"title": isolated(action.text), "url": _action_url(action), "why": why, "due": action.due}


def _to_confirm(roles: dict[int, MemberRoles]) -> Iterator[dict]:
    """Yield the actions that are reported as done, to be confirmed by a partner that gains influence by them."""
    for action in planned_actions.to_confirm(_partners(roles, Role.REPRESENTATIVE))[:MOST]:
        title = _("Has this been done? “%(action)s”") % {"action": isolated(action.text)}
        why = _("%(owner)s has reported the action as done. Confirm this for your organisation.") % {
            "owner": isolated(action.owner.name)
        }
        yield {"title": title, "url": _action_url(action), "why": why, "due": None}


def _reviews(roles: dict[int, MemberRoles]) -> Iterator[dict]:
    """Yield the decisions without consensus that are to be looked at again about now."""
    people = (Role.FACILITATOR, Role.REPRESENTATIVE)
    partnerships = [pk for pk, own in roles.items() if own.may(*people)]
    for outcome in reviews.due().filter(decision__assessment__partnership__in=partnerships)[:MOST]:
        decision = outcome.decision
        title = _("Look again at “%(decision)s”") % {"decision": isolated(decision.wording_for_reader)}
        why = _("You agreed on this date in “%(title)s”.") % {"title": isolated(decision.assessment.title)}
        yield {"title": title, "url": reviews.url_of(outcome), "why": why, "due": outcome.review_on}


def _action_url(action: Action) -> str:
    return reverse("assessments:action", args=[action.assessment.code, action.code])
