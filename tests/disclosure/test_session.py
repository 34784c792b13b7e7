"""What the session may see of private agreement, reasons, progress; and what set-up may promise."""

import json
from datetime import date, datetime
from itertools import permutations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.disclosure import all_agree, counts_from, preview, progress, refreshed_on, shared_reasons, shuffled
from tests.disclosure.tables import EXAMPLE, examples

FIVE = {f"S{i}": True for i in range(5)}


def votes(answers, decision="D1"):
    """Return votes from the answers of raters, `S1.b` being the second of S1."""
    rows = [(decision, rater, rater.split(".")[0], agree) for rater, agree in answers.items()]
    frame = pd.DataFrame(rows, columns=["decision", "rater", "rater_partner", "agree"])
    return frame.assign(assessment="A1", agree=frame["agree"].astype("boolean"))


def verdict(answers):
    (one,) = all_agree(votes(answers))
    assert one.keys() == {"decision", "agree"}
    return one["agree"]


# Agree or disagree


def test_five_who_agree_all_agree_and_one_no_makes_it_a_no():
    assert verdict(FIVE) == "all agree"
    assert verdict(FIVE | {"S4": False}) == "not all agree"
    assert verdict(dict.fromkeys(FIVE, False)) == "not all agree"


@pytest.mark.parametrize("fifth", [{"S4": None}, {}, {"S3.b": True}])
@pytest.mark.parametrize("answer", [True, False])
def test_under_five_organisations_that_answered_nothing_is_said(fifth, answer):
    four = {f"S{i}": answer for i in range(4)}
    assert verdict(four | {"S4": answer}) is not None
    assert verdict(four | fifth) is None


def test_a_missing_answer_is_neither_a_no_nor_a_yes():
    assert verdict(FIVE | {"N1": None}) == "all agree"
    assert verdict(FIVE | {"N1": None, "S1": False}) == "not all agree"


def test_one_no_of_a_colleague_is_a_no():
    assert verdict(FIVE | {"S4.b": True}) == "all agree"
    assert verdict(FIVE | {"S4.b": False}) == "not all agree"


def test_decisions_are_judged_one_by_one_and_come_in_the_order_of_their_keys():
    frame = pd.concat([votes(FIVE, 10), votes(FIVE | {"S1": False}, 9), votes({"S1": True}, 2)])
    expected = [
        {"decision": 2, "agree": None},
        {"decision": 9, "agree": "not all agree"},
        {"decision": 10, "agree": "all agree"},
    ]
    assert all_agree(frame) == all_agree(frame.sample(frac=1, random_state=2)) == expected


def test_the_threshold_can_only_be_raised():
    assert all_agree(votes(FIVE), at_least=5)[0]["agree"] == "all agree"
    assert all_agree(votes(FIVE), at_least=6)[0]["agree"] is None
    with pytest.raises(ValueError, match="raised"):
        all_agree(votes(FIVE), at_least=4)


def test_nothing_but_true_false_or_missing_is_an_answer():
    frame = votes(FIVE).astype({"agree": object})
    assert all_agree(frame)[0]["agree"] == "all agree"
    frame.loc[1, "agree"] = "yes"
    with pytest.raises(ValueError, match=r"^agree: 'yes'"):
        all_agree(frame)
    with pytest.raises(ValueError, match=r"^rater: "):
        all_agree(pd.concat([votes(FIVE), votes(FIVE)]))
    with pytest.raises(ValueError, match=r"^assessment: "):
        all_agree(pd.concat([votes(FIVE), votes(FIVE).assign(assessment="A2")]))


def test_no_votes_no_verdict():
    assert all_agree(votes({})) == []


def test_the_example_has_a_verdict_on_each_decision():
    partner_of = pd.read_csv(EXAMPLE / "raters.csv").set_index("rater")["partner"]
    frame = pd.read_csv(EXAMPLE / "agreement.csv").assign(assessment="example")
    frame = frame.assign(
        rater_partner=frame["rater"].map(partner_of), agree=frame["agree"].map({"yes": True, "no": False})
    )
    noes = set(frame.loc[frame["agree"].eq(False), "decision"])
    verdicts = {v["decision"]: v["agree"] for v in all_agree(frame)}
    assert verdicts == {d: "not all agree" if d in noes else "all agree" for d in sorted(frame["decision"].unique())}
    assert set(verdicts.values()) == {"all agree", "not all agree"}


# Reasons


def test_reasons_come_in_the_same_order_whoever_wrote_first():
    texts = ["Nobody asked us", "We heard of it afterwards", "The donor decided", "Ça va"]
    orders = {json.dumps(shuffled([("D1", text) for text in order])) for order in permutations(texts)}
    assert len(orders) == 1
    (only,) = json.loads(orders.pop())
    assert sorted(only["reasons"]) == sorted(texts)


def test_a_new_reason_does_not_move_the_others():
    texts = [f"reason {i}" for i in range(20)]
    (fewer,), (more,) = shuffled([(1, t) for t in texts[:10]]), shuffled([(1, t) for t in texts])
    assert [t for t in more["reasons"] if t in texts[:10]] == fewer["reasons"]
    assert fewer["reasons"] != texts[:10]


def test_the_order_differs_from_decision_to_decision():
    texts = [f"reason {i}" for i in range(10)]
    one, other = shuffled([(d, t) for d in (1, 2) for t in texts])
    assert (one["decision"], other["decision"]) == (1, 2)
    assert one["reasons"] != other["reasons"]
    assert sorted(one["reasons"]) == sorted(other["reasons"])


def test_traces_of_a_keyboard_are_evened_out():
    assert shuffled([("D1", " caf\u0065\u0301\n"), ("D1", "   ")]) == [{"decision": "D1", "reasons": ["café"]}]


WRITERS = [("D1", "S0", "Nobody asked us"), ("D1", "S1", "We heard of it late"), ("D1", "S2", "Ça va")]


def shown(answers, reasons):
    return [reason for row in shared_reasons(votes(answers), reasons) for reason in row["reasons"]]


def test_unsigned_reasons_of_three_among_five_are_shown_shuffled():
    assert shared_reasons(votes(FIVE), WRITERS) == shuffled([("D1", text) for _d, _o, text in WRITERS])
    assert sorted(shown(FIVE, WRITERS)) == sorted(text for *_who, text in WRITERS)


@pytest.mark.parametrize("fifth", [{"S4": None}, {}, {"S3.b": True}])
def test_under_five_that_answered_no_reason_is_shown(fifth):
    four = {f"S{i}": True for i in range(4)}
    assert shown(four | {"S4": False}, WRITERS)
    assert shown(four | fifth, WRITERS) == []


@pytest.mark.parametrize("third", [("D1", "S1", "Once more"), ("D1", "S2", "  "), ("D2", "S2", "Elsewhere")])
def test_under_three_organisations_that_wrote_no_reason_is_shown(third):
    assert shown(FIVE, [*WRITERS[:2], ("D1", "S2", "A third")])
    assert shown(FIVE, [*WRITERS[:2], third]) == []


def test_several_reasons_of_one_organisation_are_all_shown_with_two_others():
    assert len(shown(FIVE, [*WRITERS, ("D1", "S1", "Once more")])) == 4


def test_reasons_are_judged_decision_by_decision():
    frame = pd.concat([votes(FIVE), votes(FIVE, "D2")])
    assert [row["decision"] for row in shared_reasons(frame, [*WRITERS, ("D2", "S0", "Alone")])] == ["D1"]


# Preview


def partners(**counts):
    return [(f"{side}{i}", side) for side, n in counts.items() for i in range(n)]


@pytest.mark.parametrize(
    ("counts", "north", "south", "fallback", "proposed", "hangs_on_ticks"),
    [
        ({"north": 3, "south": 3}, "without_ticks", "without_ticks", "all_together", "by_side", False),
        ({"north": 1, "south": 3}, "by_ticks", "without_ticks", "nothing", "by_side", False),
        ({"north": 2, "south": 5, "other": 1}, "by_ticks", "without_ticks", "all_together", "by_side", False),
        ({"north": 2, "south": 2, "other": 1}, "by_ticks", "by_ticks", "all_together", "all_together", False),
        ({"north": 1, "south": 2}, "by_ticks", "by_ticks", "nothing", "joint_only", True),
        ({"north": 1, "south": 1}, "by_ticks", "by_ticks", "nothing", "joint_only", True),
        ({"north": 2, "south": 2}, "by_ticks", "by_ticks", "nothing", "caucus", True),
        ({"south": 5}, "never", "never", "all_together", "all_together", False),
        ({"north": 4}, "never", "never", "nothing", "joint_only", True),
    ],
)
def test_the_partners_alone_tell_what_can_be_seen(counts, north, south, fallback, proposed, hangs_on_ticks):
    assert preview(partners(**counts)) == {
        "organisations": sum(counts.values()),
        "by_side": {"north": north, "south": south, "fallback": fallback},
        "all_together": fallback == "all_together",
        "named": True,
        "caucus": {
            side: {0: "none", 1: "one"}.get(counts.get(side, 0), "several") for side in ("north", "south", "other")
        },
        "proposed": proposed,
        "may_show_nothing": hangs_on_ticks,
    }


def test_a_raised_k_is_previewed_and_a_lowered_one_refused():
    assert preview(partners(north=3, south=4), k=4)["by_side"]["north"] == "by_ticks"
    with pytest.raises(ValueError, match="raised"):
        preview(partners(north=3, south=4), k=2)


def test_a_partner_named_twice_or_without_a_side_is_refused():
    with pytest.raises(ValueError, match=r"^partner: 'A'"):
        preview([("A", "north"), ("A", "south")])
    with pytest.raises(ValueError, match=r"^side: 'east'"):
        preview([("A", "east")])


# Progress


BANDS = [None, "fewer than half", "half or more", "three quarters or more"]


@pytest.mark.parametrize(
    ("of", "bands"),
    [
        (0, [None]),
        (5, [None] * 6),
        (6, ["fewer than half"] * 3 + ["half or more"] * 4),
        (7, ["fewer than half"] * 4 + ["half or more"] * 4),
        (11, ["fewer than half"] * 6 + ["half or more"] * 6),
        (12, ["fewer than half"] * 6 + ["half or more"] * 3 + ["three quarters or more"] * 4),
        (13, ["fewer than half"] * 7 + ["half or more"] * 3 + ["three quarters or more"] * 4),
    ],
)
def test_progress_is_a_band_from_six_organisations_on(of, bands):
    assert [progress(answered, of) for answered in range(of + 1)] == bands


@examples(30)
@given(st.integers(0, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_progress_never_falls_as_answers_come_in(drawn):
    answered, of = drawn
    later = [BANDS.index(progress(n, of)) for n in range(answered, of + 1)]
    assert later == sorted(later)


@pytest.mark.parametrize(("answered", "of"), [(-1, 6), (7, 6)])
def test_progress_of_more_than_there_are_is_refused(answered, of):
    with pytest.raises(ValueError, match="cannot have answered"):
        progress(answered, of)


@pytest.mark.parametrize(
    ("at", "refreshed", "counts"),
    [
        ("2026-05-10T02:59:59+00:00", date(2026, 5, 9), date(2026, 5, 10)),
        ("2026-05-10T03:00:00+00:00", date(2026, 5, 10), date(2026, 5, 11)),
        ("2026-05-10T04:30:00+02:00", date(2026, 5, 9), date(2026, 5, 10)),
        ("2026-05-10T23:59:59+00:00", date(2026, 5, 10), date(2026, 5, 11)),
    ],
)
def test_a_submission_counts_from_the_next_refresh_at_the_fixed_hour(at, refreshed, counts):
    moment = datetime.fromisoformat(at)
    assert (refreshed_on(moment, 3), counts_from(moment, 3)) == (refreshed, counts)
