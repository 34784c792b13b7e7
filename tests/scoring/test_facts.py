"""Facts beside influence: the example's values, plain loops on made-up facts, and what is refused."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import fact_shares, influence_by_domain
from tests.scoring.example import DATA, near, read
from tests.scoring.generated import LEVELS, SIDES, generated

KINDS = ("amount", "yes_no", "rate")
AGREED = ["assessment", "decision", "partner", "partner_side", "actual"]


@pytest.fixture(scope="module")
def shares(sides):
    frame = read("facts")
    kinds = pd.read_csv(DATA / "facts.csv").set_index("key").kind
    return fact_shares(frame.assign(kind=frame.fact.map(kinds), side=frame.partner.map(sides))).set_index("fact")


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("budget_spent", (0.425, 0.5525, 0.0225)),
        ("budget_managed", (0.9775, 0, 0.0225)),
        ("governing_seats", (0.571429, 0.285714, 0.142857)),
        ("contract_months", (60, 14.4, 60)),
        ("overhead_rate", (11, 2.25, math.nan)),
        ("reports_written", (math.nan,) * 3),
    ],
)
def test_shares_of_the_example(shares, fact, expected):
    row = shares.loc[fact]
    assert (row.north, row.south, row.other) == near(expected)


def test_missing_values_of_the_example_are_counted(shares):
    assert shares.loc["coordination_staff"].south == near(0.083333)
    assert shares.loc["reports_written"].missing == 1
    advance = shares.loc["paid_in_advance"]
    assert (advance.south, advance.n, advance.missing) == (near(0.4), 7, 1)


def test_influence_of_the_example_by_domain(sides):
    agreed = read("agreed").assign(partner_side=lambda frame: frame.partner.map(sides))
    domains = pd.read_csv(DATA / "topic_domains.csv").set_index("topic").domain
    topics = read("topics").assign(domain=lambda frame: frame.topic.map(domains))
    found = influence_by_domain(agreed, topics).set_index(["domain", "side"])[["k", "n"]]
    assert {side: tuple(found.loc[("money", side)]) for side in SIDES} == {
        "north": (3, 3),
        "south": (0, 3),
        "other": (1, 3),
    }
    assert [tuple(found.loc[("staff", side)]) for side in ("north", "south")] == [(1, 2), (1, 2)]


def value_of(kind):
    numbers = {"yes_no": [0, 1], "amount": [0, 0, 1, 2.5, 60], "rate": [0, 7, 14.4]}[kind]
    return st.sampled_from([*map(float, numbers), math.nan])


@st.composite
def facts_frames(draw):
    """Draw facts of up to three assessments: every partner has a row for each fact, some without a value."""
    rows = []
    for i in range(draw(st.integers(1, 3))):
        partners = {f"p{j}": draw(st.sampled_from(SIDES)) for j in range(draw(st.integers(1, 4)))}
        for fact in range(draw(st.integers(1, 3))):
            kind = draw(st.sampled_from(KINDS))
            rows += [(f"a{i}", f"f{fact}", kind, p, side, draw(value_of(kind))) for p, side in partners.items()]
    return pd.DataFrame(draw(st.permutations(rows)), columns=["assessment", "fact", "kind", "partner", "side", "value"])


def by_hand(rows, side):
    """Compute one share in a plain loop."""
    values = [row["value"] for row in rows]
    own = [row["value"] for row in rows if row["side"] == side and not math.isnan(row["value"])]
    if rows[0]["kind"] != "amount":
        return sum(own) / len(own) if own else math.nan
    return math.nan if any(map(math.isnan, values)) or not sum(values) else sum(own) / sum(values)


@generated
@given(facts_frames())
def test_shares_equal_plain_loops(frame):
    found = fact_shares(frame)
    groups = frame.groupby(["assessment", "fact"])
    assert list(zip(found.assessment, found.fact, strict=True)) == list(groups.groups)
    for row, (_key, group) in zip(found.itertuples(), groups, strict=True):
        rows = group.to_dict("records")
        assert [getattr(row, side) for side in SIDES] == near([by_hand(rows, side) for side in SIDES])
        assert (row.n, row.missing) == (group.value.notna().sum(), group.value.isna().sum())


@generated
@given(facts_frames())
def test_shares_of_a_complete_amount_sum_to_one(frame):
    found = fact_shares(frame.assign(kind="amount"))
    sums = found[list(SIDES)].sum(axis=1, skipna=False)
    assert all(math.isnan(total) or total == near(1) for total in sums)
    assert set(found[sums.isna()].index) == {
        row.Index
        for row in found.itertuples()
        if row.missing or not frame[(frame.assessment == row.assessment) & (frame.fact == row.fact)].value.sum()
    }


@st.composite
def decisions_with_topics(draw):
    """Draw agreed levels, and a domain for most of the decisions and for one that nobody agreed on."""
    rows, topics = [], []
    for i in range(draw(st.integers(1, 3))):
        partners = {f"p{j}": draw(st.sampled_from(SIDES)) for j in range(draw(st.integers(1, 4)))}
        decisions = [f"d{j}" for j in range(draw(st.integers(1, 4)))]
        rows += [(f"a{i}", d, p, side, draw(LEVELS)) for d in decisions for p, side in partners.items()]
        topics += [(f"a{i}", d, draw(st.sampled_from(["money", "staff"]))) for d in [*decisions[1:], "unknown"]]
    agreed = pd.DataFrame(draw(st.permutations(rows)), columns=AGREED)
    topics = pd.DataFrame(draw(st.permutations(topics)), columns=["assessment", "decision", "domain"])
    return agreed.astype({"actual": float}), topics


@generated
@given(decisions_with_topics())
def test_influence_equals_plain_loops(frames):
    agreed, topics = frames
    expected = []
    for assessment, domain in sorted(set(zip(topics.assessment, topics.domain, strict=True))):
        for side in SIDES:
            asked = topics[(topics.assessment == assessment) & (topics.domain == domain)].decision
            highest = [
                agreed[
                    (agreed.assessment == assessment) & (agreed.decision == d) & (agreed.partner_side == side)
                ].actual.max()
                for d in asked
            ]
            known = [level for level in highest if not math.isnan(level)]
            expected.append((assessment, domain, side, sum(level >= 3 for level in known), len(known)))
    assert [tuple(row) for row in influence_by_domain(agreed, topics).itertuples(index=False)] == expected


def facts(**changes):
    row = {"assessment": "a", "fact": "f", "kind": "amount", "partner": "p", "side": "north", "value": 1.0}
    return pd.DataFrame([row, row | {"partner": "q", "side": "south"} | changes])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "sum"}, "kind: 'sum' is not a kind"),
        ({"kind": "rate"}, "kind: 'rate' is a second kind of the same fact"),
        ({"side": "East"}, "side: 'East' is not a side"),
        ({"value": -0.5}, "value: -0.5 is negative"),
        ({"value": math.inf}, "value: inf is not finite"),
        ({"partner": "p"}, "assessment, fact, partner: ('a', 'f', 'p') occurs twice"),
        ({"partner": "p", "fact": "g"}, "side: 'p' is both 'north' and 'south' in assessment 'a'"),
        ({"fact": None}, "fact: nan is not a key"),
    ],
)
def test_wrong_facts_are_refused_by_column_and_value(changes, said):
    with pytest.raises(ValueError, match="^" + re.escape(said)):
        fact_shares(facts(**changes))
    assert fact_shares(facts()).missing.tolist() == [0]


def test_a_yes_no_is_neither_more_nor_less():
    frame = facts().assign(kind="yes_no")
    assert fact_shares(frame).north.tolist() == [1]
    with pytest.raises(ValueError, match=r"^value: 0\.5 is neither 0 nor 1"):
        fact_shares(frame.assign(value=[1, 0.5]))


def test_a_decision_has_one_domain():
    agreed = pd.DataFrame(
        {"assessment": ["a"], "decision": ["d"], "partner": ["p"], "partner_side": ["north"], "actual": [3.0]}
    )
    topics = pd.DataFrame({"assessment": ["a"], "decision": ["d"], "domain": ["money"]})
    assert influence_by_domain(agreed, topics).k.tolist() == [1, 0, 0]
    with pytest.raises(ValueError, match=r"^assessment, decision: \('a', 'd'\) occurs twice"):
        influence_by_domain(agreed, pd.concat([topics, topics.assign(domain="staff")]))
    with pytest.raises(ValueError, match=r"occurs twice"):
        influence_by_domain(pd.concat([agreed, agreed]), topics)


def test_keys_may_be_categories_or_whole_numbers():
    frame = facts().assign(assessment=7)
    for column in ("fact", "kind", "partner", "side"):
        frame[column] = frame[column].astype("category")
    row = fact_shares(frame).iloc[0]
    assert (row.assessment, row.fact, row.kind, row.north) == (7, "f", "amount", 0.5)


def test_nothing_in_gives_nothing_out():
    assert fact_shares(facts().iloc[:0]).empty
    agreed = pd.DataFrame(columns=AGREED)
    assert influence_by_domain(agreed, pd.DataFrame(columns=["assessment", "decision", "domain"])).empty
    assert np.isnan(fact_shares(facts().assign(value=0)).north).all()
