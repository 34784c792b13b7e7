"""The steps of an assessment as one table: who may do what at which stage, and what it does to the Release."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage
from assessments.workflow import guards
from partnerships.access import MemberRoles
from partnerships.models import Role

F, R, O = Role.FACILITATOR, Role.REPRESENTATIVE, Role.OBSERVER  # noqa: E741
ANYONE = (F, R, O)
MEMBERS = (F, R)
COLLECTING, VOTING, RATING, JOINT, READBACK, CLOSED = Stage
IN_SESSION = (JOINT, READBACK)


class NotNow(Exception):
    """This can't be done at this stage, or not yet; the message says why."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


Guard = Callable[[Assessment], "str | Promise | None"]


@dataclass(frozen=True)
class Step:
    """One row: an action, the stages it starts from, the stage it leads to (None: stays), who may, what it does."""

    action: str
    stages: tuple[str, ...]
    roles: tuple[str, ...]
    to: str | None = None
    guard: Guard | None = None
    release: str = "untouched"
    by_words: bool = False  # both sides decide, so the activity log names nobody


TABLE = (
    # collecting and choosing decisions
    Step("propose", (COLLECTING,), ANYONE),
    Step("say_missing_voice", (COLLECTING, VOTING), ANYONE),
    Step("arrange_decisions", (COLLECTING, VOTING), (F,)),
    Step("translate_decisions", (COLLECTING, VOTING, RATING, JOINT, READBACK), (F,)),
    Step("change_settings", (COLLECTING, VOTING), (F,)),
    Step("answer_named", (COLLECTING, VOTING), (R,), guard=guards.mode_is_open),
    Step("open_voting", (COLLECTING,), (F,), VOTING, guards.can_vote),
    Step("end_vote", (VOTING,), (F,), VOTING, guards.vote_is_open),
    Step("back_to_collecting", (VOTING,), (F,), COLLECTING),
    Step("vote", (VOTING,), MEMBERS, guard=guards.vote_is_open),
    # what is promised before anybody answers
    Step("edit_agreement", (COLLECTING, VOTING, JOINT), (F,), guard=guards.rules_not_accepted),
    Step("accept_agreement", (COLLECTING, VOTING, RATING, JOINT), ANYONE),
    Step("sign_pledge", (COLLECTING, VOTING, RATING, JOINT), (R,)),
    Step("withdraw_pledge", (COLLECTING, VOTING, RATING, JOINT, READBACK), (R,)),
    # private ratings
    Step("open_rating", (COLLECTING, VOTING), (F,), RATING, guards.can_open),
    Step("reopen_decisions", (RATING,), MEMBERS, COLLECTING, guards.may_reopen, by_words=True),
    Step("answer", (RATING,), (R,), guard=guards.answers_alone),
    Step("hand_in", (RATING,), (R,), guard=guards.answers_alone),
    Step("withdraw", (RATING,), (R,), guard=guards.answers_alone),
    Step("answer_for_side", (RATING,), (R,), guard=guards.answers_together),
    Step("remind", (RATING,), (F,)),
    Step("bring_in", (RATING,), (F,), guard=guards.answers_alone),
    Step("set_day", (RATING,), (F,), guard=guards.no_day_yet),
    Step("move_day", (RATING,), MEMBERS),
    Step(
        "close_rating",
        (RATING,),
        MEMBERS,
        JOINT,
        guards.may_close_rating,
        release="made, once and for all",
        by_words=True,
    ),
    # who takes part, and whether it goes on at all
    Step("remove_member", (COLLECTING, VOTING, RATING), MEMBERS),
    Step("delete_alone", (COLLECTING, VOTING), (F,), guard=guards.never_opened),
    Step("delete_assessment", (COLLECTING, VOTING, RATING, JOINT, READBACK), MEMBERS),
    # the joint session
    Step("start_session", (COLLECTING, VOTING), (F,), JOINT, guards.can_start_session),
    Step("take_part", (JOINT,), MEMBERS),
    Step("record", (JOINT,), (F,)),
    Step("plan_action", (JOINT,), (F,)),
    Step("remark", IN_SESSION, MEMBERS),
    Step("reply", IN_SESSION, (R,)),
    Step("guess", (JOINT,), (F,), guard=guards.release_is_there),
    Step("plan_agenda", (JOINT,), (F,), guard=guards.release_is_there),
    Step("say_since", (JOINT,), MEMBERS),
    Step("nothing_to_add", (READBACK,), (R,)),
    Step("read_back", (JOINT,), (F,), READBACK, guards.release_is_there),
    Step("back_to_session", (READBACK,), (F,), JOINT),
    Step("confirm_closing", (READBACK,), (F,)),
    Step("close_assessment", (READBACK,), (F,), CLOSED, guards.everyone_confirmed, release="untouched"),
    # afterwards
    Step("follow_up", (JOINT, READBACK, CLOSED), MEMBERS),
    Step("erase", (JOINT, READBACK, CLOSED), (R,), release="shrinks where a side stood by ticks"),
    Step("start_next", (CLOSED,), (F,)),
)
# These copy the partners, so a partner that is changed at the same moment waits, or is waited for.
SNAPSHOTS = ("open_rating", "start_session")
STEPS = {step.action: step for step in TABLE}


def may(assessment: Assessment, member: MemberRoles, action: str) -> bool:
    """Say whether this person could do this now, guards aside (a guard is explained where the person acts)."""
    step = STEPS[action]
    return member.may(*step.roles) and assessment.stage in step.stages


def check(assessment: Assessment, member: MemberRoles | None, action: str) -> Step:
    """Return the step, guard aside, or raise PermissionDenied for the wrong role and NotNow for the wrong stage.

    `standing` is None where the words of both sides act, and nobody alone.
    """
    step = STEPS[action]
    if not (step.by_words if member is None else member.may(*step.roles)):
        raise PermissionDenied
    if assessment.stage not in step.stages:
        raise NotNow(
            _("This is not possible now: the assessment stands at “%(stage)s”.")
            % {"stage": Stage(assessment.stage).label}
        )
    return step


def require(assessment: Assessment, member: MemberRoles | None, action: str) -> Step:
    """Return the step as `check` does; raise NotNow for what else stands in its way, too."""
    step = check(assessment, member, action)
    if step.guard and (obstacle := step.guard(assessment)):
        raise NotNow(obstacle)
    return step
