"""The guide of a rehearsal: at which of the five steps it is, what comes next, and the button that does it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Matter, Stage
from assessments.services import transitions
from assessments.services.followup import closing
from assessments.services.safeguards import side_words
from assessments.services.session import joint
from assessments.services.setup import opening, rehearsal
from assessments.workflow import guards
from assessments.workflow.actions import WorkflowAction
from assessments.workflow.locking import lock_with_memberships
from assessments.workflow.steps import NAMES, step_of, steps_of
from partnerships.access import MemberRoles


@dataclass(frozen=True)
class Next:
    """What comes next: its text and its button, which does something (`do`) or leads to a page of the assessment."""

    text: str | Promise
    label: str | Promise = ""
    do: str = ""
    page: str = ""


@dataclass(frozen=True)
class RehearsalGuide:
    """What the bar on each page of a rehearsal says."""

    assessment: str  # its code
    number: int
    of: int
    name: str | Promise
    next: Next
    url: str = ""  # of the page that the button leads to


OPEN = Next(
    _("The invented organisations and five decisions are ready. Read the decisions. Then open the private ratings."),
    _("Open the private ratings"),
    "open",
)
MEET = Next(
    _("Read the decisions. Then start the joint session."),
    _("Start the joint session"),
    "meet",
)
VOTE = Next(
    _("The vote is open. When the invented people have voted, the vote will end."),
    _("Vote as the invented partners"),
    "vote",
)
ANSWER = Next(
    _(
        "The invented people have not answered yet. You can also view the page as one of these people and give that "
        "person's answers yourself."
    ),
    _("Answer for the invented partners"),
    "answer",
)
CLOSE = Next(
    _("All the invented people have answered. Close the private ratings. The other side will agree immediately."),
    _("Close the private ratings"),
    "close",
)
BY_SIDE = Next(
    _("In this rehearsal, each side answers together. View the page as an invented person from each side, and answer.")
)
WAIT = Next(_("We are calculating the results of the private ratings. Reload this page in a moment."))
LEAD = Next(
    _("Lead the joint session. Discuss the decisions one by one, each in five moments."),
    _("Lead the session"),
    page="session",
)
AGREE = Next(
    _("Try the five moments with the first decision. Then let the invented partners agree on the other levels."),
    _("Agree on levels for the invented partners"),
    "agree",
)
REVIEW = Next(_("All levels have been agreed. Go to the final review."), _("Go to the final review"), "review")
CONFIRM = Next(
    _(
        "Each organisation can reply, and the facilitators confirm the final review. The invented partners have "
        "nothing to add."
    ),
    _("Confirm and close the assessment"),
    "confirm",
)
READ = Next(_("This is the last step. Read the results."), _("See the results"), page="dashboard")
DELETE = Next(
    _("You have completed all five steps. When you have read the results, delete the rehearsal."),
    _("Delete the rehearsal"),
    page="rehearsal-remove",
)
OF_PARTNERSHIP = ("rehearsal-remove",)


# --- what comes next


def guide_of(assessment: Assessment, view: str = "session") -> RehearsalGuide:
    """Return where a rehearsal is and what comes next, as the page of this name shows it."""
    now, steps, following = step_of(assessment), steps_of(assessment), NEXT[Stage(assessment.stage)](assessment, view)
    return RehearsalGuide(assessment.code, steps[now], len(steps), NAMES[now], following, _url(assessment, following))


def _url(assessment: Assessment, following: Next) -> str:
    if not following.page:
        return ""
    code = assessment.partnership.code if following.page in OF_PARTNERSHIP else assessment.code
    return reverse(f"assessments:{following.page}", args=[code])


def _preparing(assessment: Assessment, _view: str) -> Next:
    return OPEN if assessment.private_ratings else MEET


def _voting(assessment: Assessment, view: str) -> Next:
    return _preparing(assessment, view) if assessment.vote_ended_at else VOTE


def _rating(assessment: Assessment, _view: str) -> Next:
    if assessment.answers_by_side:
        return BY_SIDE
    return CLOSE if rehearsal.has_answered(assessment) else ANSWER


def _meeting(assessment: Assessment, view: str) -> Next:
    if guards.release_is_there(assessment):
        return WAIT
    if not without_levels(assessment).exists():
        return REVIEW
    return AGREE if view.startswith("session") else LEAD


def _closed(_assessment: Assessment, view: str) -> Next:
    return DELETE if view == "dashboard" else READ


NEXT: dict[Stage, Callable[[Assessment, str], Next]] = {
    Stage.COLLECTING: _preparing,
    Stage.VOTING: _voting,
    Stage.RATING: _rating,
    Stage.JOINT: _meeting,
    Stage.FINAL_REVIEW: lambda _assessment, _view: CONFIRM,
    Stage.CLOSED: _closed,
}


def without_levels(assessment: Assessment):
    """Return the decisions for which no level is recorded."""
    return assessment.decisions.active().filter(agreed_levels=None)


# --- doing it


@transaction.atomic
def go_on(assessment: Assessment, member: MemberRoles, do: str) -> tuple[Assessment, str]:
    """Do what the guide offers, and return the assessment and the page to read then. Twice is once."""
    if not assessment.partnership.is_rehearsal or not member.is_facilitator:
        raise PermissionDenied
    locked = lock_with_memberships(assessment)
    if guide_of(locked).next.do != do:
        return locked, "overview"
    act, page = ACTS[do]
    act(locked, member)
    return locked, page


def _transition(action: WorkflowAction) -> Callable[[Assessment, MemberRoles], object]:
    return lambda locked, member: transitions.apply(locked, member, action)


def _vote(locked: Assessment, member: MemberRoles) -> None:
    rehearsal.vote_for_all(locked)
    transitions.apply(locked, member, WorkflowAction.END_VOTE)


def _close_rating(locked: Assessment, member: MemberRoles) -> None:
    """Say yes for the own side on the last day, which is today; the pretend person of the other side says yes, too."""
    if locked.rating_due is None:
        opening.set_day(locked, member, timezone.localdate())
    elif locked.rating_due > timezone.localdate():
        Assessment.objects.filter(pk=locked.pk).update(rating_due=timezone.localdate())
    for side in locked.word_sides:
        if side_words.find_own_speaker(locked, member, Matter.CLOSE_RATING, side):
            side_words.give_word(locked, member, Matter.CLOSE_RATING, side)
            return


def _agree(locked: Assessment, member: MemberRoles) -> None:
    """Record a level of each partner for the decisions that have none."""
    participants = list(locked.participants.all())
    for decision in without_levels(locked):
        levels = rehearsal.usual_levels(decision.number or 0, participants)
        entries = [joint.Entry(one, 0, {"actual": level}) for one, level in zip(participants, levels, strict=True)]
        joint.record(locked, member, decision, entries)


def _confirm(locked: Assessment, _member: MemberRoles) -> None:
    """Let each pretend organisation have nothing to add, and all facilitators confirm."""
    for membership in rehearsal.pretend_memberships(locked.partnership):
        closing.nothing_to_add(locked, MemberRoles((membership,)))
    for membership in locked.partnership.memberships.in_force().facilitators().select_related("user", "partner"):
        transitions.confirm(locked, MemberRoles((membership,)))


# By what a button does: the act, and the page to read then.
ACTS: dict[str, tuple[Callable[[Assessment, MemberRoles], object], str]] = {
    "open": (_transition(WorkflowAction.OPEN_RATING), "overview"),
    "meet": (_transition(WorkflowAction.START_SESSION), "session"),
    "vote": (_vote, "overview"),
    "answer": (lambda locked, _member: rehearsal.rate_for_all(locked), "overview"),
    "close": (_close_rating, "overview"),
    "agree": (_agree, "session"),
    "review": (_transition(WorkflowAction.OPEN_FINAL_REVIEW), "closing"),
    "confirm": (_confirm, "dashboard"),
}
