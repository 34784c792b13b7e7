"""The line over all assessments of a partnership: each side's mean agreed level, from the first to this one.

An assessment belongs to the line if it is this one or one that it follows, perhaps over others. A level counts if every
assessment of the line has one for the same decision and partner, so that the means are about the same.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.functional import Promise

from assessments.models import AgreedResult, Assessment, Decision, Participant, Phase
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import AgreedData

FEWEST = 3  # assessments; two are compared in detail by `shift`

Cell = tuple[int, int]  # this assessment's number of the decision, and the partner
Levels = dict[Cell, int]


class Point(TypedDict):
    """One assessment of the line, with the mean level of each side; None where the side has no common level."""

    title: str
    phase: str | Promise
    day: date
    north: float | None
    south: float | None


class LineOverTime(TypedDict):
    """`points` from the first assessment to the last, over `decisions` of this one's `of` decisions."""

    points: list[Point]
    decisions: int
    of: int


def over_time(assessment: Assessment, scores: AgreedData) -> LineOverTime | None:
    """Return the line that ends with this assessment; None below three assessments with common levels.

    There is none while an imported partner has not declared its side.
    """
    chain = list(_chain(assessment))
    if len(chain) < FEWEST:
        return None
    there = dict(assessment.participants.values_list("partner_id", "side"))
    if None in there.values():
        return None
    levels = _levels(chain, scores)
    sides = {partner: str(side) for partner, side in there.items() if side in BOTH_SIDES}
    common = {cell for cell in set.intersection(*map(set, levels.values())) if cell[1] in sides}
    if len(levels) < FEWEST or not common:
        return None
    return {
        "points": [_point(each, levels[each.pk], common, sides) for each in chain if each.pk in levels],
        "decisions": len({decision for decision, _partner in common}),
        "of": assessment.decisions.active().filter(number__isnull=False).count(),
    }


def _chain(assessment: Assessment) -> Iterator[Assessment]:
    """Yield the assessments of the same partnership that this one follows, the first one first, and this one."""
    of_partnership = Assessment.objects.filter(partnership=assessment.partnership_id)
    known = of_partnership.in_bulk() if assessment.predecessor_id else {}
    found: list[Assessment] = []
    each: Assessment | None = assessment
    while each and each not in found:
        found.append(each)
        each = known.get(each.predecessor_id or 0)
    return reversed(found)


def _levels(chain: list[Assessment], scores: AgreedData) -> dict[int, Levels]:
    """Return the agreed levels of each assessment that has any, by the decision as it is numbered in the last one."""
    *earlier, last = chain
    results = AgreedResult.objects.filter(assessment__in=earlier).order_by("assessment_id", "-version")
    cells: dict[int, Any] = dict(results.distinct("assessment_id").values_list("assessment_id", "scores__cells"))
    cells[last.pk] = scores["cells"]
    decisions, partners = _decisions(chain), _partners(chain)
    levels = {
        key: {
            (decisions[key, cell["decision"]], partners[key, cell["partner"]]): cell["actual"]
            for cell in found
            if cell["actual"] is not None and (key, cell["decision"]) in decisions
        }
        for key, found in cells.items()
    }
    return {key: found for key, found in levels.items() if found}


def _decisions(chain: list[Assessment]) -> dict[tuple[int, int], int]:
    """Return {(assessment, number there): number in the last one}, along the decisions' predecessors."""
    rows = Decision.objects.filter(assessment__in=chain).active().filter(number__isnull=False)
    known = {
        pk: (home, number or 0, before)
        for pk, home, number, before in rows.values_list("pk", "assessment_id", "number", "predecessor_id")
    }
    numbers: dict[tuple[int, int], int] = {}
    for home, number, before in known.values():
        if home == chain[-1].pk:
            numbers[home, number] = number
            while before in known and known[before][:2] not in numbers:
                then, number_then, before = known[before]
                numbers[then, number_then] = number
    return numbers


def _partners(chain: list[Assessment]) -> dict[tuple[int, int], int]:
    """Return {(assessment, number there): partner}."""
    rows = Participant.objects.filter(assessment__in=chain).values_list("assessment_id", "number", "partner_id")
    return {(key, number): partner for key, number, partner in rows}


def _point(assessment: Assessment, levels: Levels, common: set[Cell], sides: dict[int, str]) -> Point:
    means = {side: _mean([levels[cell] for cell in common if sides[cell[1]] == side]) for side in BOTH_SIDES}
    return {
        "title": assessment.title,
        "phase": Phase(assessment.phase).label,
        "day": timezone.localdate(assessment.closed_at or assessment.created_at),
        "north": means["north"],
        "south": means["south"],
    }


def _mean(levels: list[int]) -> float | None:
    return sum(levels) / len(levels) if levels else None
