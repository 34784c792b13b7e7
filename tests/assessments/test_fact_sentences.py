"""Every named case of the sentences on facts has its golden text here."""

import pytest

from assessments import charts, fact_list, sentences

NAMES = {
    "decisions": {},
    "sides": {"north": "North", "south": "South", "other": "Other"},
    "groups": {"north": "Northern partners", "south": "Southern partners", "other": "Other partners"},
    "partners": {1: {"side": "north"}, 2: {"side": "south"}, 3: {"side": "other"}},
}
MONEY = [{"domain": "money", "side": side, "k": k, "n": 3} for side, k in (("north", 3), ("south", 0), ("other", 1))]
SPENT = "How much of this partnership's annual budget does each partner spend itself?"


def share(fact="budget_spent", north=0.425, south=0.5525, other=0.0225, **about):
    listed = fact_list.BY_KEY.get(fact)
    known = {"kind": listed.kind, "domain": listed.domain} if listed else {"kind": "amount", "domain": "money"}
    sides = {"north": north, "south": south, "other": other}
    row = {"fact": fact, "question": "", "unit": "EUR", **known, **sides, "n": 3, "missing": 0, "off_100": False}
    return row | about


NONE = {"north": None, "south": None, "other": None}
MANAGED = share("budget_managed", 0.9775, 0.0, 0.0225)
CASES = {
    "both budgets": (
        [share(), MANAGED],
        "Southern partners spend 55% of the budget and manage 0% of it. "
        "Southern partners decide or co-decide in 0 of 3 decisions about money.",
    ),
    "one share": (
        [MANAGED],
        "Southern partners manage 0% of the budget. "
        "Southern partners decide or co-decide in 0 of 3 decisions about money.",
    ),
    "incomplete": (
        [share(missing=1, n=2, **NONE)],
        f"Southern partners decide or co-decide in 0 of 3 decisions about money. Not all partners answered “{SPENT}”",
    ),
    "incomplete yes or no": (
        [share("paid_in_advance", 1.0, 0.4, None, missing=1, n=7)],
        "40% of Southern partners are paid before they spend the money. "
        "Southern partners decide or co-decide in 0 of 3 decisions about money. "
        "Not all partners answered “Is each partner paid before it spends the money?”",
    ),
    "all zero": (
        [share(**NONE)],
        f"Southern partners decide or co-decide in 0 of 3 decisions about money. All partners answered 0 to “{SPENT}”",
    ),
    "not 100": (
        [share(off_100=True, **NONE)],
        "Southern partners decide or co-decide in 0 of 3 decisions about money. "
        f"The percentages for “{SPENT}” do not add up to 100.",
    ),
    "equal": (
        [share(north=0.451, south=0.449, other=0.1)],
        "Southern partners spend 45% of the budget. Northern partners have the same share. "
        "Southern partners decide or co-decide in 0 of 3 decisions about money.",
    ),
    "own amount": (
        [share("own_1", question="How many boats do you have?")],
        "Southern partners have 55% of the total for “How many boats do you have?” "
        "Southern partners decide or co-decide in 0 of 3 decisions about money.",
    ),
    "own yes or no": (
        [share("own_1", question="Do you have a boat?", kind="yes_no")],
        "55% of Southern partners answered yes to “Do you have a boat?” "
        "Southern partners decide or co-decide in 0 of 3 decisions about money.",
    ),
}


def said(shares, influence=MONEY, names=NAMES) -> str:
    found = sentences.facts_by_domain({"shares": shares, "influence": influence, "values": []}, names)
    return " ".join(str(sentence) for lines in found.values() for sentence in lines)


@pytest.mark.parametrize("case", CASES)
def test_golden_text(case):
    shares, expected = CASES[case]
    assert said(shares) == expected


def test_no_decision_of_the_subject():
    expected = "Southern partners spend 55% of the budget. No decision on this subject has an agreed level yet."
    assert said([share()], influence=[]) == expected
    assert said([share()], influence=[row | {"k": 0, "n": 0} for row in MONEY]) == expected


def test_one_decision_is_one():
    one = [row | {"k": 1, "n": 1} for row in MONEY]
    assert said([share()], one).endswith("Southern partners decide or co-decide in 1 of 1 decision about money.")


def test_without_a_southern_partner_the_north_is_told():
    names = NAMES | {"partners": {1: {"side": "north"}}}
    assert said([share(north=1.0, south=0.0, other=0.0)], names=names) == (
        "Northern partners spend 100% of the budget. "
        "Northern partners decide or co-decide in 3 of 3 decisions about money."
    )


def test_rates_have_no_sentence():
    assert said([share("overhead_rate", 11.0, 2.25, None)]) == ""


@pytest.mark.parametrize("key", [fact.key for fact in fact_list.FACTS if fact.kind != "rate"])
def test_every_fact_of_the_list_has_its_own_words(key):
    row = share(key)
    text = said([row], influence=[])
    assert ("55%" in text, "total:" in text, "answered yes to" in text) == (True, False, False)


def test_every_subject_has_its_own_words():
    keys = {fact.domain: fact.key for fact in fact_list.FACTS if fact.kind != "rate"}
    for domain in fact_list.DOMAINS:
        text = said([share(keys[domain])], [row | {"domain": domain} for row in MONEY])
        assert "Southern partners decide or co-decide in 0 of 3 decisions about" in text


def test_shares_of_a_whole_add_up_in_print():
    printed = sentences.facts.numbers.share
    assert [printed(value) for value in (0.425, 0.5525, 0.0225)] == ["43%", "55%", "2%"]


def test_chart_has_two_lines_of_each_subject():
    facts = {"shares": [share(), share("overhead_rate", 11.0, 2.0, None)], "influence": MONEY, "values": []}
    figure = charts.agreed_figures({"decisions": [], "facts": facts}, NAMES)["facts"]
    words = [annotation["text"] for annotation in figure["layout"]["annotations"]]
    assert [text[:20] for text in words] == ["How much of this par", "Money: share of deci"]
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    assert [trace["x"] for trace in bars] == [[42.5, 100.0], [55.25, 0.0]]
    marks = [trace for trace in figure["data"] if trace["type"] == "scatter"]
    assert [(trace["marker"]["symbol"], trace["text"]) for trace in marks] == [
        ("circle", ["43%", "100%"]),
        ("triangle-up", ["55%", "0%"]),
    ]


def test_without_shares_there_is_no_chart():
    facts = {"shares": [share(**NONE)], "influence": MONEY, "values": []}
    assert charts.agreed_figures({"decisions": [], "facts": facts}, NAMES) == {}
