"""The steps of an assessment as one table: who may do what at which stage, and what it does to the Release."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage
from partnerships import trail
from partnerships.access import Standing
from partnerships.models import Role
from partnerships.services import seats

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


def has_decisions(assessment: Assessment) -> str | Promise | None:
    return None if assessment.decisions.standing().exists() else _("There is no decision yet. Propose at least one.")


def can_open(assessment: Assessment) -> str | Promise | None:
    if not assessment.private_ratings:
        return _("This assessment goes straight to the joint session.")
    return has_decisions(assessment) or has_partners(assessment)


def has_partners(assessment: Assessment) -> str | Promise | None:
    enough = assessment.partnership.partners.filter(left_at__isnull=True).count() >= 2
    return None if enough else _("An assessment needs at least two partners.")


def can_start_session(assessment: Assessment) -> str | Promise | None:
    if assessment.private_ratings:
        return _("Private ratings come first; close them to start the joint session.")
    return has_decisions(assessment) or has_partners(assessment)


def nobody_answered(assessment: Assessment) -> str | Promise | None:
    answered = hasattr(assessment, "first_answer")
    return _("Somebody has answered already, so the list and the promise stay.") if answered else None


def release_is_there(assessment: Assessment) -> str | Promise | None:
    if assessment.rating_closed_at and not hasattr(assessment, "release"):
        return _("The private ratings are still being put together. Try again in a moment.")
    return None


def everyone_confirmed(assessment: Assessment) -> str | Promise | None:
    from assessments.services.closing import may_close

    return None if may_close(assessment) else _("Not every facilitator has confirmed the read-back yet.")


TABLE = (
    # collecting and choosing decisions
    Step("propose", (COLLECTING,), ANYONE),
    Step("arrange_decisions", (COLLECTING, VOTING), (F,)),
    Step("change_settings", (COLLECTING, VOTING), (F,)),
    Step("answer_named", (COLLECTING, VOTING), (R,)),
    Step("open_voting", (COLLECTING,), (F,), VOTING, has_decisions),
    Step("back_to_collecting", (VOTING,), (F,), COLLECTING),
    Step("vote", (VOTING,), MEMBERS),
    # private ratings
    Step("open_rating", (COLLECTING, VOTING), (F,), RATING, can_open),
    Step("reopen_decisions", (RATING,), (F,), COLLECTING, nobody_answered),
    Step("answer", (RATING,), (R,)),
    Step("hand_in", (RATING,), (R,)),
    Step("withdraw", (RATING,), (R,)),
    Step("remind", (RATING,), (F,)),
    Step("close_rating", (RATING,), (F,), JOINT, release="made, once and for all"),
    # the joint session
    Step("start_session", (COLLECTING, VOTING), (F,), JOINT, can_start_session),
    Step("record", (JOINT,), (F,)),
    Step("plan_action", (JOINT,), (F,)),
    Step("remark", IN_SESSION, MEMBERS),
    Step("reply", IN_SESSION, (R,)),
    Step("read_back", (JOINT,), (F,), READBACK, release_is_there),
    Step("back_to_session", (READBACK,), (F,), JOINT),
    Step("confirm_closing", (READBACK,), (F,)),
    Step("close_assessment", (READBACK,), (F,), CLOSED, everyone_confirmed, release="untouched; agreed result final"),
    # afterwards
    Step("follow_up", (JOINT, READBACK, CLOSED), MEMBERS),
    Step("erase", (JOINT, READBACK, CLOSED), (R,), release="shrinks where a side stood by ticks"),
    Step("start_next", (CLOSED,), (F,)),
)
# These copy the partners, so a partner that is changed at the same moment waits, or is waited for.
SNAPSHOTS = ("open_rating", "start_session")
STEPS = {step.action: step for step in TABLE}


def may(assessment: Assessment, standing: Standing, action: str) -> bool:
    """Say whether this person could do this now, guards aside (a guard is explained where the person acts)."""
    step = STEPS[action]
    return standing.may(*step.roles) and assessment.stage in step.stages


def require(assessment: Assessment, standing: Standing, action: str) -> Step:
    """Return the step, or raise PermissionDenied for the wrong role and NotNow for the wrong moment."""
    step = STEPS[action]
    if not standing.may(*step.roles):
        raise PermissionDenied
    if assessment.stage not in step.stages:
        raise NotNow(
            _("This is not possible now: the assessment stands at “%(stage)s”.")
            % {"stage": Stage(assessment.stage).label}
        )
    if step.guard and (obstacle := step.guard(assessment)):
        raise NotNow(obstacle)
    return step


@transaction.atomic
def take(assessment: Assessment, standing: Standing, action: str) -> Assessment:
    """Take a step to another stage with its effects, in one transaction; return the assessment as it is then."""
    if action in SNAPSHOTS:
        seats.lock(assessment.partnership)
    held = Assessment.objects.select_for_update().select_related("partnership").get(pk=assessment.pk)
    step = require(held, standing, action)
    if step.to is None:
        raise ValueError(f"{action} leads nowhere")
    if effect := _effects().get(action):
        effect(held)
    held.stage = step.to
    held.joint_version += 1
    held.save()
    trail.record(held.partnership, standing.any.user, action, held.title)
    return held


def _effects() -> dict[str, Callable[[Assessment], None]]:
    from assessments.services import closing, opening

    return {
        "open_rating": opening.open_rating,
        "reopen_decisions": opening.reopen_decisions,
        "start_session": opening.start_session,
        "close_rating": opening.close_rating,
        "read_back": closing.read_back,
        "back_to_session": closing.back_to_session,
        "close_assessment": closing.close,
    }
