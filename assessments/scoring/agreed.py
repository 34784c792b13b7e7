"""Scores of the levels that the group agreed on: per decision, per assessment, per partner."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assessments.scoring import histograms
from assessments.scoring.checks import Floats, Ints, as_levels, as_sides
from assessments.scoring.frames import Pairs, coded, means, pair, refuse_duplicates, require, side_table
from assessments.scoring.levels import NORTH, SIDES, SOUTH, TOP

COLUMNS = ("assessment", "decision", "partner", "partner_side", "actual", "desired")
KEY = ("assessment", "decision", "partner")


@dataclass(frozen=True)
class AgreedScores:
    """Frames of `score_agreed`."""

    decisions: pd.DataFrame
    assessments: pd.DataFrame
    partners: pd.DataFrame


def score_agreed(agreed: pd.DataFrame) -> AgreedScores:
    """Score agreed levels of many assessments at once.

    `agreed` has one row per cell: assessment, decision, partner, partner_side ("north", "south", "other"), actual and
    desired (whole levels 0..4, NaN when missing). Rows of the results are sorted by key; every decision, assessment and
    partner of `agreed` has one, NaN where undefined.

    - `.decisions`: assessment, decision, level, north, south, gap, delta, superiority, balance, gini, holders, and the
      same nine of the desired levels with the suffix _desired; `level` is the mean over partners, the others are as
      `side_gap`, `balance`, `gini` and `holders` define them.
    - `.assessments`: assessment, gap, balance: means over the decisions that have one.
    - `.partners`: assessment, partner, side, level (mean over decisions), rank (1 is highest, ties share the smaller).

    Raises ValueError, naming column and value, for a missing column or key, a wrong level or side, a cell that occurs
    twice, or a partner with two sides in one assessment.
    """
    require(agreed, COLUMNS)
    assessments, (assessment,) = coded(agreed, "assessment")
    decisions, (decision,) = coded(agreed, "decision")
    partners, (partner,) = coded(agreed, "partner")
    side = as_sides(agreed["partner_side"], "partner_side")
    actual, desired = (as_levels(agreed[column], column) for column in ("actual", "desired"))
    topic = pair(assessment, decision, len(decisions))
    refuse_duplicates(agreed, KEY, topic.ids * len(partners) + partner)
    sides = side_table(assessments, partners, assessment, {"partner_side": (partner, side)})
    member = pair(assessment, partner, len(partners))

    scores = {**_statistics(topic, side, actual, ""), **_statistics(topic, side, desired, "_desired")}
    by_assessment = {column: means(topic.left, len(assessments), scores[column])[0] for column in ("gap", "balance")}
    occurs = np.bincount(topic.left, minlength=len(assessments)) > 0
    level, _ = means(member.ids, len(member.left), actual)
    return AgreedScores(
        pd.DataFrame({"assessment": assessments[topic.left], "decision": decisions[topic.right], **scores}),
        pd.DataFrame({"assessment": assessments, **by_assessment})[occurs].reset_index(drop=True),
        pd.DataFrame(
            {
                "assessment": assessments[member.left],
                "partner": partners[member.right],
                "side": pd.Index(SIDES)[sides.of(member.left, member.right)],
                "level": level,
                "rank": pd.Series(level).groupby(member.left).rank(method="min", ascending=False),
            }
        ),
    )


def _statistics(topic: Pairs, side: Ints, levels: Floats, suffix: str) -> dict[str, Any]:
    """Return the nine statistics of each decision."""
    known = ~np.isnan(levels)
    places = topic.ids[known] * len(SIDES) + side[known]
    shape = (len(topic.left), len(SIDES), TOP + 1)
    counts = histograms.counted(places, shape[0] * shape[1], levels[known].astype(np.int64), TOP + 1).reshape(shape)
    everyone, northern, southern = counts.sum(1), counts[:, NORTH], counts[:, SOUTH]
    north, south = histograms.mean(northern), histograms.mean(southern)
    delta = histograms.cliff_delta(northern, southern)
    return {
        f"level{suffix}": histograms.mean(everyone),
        f"north{suffix}": north,
        f"south{suffix}": south,
        f"gap{suffix}": north - south,
        f"delta{suffix}": delta,
        f"superiority{suffix}": (delta + 1) / 2,
        f"balance{suffix}": histograms.balance(north - south),
        f"gini{suffix}": histograms.gini(everyone),
        f"holders{suffix}": pd.array(histograms.holders(counts), dtype="str"),
    }
