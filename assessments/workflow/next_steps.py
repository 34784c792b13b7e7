"""What somebody is to do next, as one table: state of the assessment × role → text and button.

Nothing here depends on whether somebody else began, answered, submitted or withdrew (METHOD §4, rule 5): a
representative's own answers change her own step alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Role

F, R, O = Role.FACILITATOR, Role.REPRESENTATIVE, Role.OBSERVER  # noqa: E741
ENOUGH_PARTNERS = 2


class State(StrEnum):
    """Where an assessment is, as far as it changes what somebody is to do next."""

    FOUNDED = "founded"  # fewer than two partners
    EMPTY = "empty"  # no decision
    LISTED = "listed"
    READY_TO_MEET = "ready to meet"  # listed, without private ratings
    VOTING = "voting"
    VOTED = "voted"
    NO_DAY = "no day"  # rating is open, without a last day to answer
    RATING = "rating"
    LAST_DAY = "last day"  # the last day to answer is today or over
    MEETING = "meeting"
    FINAL_REVIEW = "final review"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Own(StrEnum):
    """How far a representative is with her own answers, for herself alone."""

    NOT_ASKED = "not asked"
    NONE = "none"
    STARTED = "started"
    SUBMITTED = "submitted"
    WITH_SIDE = "with the side"  # each side agrees on one answer


@dataclass(frozen=True)
class StateCounts:
    """What is counted to tell the state, apart from the assessment's own row."""

    partners: int = ENOUGH_PARTNERS
    decisions: int = 1
    facts: int = 0  # that partners declare
    undeclared: bool = False  # the person's own organisation has not declared all of them


@dataclass(frozen=True)
class NextStep:
    """A text and a button (its words and the page), or, without a page, what comes next for others to do."""

    text: str | Promise
    label: str | Promise = ""
    page: str = ""  # an address's name
    argument: str = ""  # the second part of the address
    waits: bool = True  # it waits for this person
    of_partnership: bool = False  # the page is the partnership's


def nothing(next_: str | Promise) -> NextStep:
    return NextStep(next_, waits=False)


CLOSING = _("both sides close rating")
PROPOSE = NextStep(_("Propose decisions that matter to you."), _("Propose decisions"), "decisions")
SET_DAY = NextStep(_("Set the last day to answer."), _("Set the last day"), "side-words", WorkflowAction.CLOSE_RATING)

NEXT_STEPS: dict[tuple[State, str], NextStep] = {
    (State.FOUNDED, F): NextStep(
        _("Add the organisations that work together. An assessment needs at least two."),
        *(_("Add partners"), "partners"),
        of_partnership=True,
    ),
    (State.FOUNDED, R): nothing(_("the facilitators add the partners")),
    (State.FOUNDED, O): nothing(_("the facilitators add the partners")),
    (State.EMPTY, F): NextStep(_("Collect the decisions that matter."), _("Collect decisions"), "decisions"),
    (State.EMPTY, R): PROPOSE,
    (State.EMPTY, O): PROPOSE,
    (State.LISTED, F): NextStep(
        _("When the list of decisions is complete, open rating."), _("See what is missing"), "ready"
    ),
    (State.LISTED, R): PROPOSE,
    (State.LISTED, O): PROPOSE,
    (State.READY_TO_MEET, F): NextStep(
        _("When the list of decisions is complete, start the joint session."),
        *(_("See what is missing"), "ready"),
    ),
    (State.READY_TO_MEET, R): PROPOSE,
    (State.READY_TO_MEET, O): PROPOSE,
    (State.VOTING, F): NextStep(
        _("When everyone has had time to vote, end the vote."), _("End the vote"), "step", WorkflowAction.END_VOTE
    ),
    (State.VOTING, R): NextStep(_("Choose the decisions that matter most (up to five)."), _("Vote"), "vote"),
    (State.VOTING, O): nothing(_("the vote ends")),
    (State.VOTED, F): NextStep(_("Choose which decisions to keep. Then open rating."), _("Choose decisions"), "choose"),
    (State.VOTED, R): nothing(_("the facilitators choose which decisions to keep")),
    (State.VOTED, O): nothing(_("the facilitators choose which decisions to keep")),
    (State.NO_DAY, F): SET_DAY,
    (State.NO_DAY, R): nothing(CLOSING),
    (State.NO_DAY, O): nothing(CLOSING),
    (State.RATING, F): nothing(CLOSING),
    (State.RATING, R): nothing(CLOSING),
    (State.RATING, O): nothing(CLOSING),
    (State.LAST_DAY, F): NextStep(
        _("Ask everyone whether they have submitted their answers. Then each side can agree to close rating."),
        *(_("Close rating"), "side-words", WorkflowAction.CLOSE_RATING),
    ),
    (State.LAST_DAY, R): nothing(CLOSING),
    (State.LAST_DAY, O): nothing(CLOSING),
    (State.MEETING, F): NextStep(_("The joint session is open."), _("Lead the session"), "session"),
    (State.MEETING, R): NextStep(_("The joint session is open."), _("Join the session"), "session"),
    (State.MEETING, O): NextStep(_("The joint session is open."), _("Follow the session"), "session", waits=False),
    (State.FINAL_REVIEW, F): NextStep(_("Check what was agreed, and confirm it."), _("Check and confirm"), "closing"),
    (State.FINAL_REVIEW, R): NextStep(
        _("Read what was agreed. Your organisation may reply."), _("Read and reply"), "closing"
    ),
    (State.FINAL_REVIEW, O): NextStep(
        _("The partners are checking what was agreed."), _("Read what was agreed"), "closing", waits=False
    ),
    (State.ARCHIVED, F): NextStep(
        _("This assessment is archived."), _("Take it out of the archive"), "archive", waits=False
    ),
    **{
        (State.ARCHIVED, role): NextStep(
            _("This assessment is archived. A facilitator can take it out of the archive."),
            *(_("See the decisions"), "decisions"),
            waits=False,
        )
        for role in (R, O)
    },
    **{
        (State.CLOSED, role): NextStep(
            _("The result is final. Read it, and follow up the actions."),
            *(_("See the results"), "dashboard"),
            waits=False,
        )
        for role in (F, R, O)
    },
}

# While rating is open: what a representative does with her own answers comes before all else.
OWN_ANSWERS: dict[Own, NextStep] = {
    Own.NONE: NextStep(
        _("Say privately how much influence each partner has on each decision."), _("Answer the questions"), "rate"
    ),
    Own.STARTED: NextStep(
        _("Finish your answers and submit them. Only submitted answers count."), _("Continue answering"), "rate"
    ),
    Own.WITH_SIDE: NextStep(
        _("Agree with your side on one answer for each decision."), _("Answer with my side"), "caucus"
    ),
}
WHILE_RATING = (State.NO_DAY, State.RATING, State.LAST_DAY)
ROLES = (F, R, O)  # whose step a person with several roles sees first


def state_of(assessment: Assessment, facts: StateCounts, today: date | None = None) -> State:
    """Return where an assessment is."""
    if assessment.is_archived:
        return State.ARCHIVED
    return STATES[Stage(assessment.stage)](assessment, facts, today or timezone.localdate())


def _preparing(assessment: Assessment, facts: StateCounts, _today: date) -> State:
    if facts.partners < ENOUGH_PARTNERS:
        return State.FOUNDED
    if not facts.decisions:
        return State.EMPTY
    return State.LISTED if assessment.private_ratings else State.READY_TO_MEET


def _voting(assessment: Assessment, _facts: StateCounts, _today: date) -> State:
    return State.VOTED if assessment.vote_ended_at else State.VOTING


def _rating(assessment: Assessment, _facts: StateCounts, today: date) -> State:
    if assessment.rating_due is None:
        return State.NO_DAY
    return State.LAST_DAY if assessment.rating_due <= today else State.RATING


STATES: dict[Stage, Callable[[Assessment, StateCounts, date], State]] = {
    Stage.COLLECTING: _preparing,
    Stage.VOTING: _voting,
    Stage.RATING: _rating,
    Stage.JOINT: lambda *_all: State.MEETING,
    Stage.FINAL_REVIEW: lambda *_all: State.FINAL_REVIEW,
    Stage.CLOSED: lambda *_all: State.CLOSED,
}


def next_step(state: State, member: MemberRoles, own: Own = Own.NOT_ASKED) -> NextStep:
    """Return a person's next step: her own open answers first, then that of her first role."""
    if state in WHILE_RATING and own in OWN_ANSWERS:
        return OWN_ANSWERS[own]
    role = next(role for role in ROLES if member.may(role))
    return NEXT_STEPS[state, role]


def text_of_step(step: NextStep, due: date | None) -> str:
    """Return a step's text; where nothing is to do, what comes next, and by which day if there is one."""
    if step.page:
        return str(step.text)
    if due is None:
        return gettext("You have nothing to do now. Next: %(next)s.") % {"next": step.text}
    day = date_format(due, "DATE_FORMAT")
    return gettext("You have nothing to do now. Next: %(next)s, by %(day)s.") % {"next": step.text, "day": day}
