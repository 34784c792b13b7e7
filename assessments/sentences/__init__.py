"""Released numbers and agreed scores → sentences. Each comes from a named case; a golden text in the tests holds it.

Pure: takes what `Release.data`, `AgreedResult.scores` and `names_of` hold. Sentences are whole, so that they can be
translated; numbers are those that are shown, so that no sentence tells more than its table.
"""

from assessments.sentences.agreements import (
    agreed_chart,
    agreement,
    balance_label,
    desired_chart,
    discussed,
    states,
    wanting,
    warnings,
)
from assessments.sentences.caucus import caucus_agrees, caucus_difference, caucus_finding, caucus_view
from assessments.sentences.comparing import own_gap, published_gap
from assessments.sentences.in_short import (
    achieved,
    change_wanted,
    groups_by_decision,
    headline,
    holder,
    holder_code,
    holder_counts,
    since,
    who_decides,
    without_action,
)
from assessments.sentences.over_time import counted, moment, moved
from assessments.sentences.perceptions import answered, perception, perception_chart, short_view, view, views
from assessments.sentences.reading_guide import decider, widest
from assessments.sentences.sentence import Said
from assessments.sentences.shifts import moves, progress, shift

__all__ = [
    "Said",
    "achieved",
    "agreed_chart",
    "agreement",
    "answered",
    "balance_label",
    "caucus_agrees",
    "caucus_difference",
    "caucus_finding",
    "caucus_view",
    "change_wanted",
    "counted",
    "decider",
    "desired_chart",
    "discussed",
    "groups_by_decision",
    "headline",
    "holder",
    "holder_code",
    "holder_counts",
    "moment",
    "moved",
    "moves",
    "own_gap",
    "perception",
    "perception_chart",
    "progress",
    "published_gap",
    "shift",
    "short_view",
    "since",
    "states",
    "view",
    "views",
    "wanting",
    "warnings",
    "who_decides",
    "widest",
    "without_action",
]
