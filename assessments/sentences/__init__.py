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
from assessments.sentences.facts import average_share, facts_by_domain, problem_of, shares_of
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
from assessments.sentences.sentence import Sentence
from assessments.sentences.shifts import moves, progress, shift
from assessments.sentences.undeclared import undeclared, waits

__all__ = [
    "Sentence",
    "achieved",
    "agreed_chart",
    "agreement",
    "answered",
    "average_share",
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
    "facts_by_domain",
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
    "problem_of",
    "progress",
    "published_gap",
    "shares_of",
    "shift",
    "short_view",
    "since",
    "states",
    "undeclared",
    "view",
    "views",
    "waits",
    "wanting",
    "warnings",
    "who_decides",
    "widest",
    "without_action",
]
