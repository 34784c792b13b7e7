"""Scores of the private ratings: how big a gap each side sees, and how far the organisations agree.

Several raters of one organisation are one voice: per cell their median, first of all. Medians are halves, so voices are
counted at twice their level, 0..8.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from assessments.scoring import histograms
from assessments.scoring.alpha import agreements
from assessments.scoring.checks import Floats, Ints, as_levels, as_sides
from assessments.scoring.frames import (
    Labels,
    Pairs,
    SideTable,
    coded,
    in_order,
    means,
    pair,
    refuse_duplicates,
    require,
    side_table,
)
from assessments.scoring.levels import NORTH, SIDES, SOUTH, TOP

COLUMNS = ("assessment", "decision", "partner", "partner_side", "rater", "rater_partner", "rater_side", "level")
KEY = ("assessment", "decision", "partner", "rater")
HALF = 0.5
HALVES = 2 * TOP + 1


@dataclass(frozen=True)
class PerceptionScores:
    """Frames of `score_perceptions`."""

    decisions: pd.DataFrame
    assessments: pd.DataFrame
    own_gaps: pd.DataFrame
    cells: pd.DataFrame
    partners: pd.DataFrame


class _Voices(NamedTuple):
    """One row per organisation and cell that it answered: cell id, organisation code, twice its median level."""

    cell: Ints
    organisation: Ints
    double: Ints


class _Coded(NamedTuple):
    """Ratings as codes: sorted labels, decisions (of an assessment), cells (of a decision), sides and voices."""

    assessments: Labels
    decisions: Labels
    partners: Labels
    topic: Pairs
    cell: Pairs
    sides: SideTable
    voices: _Voices


def score_perceptions(ratings: pd.DataFrame) -> PerceptionScores:
    """Score private ratings of many assessments at once, exactly.

    This is the method's reference, for research and tests; no page or export calls it, since exact numbers may not be
    shown. `assessments.disclosure` makes what others see.

    `ratings` has one row per private rating: assessment, decision, partner, partner_side, rater, rater_partner,
    rater_side (sides "north", "south", "other") and level (a whole level 0..4, NaN when missing). `partner` and
    `rater_partner` name the same organisations. Rows of the results are sorted by key. Gaps are in steps of the ladder
    (−4..4), NaN where undefined.

    - `.decisions`: assessment, decision, seen_by_north, seen_by_south, perception_gap, n_north, n_south: means of own
      gaps over the rater organisations of a side, their difference, and how many organisations each mean rests on.
    - `.assessments`: assessment, seen_by_north, seen_by_south, perception_gap, agreement: each organisation's own gaps
      averaged over its decisions, then over the organisations of a side; Krippendorff's ordinal α over rater
      organisations × cells.
    - `.own_gaps`: assessment, decision, rater_partner, rater_side, own_gap: mean level the organisation gives Northern
      partners − mean level it gives Southern ones; one row per organisation and decision with an answer.
    - `.cells`: assessment, decision, partner, n, mean, median, count_0 … count_4, consensus, over rater organisations
      (a median of .5 counts in the level below).
    - `.partners`: assessment, partner, self_gap: own level − median of the others', averaged over the decisions that
      have both.

    `.decisions`, `.assessments`, `.cells` and `.partners` have a row for whatever was asked, answered or not. Raises
    ValueError, naming column and value, for a missing column or key, a wrong level or side, a cell that a rater rated
    twice, or an organisation with two sides in one assessment.
    """
    data = _coded(ratings)
    counts = histograms.counted(data.voices.cell, len(data.cell.left), data.voices.double, HALVES)
    own = _own_gaps(data)
    return PerceptionScores(
        _decisions(data, own),
        _assessments(data, own, counts),
        _own_gap_frame(data, own),
        _cells(data, counts),
        _partners(data, counts),
    )


def _coded(ratings: pd.DataFrame) -> _Coded:
    require(ratings, COLUMNS)
    assessments, (assessment,) = coded(ratings, "assessment")
    decisions, (decision,) = coded(ratings, "decision")
    partners, (partner, organisation) = coded(ratings, "partner", "rater_partner")
    raters, (rater,) = coded(ratings, "rater")
    partner_side, rater_side = (as_sides(ratings[column], column) for column in ("partner_side", "rater_side"))
    level = as_levels(ratings["level"], "level")
    topic = pair(assessment, decision, len(decisions))
    cell = pair(topic.ids, partner, len(partners))
    refuse_duplicates(ratings, KEY, cell.ids * len(raters) + rater)
    members = {"partner_side": (partner, partner_side), "rater_side": (organisation, rater_side)}
    sides = side_table(assessments, partners, assessment, members)
    alone = _one_rater_each(organisation, rater, len(partners), len(raters))
    voices = (
        _only_voices(cell.ids, organisation, level) if alone else _voices(cell.ids, organisation, len(partners), level)
    )
    return _Coded(assessments, decisions, partners, topic, cell, sides, voices)


def _one_rater_each(organisation: Ints, rater: Ints, organisations: int, raters: int) -> bool:
    """Say whether every organisation answers by one rater, so that there is nothing to take a median of."""
    own = np.full(raters, -1)
    own[rater] = organisation
    once = np.bincount(own[own >= 0], minlength=organisations) <= 1
    return bool(once.all() and (own[rater] == organisation).all())


def _only_voices(cell: Ints, organisation: Ints, level: Floats) -> _Voices:
    known = ~np.isnan(level)
    return _Voices(cell[known], organisation[known], 2 * level[known].astype(np.int64))


def _voices(cell: Ints, organisation: Ints, width: int, level: Floats) -> _Voices:
    """Take each organisation's median per cell: sort by cell, organisation and level, take the middle of each run."""
    known = ~np.isnan(level)
    ordered = in_order((cell * width + organisation)[known] * HALVES + level[known].astype(np.int64))
    voice = ordered // HALVES
    value = ordered - voice * HALVES
    starts = np.flatnonzero(np.diff(voice, prepend=-1))
    n = np.diff(starts, append=len(voice))
    double = value[starts + (n - 1) // 2] + value[starts + n // 2]
    return _Voices(*np.divmod(voice[starts], width), double)


class _OwnGaps(NamedTuple):
    """One row per decision id and organisation: the organisation's side and its own gap."""

    topic: Ints
    organisation: Ints
    side: Ints
    gap: Floats


def _own_gaps(data: _Coded) -> _OwnGaps:
    cell, voices = data.cell, data.voices
    partner_side = data.sides.of(data.topic.left[cell.left], cell.right)
    view = pair(cell.left[voices.cell], voices.organisation, len(data.partners))
    size = len(view.left) * len(SIDES)
    places = view.ids * len(SIDES) + partner_side[voices.cell]
    sums = np.bincount(places, voices.double, minlength=size)
    side_means = histograms.ratio(sums * HALF, np.bincount(places, minlength=size)).reshape(-1, len(SIDES))
    side = data.sides.of(data.topic.left[view.left], view.right)
    return _OwnGaps(view.left, view.right, side, side_means[:, NORTH] - side_means[:, SOUTH])


def _seen(groups: Ints, size: int, side: Ints, gaps: Floats) -> tuple[dict[str, Floats], Ints]:
    """Average gaps per group and side of the rater, and count them."""
    seen, n = means(groups * len(SIDES) + side, size * len(SIDES), gaps)
    north, south = seen.reshape(-1, len(SIDES))[:, [NORTH, SOUTH]].T
    columns = {"seen_by_north": north, "seen_by_south": south, "perception_gap": north - south}
    return columns, n.reshape(-1, len(SIDES))


def _decisions(data: _Coded, own: _OwnGaps) -> pd.DataFrame:
    seen, n = _seen(own.topic, len(data.topic.left), own.side, own.gap)
    return pd.DataFrame(
        {
            "assessment": data.assessments[data.topic.left],
            "decision": data.decisions[data.topic.right],
            **seen,
            "n_north": n[:, NORTH],
            "n_south": n[:, SOUTH],
        }
    )


def _assessments(data: _Coded, own: _OwnGaps, counts: Ints) -> pd.DataFrame:
    present, assessment = np.unique(data.topic.left, return_inverse=True)
    organisation = pair(assessment[own.topic], own.organisation, len(data.partners))
    gap, _ = means(organisation.ids, len(organisation.left), own.gap)
    side = data.sides.of(present[organisation.left], organisation.right)
    seen, _ = _seen(organisation.left, len(present), side, gap)
    alpha = agreements(counts, assessment[data.cell.left])
    return pd.DataFrame({"assessment": data.assessments[present], **seen, "agreement": alpha})


def _own_gap_frame(data: _Coded, own: _OwnGaps) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "assessment": data.assessments[data.topic.left[own.topic]],
            "decision": data.decisions[data.topic.right[own.topic]],
            "rater_partner": data.partners[own.organisation],
            "rater_side": pd.Index(SIDES)[own.side],
            "own_gap": own.gap,
        }
    )


def _cells(data: _Coded, counts: Ints) -> pd.DataFrame:
    whole = np.add.reduceat(counts, np.arange(0, HALVES, 2), axis=1)
    return pd.DataFrame(
        {
            "assessment": data.assessments[data.topic.left[data.cell.left]],
            "decision": data.decisions[data.topic.right[data.cell.left]],
            "partner": data.partners[data.cell.right],
            "n": counts.sum(1),
            "mean": histograms.mean(counts, HALF),
            "median": histograms.median(counts, HALF),
            **{f"count_{level}": whole[:, level] for level in range(TOP + 1)},
            "consensus": histograms.consensus(counts, HALF),
        }
    )


def _partners(data: _Coded, counts: Ints) -> pd.DataFrame:
    cell, voices = data.cell, data.voices
    itself = cell.right[voices.cell] == voices.organisation
    rated, own = voices.cell[itself], voices.double[itself]
    others = counts[rated]
    others[np.arange(len(rated)), own] -= 1
    difference = own * HALF - histograms.median(others, HALF)
    member = pair(data.topic.left[cell.left], cell.right, len(data.partners))
    self_gap, _ = means(member.ids[rated], len(member.left), difference)
    return pd.DataFrame(
        {
            "assessment": data.assessments[member.left],
            "partner": data.partners[member.right],
            "self_gap": self_gap,
        }
    )
