"""The method: levels in, statistics out. Pure numpy and pandas; knows no web and no database."""

from assessments.scoring.agreed import AgreedScores, score_agreed
from assessments.scoring.alpha import agreement
from assessments.scoring.facts import fact_shares, influence_by_domain
from assessments.scoring.perceptions import PerceptionScores, score_perceptions
from assessments.scoring.pooling import Pooled, Share, leading_share, pooled
from assessments.scoring.shifts import Shift, shift
from assessments.scoring.statistics import (
    SideGap,
    balance,
    concentration,
    consensus,
    evenness,
    gini,
    holders,
    holding,
    side_gap,
)

METHOD_VERSION = "2.0"  # recorded in every Release; raise it whenever a formula or an edge case changes

__all__ = [
    "METHOD_VERSION",
    "AgreedScores",
    "PerceptionScores",
    "Pooled",
    "Share",
    "Shift",
    "SideGap",
    "agreement",
    "balance",
    "concentration",
    "consensus",
    "evenness",
    "fact_shares",
    "gini",
    "holders",
    "holding",
    "influence_by_domain",
    "leading_share",
    "pooled",
    "score_agreed",
    "score_perceptions",
    "shift",
    "side_gap",
]
