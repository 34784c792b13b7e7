"""What moved between an assessment and the one before it: agreed levels of cells that both have.

Decisions are matched by their predecessors, participants by their partner. What cannot be matched is named.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

from assessments import scoring
from assessments.models import Assessment
from assessments.results.frames import plain
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import AgreedData


@dataclass(frozen=True)
class Pair:
    """One cell that both assessments have; `before`, `after` and `desired` (then) are levels, NaN when missing."""

    decision: int
    partner: int
    side: str | None
    before: float
    after: float
    desired: float


def before_of(assessment: Assessment) -> Assessment | None:
    """Return the assessment before; None without one in the same partnership."""
    before = assessment.predecessor
    return before if before and before.partnership_id == assessment.partnership_id else None


def last_scores_of(assessment: Assessment) -> Any:
    """Return the scores of the latest agreed result, without cells where there is none."""
    scores = assessment.agreed_results.order_by("-version").values_list("scores", flat=True).first()
    return scores or {"cells": []}


def compare(assessment: Assessment, scores: AgreedData) -> dict[str, Any] | None:
    """Return the comparison with the assessment before, JSON-ready; None without one in the same partnership.

    `sides` {north, south: the fields of `scoring.shift`}, `all` the same over all partners, `decisions` a row per
    matched decision with each side's mean level before and after over the cells that both have, `cells` those cells,
    and what could not be compared.
    """
    before = before_of(assessment)
    if before is None:
        return None
    earlier = last_scores_of(before)
    decisions, partners = _matched_decisions(assessment, before), _matched_partners(assessment, before)
    pairs = _pairs(scores, earlier, decisions, partners)
    return {
        "sides": {side: _shift([pair for pair in pairs if pair.side == side]) for side in BOTH_SIDES},
        "all": _shift(pairs),
        "decisions": [_decision_row(number, pairs) for number in sorted(decisions)],
        "cells": [_cell(pair) for pair in pairs if not math.isnan(pair.before + pair.after)],
        **_unmatched(assessment, before, decisions, partners),
    }


def levels_before(assessment: Assessment) -> dict[tuple[int, int], float]:
    """Return last time's agreed levels by this time's numbers, of decisions in which every partner had one."""
    before = before_of(assessment)
    if before is None:
        return {}
    earlier = last_scores_of(before)
    levels = {key: actual for key, (actual, _desired) in _levels(earlier).items() if not math.isnan(actual)}
    then = set(before.participants.values_list("number", flat=True))
    partners = {number_then: now for now, (number_then, _side) in _matched_partners(assessment, before).items()}
    return {
        (decision, partners[partner]): levels[decision_then, partner]
        for decision, decision_then in _matched_decisions(assessment, before).items()
        if then <= set(partners) and all((decision_then, partner) in levels for partner in then)
        for partner in then
    }


def _matched_decisions(assessment: Assessment, before: Assessment) -> dict[int, int]:
    """Return {number now: number then}."""
    rows = assessment.decisions.active().filter(predecessor__assessment=before)
    return {now: then for now, then in rows.values_list("number", "predecessor__number") if now and then}


def _matched_partners(assessment: Assessment, before: Assessment) -> dict[int, tuple[int, str | None]]:
    """Return {number now: (number then, side now)}; no side at all while one is not declared."""
    then = dict(before.participants.values_list("partner_id", "number"))
    now = list(assessment.participants.values_list("number", "partner_id", "side"))
    waits = any(side is None for _number, _partner, side in now)
    return {number: (then[partner], None if waits else side) for number, partner, side in now if partner in then}


def _pairs(
    scores: AgreedData, earlier: AgreedData, decisions: dict[int, int], partners: dict[int, tuple[int, str | None]]
) -> list[Pair]:
    now, then = _levels(scores), _levels(earlier)
    nothing = (math.nan, math.nan)
    return [
        Pair(
            decision,
            partner,
            side,
            before=then.get((decision_then, partner_then), nothing)[0],
            after=now.get((decision, partner), nothing)[0],
            desired=then.get((decision_then, partner_then), nothing)[1],
        )
        for decision, decision_then in decisions.items()
        for partner, (partner_then, side) in partners.items()
    ]


def _levels(scores: AgreedData) -> dict[tuple[int, int], tuple[float, float]]:
    return {(c["decision"], c["partner"]): (_level(c["actual"]), _level(c["desired"])) for c in scores["cells"]}


def _level(level: int | None) -> float:
    return math.nan if level is None else float(level)


def _shift(pairs: list[Pair]) -> dict[str, Any]:
    changes = scoring.shift([p.before for p in pairs], [p.after for p in pairs], [p.desired for p in pairs])
    return {name: plain(value) for name, value in changes._asdict().items()}


def _cell(pair: Pair) -> dict[str, Any]:
    return {"decision": pair.decision, "partner": pair.partner, "before": pair.before, "after": pair.after}


def _decision_row(number: int, pairs: list[Pair]) -> dict[str, Any]:
    mine = [pair for pair in pairs if pair.decision == number and not math.isnan(pair.before + pair.after)]
    return {"decision": number} | {side: _means([pair for pair in mine if pair.side == side]) for side in BOTH_SIDES}


def _means(pairs: list[Pair]) -> dict[str, Any]:
    """Return a side's mean level before and after, over the partners that have both."""
    if not pairs:
        return {"before": None, "after": None}
    rows = [asdict(pair) for pair in pairs]
    return {moment: sum(row[moment] for row in rows) / len(rows) for moment in ("before", "after")}


def _unmatched(
    assessment: Assessment, before: Assessment, decisions: dict[int, int], partners: dict[int, tuple[int, str | None]]
) -> dict[str, Any]:
    """Name what only one of the two assessments has, and the partners that changed their side in between."""
    matched_then = {then for then, _side in partners.values()}
    sides_then = dict(before.participants.values_list("number", "side"))
    names = dict(assessment.participants.values_list("number", "name"))
    now, then = (each.decisions.active().filter(number__isnull=False) for each in (assessment, before))
    return {
        "new_decisions": [decision.wording_for_reader for decision in now.exclude(number__in=decisions)],
        "gone_decisions": [decision.wording_for_reader for decision in then.exclude(number__in=decisions.values())],
        "new_partners": [name for number, name in names.items() if number not in partners],
        "gone_partners": list(before.participants.exclude(number__in=matched_then).values_list("name", flat=True)),
        "changed_sides": [
            names[now] for now, (then, side) in partners.items() if side and sides_then[then] not in (side, None)
        ],
    }
