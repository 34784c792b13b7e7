"""What every screen of a decision shows, whoever looks at it: put together once while a whole room asks at once.

Members all read this much: levels, drafts, what was said aloud, what was released. Nothing in here depends on who
asks, nor on the clock, and nothing names who may do what. It consists of objects, so each process keeps its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from django.utils.translation import get_language

from assessments.models import Assessment, Decision, Moment, Stage
from assessments.results.facts import about_decision
from assessments.sentences import Sentence
from assessments.services.session import agenda, board, causes, choices, joint, live

CACHED_SECONDS = 10  # screens ask every two
cache = ConnectionProxy(caches, "process")


@dataclass(frozen=True)
class Common:
    """A decision with all that surrounds it; drafts stand with their rows, speakers and words only while it runs."""

    places: list[board.Place]
    order: list[int]  # of the agenda
    board: board.Board
    causes: causes.Causes | None
    last_time: live.LastTime | None
    speakers: list[live.Speaker]
    aloud: live.Aloud | None


def common_of(assessment: Assessment, decision: Decision, conflicts: Sequence[joint.Conflict] = ()) -> Common:
    """Return what stands now; after a conflict, with what this facilitator wanted."""
    table = board.board(assessment, decision, list(conflicts))
    partners = [row.partner for row in table.rows]
    runs = assessment.stage == Stage.JOINT
    if runs:
        lay_choices(decision, table.rows)
    places = board.places(assessment)
    return Common(
        places=places,
        order=agenda.order_of(assessment, [place.number or 0 for place in places]),
        board=table,
        causes=causes.causes_of(decision) if table.outcome.agree is False else None,
        last_time=live.last_time(decision),
        speakers=live.speakers(assessment, decision, partners) if runs else [],
        aloud=live.aloud(decision, partners) if runs else None,
    )


def lay_choices(decision: Decision, rows: Sequence[board.Row]) -> None:
    """Put beside each row what its organisation chose for itself, where that is shown."""
    shown = choices.drafts(decision, [row.partner for row in rows])
    for row in rows:
        row.draft = shown.get((Moment.LEVEL.value, row.partner.pk))
        row.wish = shown.get((Moment.WANT.value, row.partner.pk))


def put_together(assessment: Assessment, decision: Decision) -> Common:
    """Return what stands now, and keep it for the screens that ask for the same in a moment."""
    key = _key(assessment, decision)  # named before it is read
    common = common_of(assessment, decision)
    cache.set(key, common, CACHED_SECONDS)
    return common


def cached(assessment: Assessment, decision: Decision) -> Common:
    """Return what stood when somebody first asked for this version of the session, seconds ago."""
    return cast(
        Common, cache.get_or_set(_key(assessment, decision), lambda: common_of(assessment, decision), CACHED_SECONDS)
    )


def facts_of(assessment: Assessment, decision: Decision) -> list[Sentence]:
    """Return what the sides hold on a decision's subject, which only the talk about it shows; seconds old."""
    key = f"{_key(assessment, decision)}:facts"
    return cast(list[Sentence], cache.get_or_set(key, lambda: about_decision(assessment, decision), CACHED_SECONDS))


def _key(assessment: Assessment, decision: Decision) -> str:
    """Name what is shown, before it is read: whatever changes it, a Release that shrinks too, counts the version up."""
    stands = f"{assessment.stage}:{assessment.joint_version}:{decision.pk}:{get_language()}"
    return f"session:{assessment.pk}:{stands}"
