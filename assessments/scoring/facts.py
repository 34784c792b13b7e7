"""What can be counted, beside influence: who holds money, memberships, posts and contracts, and who decides on them."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from assessments.scoring.checks import Floats, Ints, as_levels, as_numbers, as_sides, refuse
from assessments.scoring.frames import Pairs, coded, means, pair, refuse_duplicates, require, side_table
from assessments.scoring.histograms import ratio
from assessments.scoring.levels import CO_DECIDES, SIDES

COLUMNS = ("assessment", "fact", "kind", "partner", "side", "value")
KINDS = AMOUNT, YES_NO, RATE = ("amount", "yes_no", "rate")


def fact_shares(facts: pd.DataFrame) -> pd.DataFrame:
    """Return what each side holds of each fact, for many assessments at once (METHOD §6).

    `facts` has one row per partner and fact: assessment, fact, kind ("amount", "yes_no" or "rate"), partner, side
    ("north", "south", "other") and value (0 or more, NaN where the partner gave none; a yes_no is 0 or 1). The result
    is sorted by assessment and fact, with the columns assessment, fact, kind, north, south, other, n (values given) and
    missing (values not given).

    - amount: the side's share (0..1) of the sum over all partners; NaN while a value is missing, or if the sum is 0.
    - yes_no: the share (0..1) of the side's partners that say yes, among those with a value.
    - rate: the mean of the side's values, in their own unit.

    Raises ValueError, naming column and value, for a missing column or key, an unknown kind or side, a negative or
    infinite value, a yes_no that is neither 0 nor 1, a fact of two kinds, a partner with two sides, or a key that
    occurs twice.
    """
    require(facts, COLUMNS)
    assessments, (assessment,) = coded(facts, "assessment")
    names, (name,) = coded(facts, "fact")
    partners, (partner,) = coded(facts, "partner")
    side, kind = as_sides(facts["side"], "side"), _as_kinds(facts["kind"])
    value = _as_values(facts, kind)
    fact = pair(assessment, name, len(names))
    refuse_duplicates(facts, ("assessment", "fact", "partner"), fact.ids * len(partners) + partner)
    side_table(assessments, partners, assessment, {"side": (partner, side)})
    kinds = _kind_of_each(facts, fact, kind)

    size = len(fact.left)
    known = np.bincount(fact.ids[~np.isnan(value)], minlength=size)
    missing = np.bincount(fact.ids, minlength=size) - known
    shares = _by_side(fact, side, value, is_amount=kinds == KINDS.index(AMOUNT), missing=missing)
    return pd.DataFrame(
        {
            "assessment": assessments[fact.left],
            "fact": names[fact.right],
            "kind": pd.Index(KINDS)[kinds],
            **dict(zip(SIDES, shares.T, strict=True)),
            "n": known,
            "missing": missing,
        }
    )


def _as_kinds(kinds: pd.Series) -> Ints:
    """Return the position in KINDS of each kind."""
    places = pd.Index(KINDS, dtype=object).get_indexer(pd.Index(kinds.astype(object)))
    if (places < 0).any():
        refuse("kind", kinds.iloc[int(np.argmax(places < 0))], f"is not a kind ({', '.join(KINDS)})")
    return places.astype(np.int64)


def _as_values(facts: pd.DataFrame, kind: Ints) -> Floats:
    """Return the values as floats, NaN where missing; refuse what the fact's kind cannot have."""
    values = as_numbers(facts["value"], "value")
    if (negative := values < 0).any():
        refuse("value", facts["value"].iloc[int(np.argmax(negative))], "is negative")
    neither = (kind == KINDS.index(YES_NO)) & ~np.isnan(values) & ~np.isin(values, (0, 1))
    if neither.any():
        refuse("value", facts["value"].iloc[int(np.argmax(neither))], "is neither 0 nor 1, as a yes_no is")
    return values


def _kind_of_each(facts: pd.DataFrame, fact: Pairs, kind: Ints) -> Ints:
    """Return the kind of each fact of each assessment; raise if one has two."""
    kinds = np.empty(len(fact.left), dtype=np.int64)
    kinds[fact.ids[::-1]] = kind[::-1]  # the first row of each fact has the last word
    if (other := kinds[fact.ids] != kind).any():
        refuse("kind", facts["kind"].iloc[int(np.argmax(other))], "is a second kind of the same fact")
    return kinds


def _by_side(fact: Pairs, side: Ints, value: Floats, *, is_amount: npt.NDArray[np.bool_], missing: Ints) -> Floats:
    """Return facts × sides: shares of amounts, means of all else."""
    size, groups = len(fact.left) * len(SIDES), fact.ids * len(SIDES) + side
    average, _ = means(groups, size, value)
    sums = np.bincount(groups, np.nan_to_num(value), minlength=size).reshape(-1, len(SIDES))
    shares = np.where(missing[:, None] > 0, np.nan, ratio(sums, sums.sum(1, keepdims=True)))
    return np.where(is_amount[:, None], shares, average.reshape(-1, len(SIDES)))


def influence_by_domain(agreed: pd.DataFrame, topics: pd.DataFrame) -> pd.DataFrame:
    """Return in how many decisions of a domain each side decides or co-decides (METHOD §6).

    `agreed` is the frame of `score_agreed`; `topics` has one row per decision: assessment, decision, domain. Decisions
    that `topics` leaves out do not count. The result has a row for each assessment, domain and side, sorted, sides as
    "north", "south", "other": assessment, domain, side, k, n. Some partner of the side has an actual level in `n`
    decisions of the domain. In `k` of them at least one partner of the side is at 3 or more.

    Raises ValueError, naming column and value, for a missing column or key, a wrong level or side, a cell or a
    decision's domain that occurs twice, or a partner with two sides in one assessment.
    """
    require(agreed, ("assessment", "decision", "partner", "partner_side", "actual"))
    require(topics, ("assessment", "decision", "domain"))
    both = pd.concat([agreed[["assessment", "decision"]], topics[["assessment", "decision"]]], ignore_index=True)
    assessments, (assessment,) = coded(both, "assessment")
    decisions, (decision,) = coded(both, "decision")
    domains, (domain,) = coded(topics, "domain")
    partners, (partner,) = coded(agreed, "partner")
    rows = len(agreed)
    topic = assessment * len(decisions) + decision  # a number for each decision of each assessment
    refuse_duplicates(topics, ("assessment", "decision"), topic[rows:])
    refuse_duplicates(agreed, ("assessment", "decision", "partner"), topic[:rows] * len(partners) + partner)
    side, level = as_sides(agreed["partner_side"], "partner_side"), as_levels(agreed["actual"], "actual")
    side_table(assessments, partners, assessment[:rows], {"partner_side": (partner, side)})

    asked = pair(assessment[rows:], domain, len(domains))
    place = pd.Series(asked.ids, index=topic[rows:]).reindex(topic[:rows]).to_numpy()  # NaN where there is no topic
    known = ~np.isnan(place) & ~np.isnan(level)
    cells = np.unique(topic[:rows][known] * len(SIDES) + side[known], return_inverse=True)
    highest = np.zeros(len(cells[0]))
    np.maximum.at(highest, cells[1], level[known])
    group = np.zeros(len(cells[0]), dtype=np.int64)
    group[cells[1]] = place[known].astype(np.int64) * len(SIDES) + side[known]
    size = len(asked.left) * len(SIDES)
    return pd.DataFrame(
        {
            "assessment": np.repeat(assessments[asked.left], len(SIDES)),
            "domain": np.repeat(domains[asked.right], len(SIDES)),
            "side": np.tile(SIDES, len(asked.left)),
            "k": np.bincount(group[highest >= CO_DECIDES], minlength=size),
            "n": np.bincount(group, minlength=size),
        }
    )
