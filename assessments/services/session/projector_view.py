"""What the projector shows of a moment: partners a page at a time, the clock, who speaks, whether all agree.

Nothing is on it that not every member may see. Names of persons, private answers and unshown choices are not.
"""

import math
from typing import Any

from assessments.models import Assessment, Decision, Moment, PrivateBallot, Stage
from assessments.results import presenters
from assessments.results.beside_influence import beside_influence
from assessments.services.session import board, cached_board, choices, live

ONE_COLUMN, ON_A_PAGE = 8, 20  # rows that are readable from eight metres
NEXT = 3
FACTS_ON_A_PAGE = 5


def decision_page(assessment: Assessment, decision: Decision, page: int | None) -> dict[str, Any]:
    """Return a decision for the projector view; of many partners the page asked for, else that of the speaker."""
    rows = board.rows_of(assessment, decision)
    joint = assessment.stage == Stage.JOINT
    partners = [row.partner for row in rows]
    moment = live.row_of(assessment).moment if joint else ""
    speakers = live.speakers(assessment, decision, partners) if joint else []
    speaks = next((each.partner for each in speakers if each.state == "speaks"), None)
    if joint:
        cached_board.lay_choices(decision, rows)
    return {
        **_paged(rows, page, partners.index(speaks) if speaks else 0),
        **_of_moment(assessment, decision, rows, moment),
        "moment": moment,
        "moments": Moment.choices,
        "speaks": speaks,
        "next": [each.partner for each in speakers if each.state == "waits"][:NEXT],
        "timer": live.clock_of(live.row_of(assessment)) if joint else None,
        "outcome": board.outcome_of(decision),
        "count": assessment.decisions.active().count(),
    }


def _of_moment(assessment: Assessment, decision: Decision, rows: list[board.Row], moment: str) -> dict[str, Any]:
    """Return what one moment shows: the released views, how many have chosen, both views of a level, the actions."""
    if moment == Moment.TALK:
        return {
            "released": board.released_on(assessment, decision),
            "declared_facts": cached_board.facts_of(assessment, decision),
        }
    if moment == Moment.DO:
        return {"actions": decision.actions.select_related("owner", "confirmer")}
    if moment == Moment.AGREE:
        asked = PrivateBallot.objects.filter(decision=decision).first()
        return {"asked": asked, "aloud": live.aloud(decision, [row.partner for row in rows])}
    if moment not in choices.CHOOSING:
        return {}
    shown = live.row_of(assessment).shown
    return {
        "all_shown": shown,
        "progress": None if shown else choices.progress(assessment, decision),
        "differing": [row for row in rows if row.choice == board.DIFFERS] if moment == Moment.LEVEL else [],
    }


def facts_of(assessment: Assessment, page: int | None) -> dict[str, Any] | None:
    """Return one subject's facts beside influence, once the assessment is closed; None where no fact is used."""
    found = beside_influence(presenters.results_of(assessment)) if assessment.stage == Stage.CLOSED else None
    if found is None:
        return None
    slides = [slide for subject in found["subjects"] for slide in _slides(subject)]
    at = page if page and 1 <= page <= len(slides) else 1
    return {"subject": slides[at - 1], "page": at, "pages": range(1, len(slides) + 1) if len(slides) > 1 else ()}


def _slides(subject: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a subject as often as its facts need pages."""
    starts = range(0, len(subject["rows"]), FACTS_ON_A_PAGE)
    return [subject | {"rows": subject["rows"][start : start + FACTS_ON_A_PAGE]} for start in starts]


def _paged(rows: list[board.Row], page: int | None, speaking: int) -> dict[str, Any]:
    """Return the rows of one page, all pages about as long, and in how many lines they stand."""
    pages = math.ceil(len(rows) / ON_A_PAGE) or 1
    length = math.ceil(len(rows) / pages)
    at = page if page and 1 <= page <= pages else speaking // length + 1 if length else 1
    shown = rows[(at - 1) * length : at * length]
    few = len(shown) <= ONE_COLUMN
    return {
        "rows": shown,
        "size": "few" if few else "many",
        "lines": len(shown) if few else math.ceil(len(shown) / 2),
        "page": at,
        "pages": range(1, pages + 1) if pages > 1 else (),
    }
