"""METHOD §4, rule 12, over generated assessments, opt-ins, revocations and refreshes. Pure: no database."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import Phase as Part
from hypothesis import strategies as st

from assessments import evidence
from assessments.evidence import Contributions
from assessments.scoring.levels import BOTH_SIDES
from community.evidence import adopted, cuts, tables
from community.evidence.cuts import Held, merge, protected, settle

TOPICS = ("agenda", "governance", "risk", "")
FACTORS = ("short", "risk", "contract", "language")


# --- a world: partnerships with assessments, of which some are contributed at each refresh


def frames(contributed: list[dict]) -> Contributions:
    """Return the frames of these assessments; each is a dict of key, partnership, phase and decisions."""
    known, decisions, levels = [], [], []
    for one in sorted(contributed, key=lambda one: one["key"]):
        key = one["key"]
        seen = (one["seen"][0], one["seen"][1], f"n{key}", f"s{key}")
        known.append((key, one["partnership"], one["phase"], key, *seen))
        for number, (topic, north, south) in enumerate(one["decisions"], 1):
            decisions.append((key, number, topic, float(north), float(south), float(north - south)))
            for side, level in (("north", north), ("south", south)):
                levels.append((key, number, side, *(int(level == at) for at in range(5))))
    frame = pd.DataFrame(known, columns=list(evidence.ASSESSMENT))
    return Contributions(
        frame.astype({"seen_by_north": "float64", "seen_by_south": "float64"}),
        pd.DataFrame(decisions, columns=list(evidence.DECISION)).astype({"gap": "float64"}),
        pd.DataFrame(levels, columns=list(evidence.LEVEL_COUNTS)),
        pd.DataFrame(changes(contributed), columns=list(evidence.CHANGE)),
        pd.DataFrame(
            [(one["key"], factor) for one in contributed for factor in one.get("causes", ())],
            columns=list(evidence.CAUSE),
        ),
        pd.DataFrame(
            [(one["key"], fact, share) for one in contributed for fact, share in one.get("facts", {}).items()],
            columns=list(evidence.FACT),
        ),
    )


def changes(contributed: list[dict]) -> list[tuple]:
    """Every later assessment follows the earlier ones of its partnership, decision by decision."""
    rows = []
    for before, after in itertools.permutations(contributed, 2):
        if before["partnership"] == after["partnership"] and before["key"] < after["key"]:
            both = zip(before["decisions"], after["decisions"], strict=False)
            for number, (then, now) in enumerate(both, 1):
                rows += [(before["key"], after["key"], number, number, "north", float(now[1] - then[1]))]
                rows += [(before["key"], after["key"], number, number, "south", float(now[2] - then[2]))]
    return rows


class Base:
    """The evidence base over several refreshes, as the service keeps it."""

    def __init__(self, networks: dict[int, str]) -> None:
        self.networks = networks
        self.past: dict[str, list[cuts.Cell]] = {"agreed": [], "seen": [], "causes": [], "facts": []}
        self.held: dict[str, Held] = {}

    def refresh(self, contributed: list[dict], found: list[tuple] = ()) -> dict[str, cuts.TableOutcome]:
        """Refresh from what is contributed, and where decisions that adopted a measure are found (`adopted.FOUND`)."""
        given = frames(contributed)
        earlier = {name for name in self.held if name.startswith(adopted.PREFIX)}
        made, contributing = (
            tables.cuts_of(given) | adopted.cuts_of(given, list(found), earlier),
            tables.contributing(given),
        )
        outcomes: dict[str, cuts.TableOutcome] = {}
        for family, past in self.past.items():
            names = [name for name in made if tables.family_of(name) == family]
            wanted = [(n, tables.forms(n, made[n], self.networks, self._last(n))) for n in names]
            fewest = tables.fewest_in(family)
            outcomes |= settle(
                wanted, self.held, past, lambda one: tables.stands(one, contributing), self.networks, fewest
            )
            past += [cell for n in names if outcomes[n].state == "new" for cell in outcomes[n].table.cells]
        for name, one in outcomes.items():
            if one.table:
                self.held[name] = Held(one.table, one.struck)
        return outcomes

    def _last(self, name: str):
        return self.held[name].table if name in self.held else None


def shown(outcomes: dict[str, cuts.TableOutcome]) -> dict[str, cuts.Table]:
    return {name: one.table for name, one in outcomes.items() if one.state in ("new", "kept") and one.table}


# --- the rule, told a second time


Rests = dict[int, tuple]  # per partnership what of it is in a cell


def basis(table: cuts.Table, key: cuts.Key, contributed: list[dict], found: list[tuple]) -> Rests:
    """Return what a cell rests on, worked out anew: the assessments, and which of their decisions."""
    homes: dict[int, list[dict]] = {}
    for one in sorted(contributed, key=lambda one: one["key"]):
        homes.setdefault(one["partnership"], []).append(one)
    if table.name == "causes":
        found_in = {partnership: named_in(key, own) for partnership, own in homes.items()}
        return {partnership: one for partnership, one in found_in.items() if one}
    if table.name in tables.FACTS:
        found_in = {partnership: declared_in(tables.FACTS[table.name], own) for partnership, own in homes.items()}
        return {partnership: one for partnership, one in found_in.items() if one}
    of = levels_of if table.name.startswith("gap") else changes_of
    rests = {partnership: of(table.name, key, own, found) for partnership, own in homes.items()}
    return {partnership: one for partnership, one in rests.items() if one}


def named_in(key: cuts.Key, own: list[dict]) -> tuple:
    """Return the latest assessment in which anything was named, if it named what the cell is about."""
    fit = [one for one in own if one["causes"]]
    return ((fit[-1]["key"], key[0]),) if fit and (key == ("all",) or key[0] in fit[-1]["causes"]) else ()


def declared_in(fact: str, own: list[dict]) -> tuple:
    fit = [one for one in own if fact in one["facts"]]
    return ((fit[-1]["key"], fact),) if fit else ()


def levels_of(name: str, key: cuts.Key, own: list[dict], found: list[tuple]) -> tuple:
    fit = [one for one in own if name != "gap-phase" or one["phase"] in key]
    if not fit:
        return ()
    topics = [decision[0] or "none" for decision in fit[-1]["decisions"]]
    numbers = [number for number, topic in enumerate(topics, 1) if name != "gap-topic" or topic in key]
    return ((fit[-1]["key"], *numbers),) if numbers else ()


def changes_of(name: str, key: cuts.Key, own: list[dict], found: list[tuple]) -> tuple:
    """Return after and before, with the decisions that both have and that the table is about."""
    known = {one["key"]: one for one in own}
    if name == "shift":
        ends = [[one["key"] for one in own if one["phase"] == phase] for phase in ("baseline", "endline")]
        pairs = [(ends[0][-1], ends[1][-1])] if all(ends) and ends[0][-1] < ends[1][-1] else []
    else:
        pairs = [one[1:3] for one in found if adopted.name_of(one[0]) == name and {*one[1:3]} <= {*known}]
    if not pairs:
        return ()
    before, after = max(pairs, key=lambda pair: pair[1])
    both = range(1, 1 + min(len(known[one]["decisions"]) for one in (before, after)))
    numbers = [n for n in both if name == "shift" or (name.removeprefix(adopted.PREFIX), before, after, n) in found]
    return (after, *numbers), (before, *numbers)


def unknowns(rests: Rests) -> dict[str, int]:
    """Return a cell as a row of unknown numbers: a side's mean level over some decisions of an assessment."""
    return {f"{p}:{one}": 1 - 2 * place for p, parts in rests.items() for place, one in enumerate(parts)}


def least_said(rows: list[dict[str, int]], owners: set[int], few: int = 4) -> bool:
    """Say whether some combination of rows says something about one to four (or as few) partnerships.

    Each combination has the length 1. All of it lies on four partnerships if the largest part that can is 1, too.
    """
    columns = sorted({name for row in rows for name in row})
    if not columns:
        return False
    matrix = np.array([[row.get(name, 0) for name in columns] for row in rows], dtype=float)
    _left, sizes, right = np.linalg.svd(matrix, full_matrices=False)
    basis = right[sizes > 1e-9 * sizes[0]]
    whose = np.array([cuts.owner(name) for name in columns])
    parts = np.array([basis[:, whose == one] @ basis[:, whose == one].T for one in sorted(owners)])
    groups = np.array(list(itertools.combinations(range(len(owners)), min(few, len(owners)))))
    return bool((np.linalg.eigvalsh(parts[groups].sum(axis=1))[:, -1] > 1 - 1e-9).any())


DECISION = st.tuples(st.sampled_from(TOPICS), st.integers(0, 4), st.integers(0, 4))


@st.composite
def worlds(draw):
    """Draw assessments of up to 16 partnerships, their networks, and who contributes at each of five refreshes."""
    n = draw(st.integers(5, 16))
    ties = draw(st.sampled_from([[""], [""], ["", "ring"], ["", "ring", "ring", "web"]]))
    networks = {p: draw(st.sampled_from(ties)) for p in range(n)}
    most = draw(st.sampled_from([1, 3]))  # decisions of an assessment: one topic per partnership, or several
    again = draw(st.sampled_from([0.2, 0.6, 1.0, 1.0]))  # share of partnerships that assess themselves once more
    late, early = draw(st.sampled_from([[0], [0, 0, 1], [0, 1, 2, 3]])), draw(st.sampled_from([[9], [9] * 12 + [2, 3]]))
    made: list[dict] = []
    for phase, share in (("baseline", 0.9), ("endline", again), ("baseline", again / 4), ("midterm", again / 4)):
        for partnership in range(n):
            if draw(st.floats(0, 1)) <= share:
                made.append(
                    {
                        "key": len(made) + 1,
                        "partnership": partnership,
                        "phase": phase,
                        "decisions": draw(st.lists(DECISION, min_size=1, max_size=most)),
                        "seen": draw(st.sampled_from([(1.5, 0.5), (1.5, 0.5), (None, 2.0), (1.0, None), (None, None)])),
                        "causes": draw(st.sets(st.sampled_from(FACTORS), max_size=3)) if draw(st.booleans()) else set(),
                        "facts": {"budget_spent": 0.5} if draw(st.sampled_from([True, True, True, False])) else {},
                        "from": draw(st.sampled_from(late)) + (phase == "midterm"),
                        "to": draw(st.sampled_from(early)),
                        "again": draw(st.booleans()),
                    }
                )
    refreshes = [
        [one for one in made if one["from"] <= at and (at < one["to"] or (one["again"] and at > one["to"]))]
        for at in range(5)
    ]
    return networks, refreshes, draw(adoptions(made))


@st.composite
def adoptions(draw, made: list[dict]):
    """Draw per refresh which decisions adopted which measure; one may be given up, another come later."""
    share, late = draw(st.sampled_from([0.0, 0.7, 1.0, 1.0])), draw(st.sampled_from([[0], [0], [0, 0, 2]]))
    which = draw(st.sampled_from([["m"], ["m"], ["m", "w"]]))
    rows: list[tuple] = []
    for before, after in itertools.combinations(made, 2):
        own = [one["key"] for one in made if one["partnership"] == before["partnership"]]
        if after["key"] in own and own.index(after["key"]) == own.index(before["key"]) + 1:
            for number in range(1, 1 + min(len(before["decisions"]), len(after["decisions"]))):
                if draw(st.floats(0, 1)) <= share:
                    until = draw(st.sampled_from([9, 9, 9, 9, 9, 9, 3]))
                    row = (draw(st.sampled_from(which)), before["key"], after["key"], number)
                    rows.append((draw(st.sampled_from(late)), until, row))
    return [[row for since, until, row in rows if since <= at < until] for at in range(5)]


def fewest(name: str) -> int:
    return 10 if name.startswith("fact-") else 5


def check_cells(table: cuts.Table, networks: dict[int, str]) -> None:
    for cell in table.cells:
        assert len(cell.partnerships) >= fewest(table.name)
        named = [networks[one] for one in cell.partnerships if networks[one]]
        assert all(named.count(network) * 2 <= len(cell.partnerships) for network in set(named))


def check_networks(then: Rests, now: Rests, networks: dict[int, str]) -> None:
    """No network is more than half of the partnerships by which a cell changed since it was shown last."""
    moved = {p for p in {*then, *now} if then.get(p) != now.get(p)}
    named = [networks[one] for one in moved if networks[one]]
    assert all(named.count(network) * 2 <= len(moved) for network in set(named))


# Without shrinking: a red run ends in seconds.
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Part.explicit, Part.reuse, Part.generate],
)
@given(worlds())
def test_no_table_breaks_the_rule_alone_or_by_subtraction(world):
    networks, refreshes, adopting = world
    base = Base(networks)
    versions: dict[tuple[str, cuts.Key], list[Rests]] = {}
    for contributed, found in zip(refreshes, adopting, strict=True):
        outcomes = base.refresh(contributed, found)
        contributing = {one["key"] for one in contributed}
        for name, table in shown(outcomes).items():
            check_cells(table, networks)
            for cell in table.cells if name != "seen" else ():
                rests = basis(table, cell.key, contributed, found)
                known = versions.setdefault((name, cell.key), [])
                if outcomes[name].state == "new":
                    assert set(rests) == cell.partnerships
                    for version in known:
                        moved = {p for p in {*version, *rests} if version.get(p) != rests.get(p)}
                        assert not moved or len(moved) >= fewest(name), f"{name} {cell.key} changed by {len(moved)}"
                    check_networks(known[-1] if known else {}, rests, networks)
                    known.append(rests)
                sources = {part[0] for parts in known[-1].values() for part in parts}
                assert sources <= contributing, "a revocation hides"
        for name, one in outcomes.items():
            event(f"{name} {one.state}")
    for family, past in base.past.items():
        for side in ("north", "south") if family == "agreed" else ("",):
            rows = [dict(cell.row) for cell in past if cell.world in ("", side)]
            few = 9 if family == "facts" else 4
            assert (len(networks) <= few and not rows) or not least_said(rows, set(networks), few)
    for side in ("north", "south"):
        levels = {of: known for of, known in versions.items() if of[0] not in tables.FACTS}
        about = [known for (_name, key), known in levels.items() if key == (side,) or key[0] not in BOTH_SIDES]
        rows = [unknowns(rests) for known in about for rests in known]
        assert not least_said(rows, set(networks)), "worked out anew, without the names of the code"


# --- the rule by example


def with_facts(homes) -> list[dict]:
    return closed_by(homes, facts={"budget_spent": 0.4})


def test_a_fact_of_nine_is_not_shown_and_of_ten_is():
    assert "fact-budget_spent" not in shown(Base({}).refresh(with_facts(range(9))))
    assert "fact-budget_spent" in shown(Base({}).refresh(with_facts(range(10))))


def test_a_fact_waits_until_ten_of_its_partnerships_changed():
    base = Base({})
    base.refresh(with_facts(range(10)))
    assert base.refresh(with_facts(range(19)))["fact-budget_spent"].state == "kept"
    assert base.refresh(with_facts(range(20)))["fact-budget_spent"].state == "new"


def test_a_fact_is_hidden_when_its_consent_ends():
    base, kept = Base({}), with_facts(range(1, 12))
    base.refresh(with_facts(range(1)) + kept)
    outcomes = base.refresh(closed_by(range(1)) + kept)
    assert outcomes["fact-budget_spent"].state == "hidden"
    assert outcomes["gap-all"].state == "kept", "the levels are still contributed"


def closed_by(
    partnerships, topics=("agenda",), phase="baseline", first=1, seen=(1.0, 2.0), causes=(), facts=None
) -> list[dict]:
    """Return one assessment each, with a decision per topic: the North decides, the South is consulted."""
    return [
        {
            "key": first + partnership,
            "partnership": partnership,
            "phase": phase,
            "decisions": [(topic, 4, 2) for topic in topics],
            "seen": seen,
            "causes": set(causes),
            "facts": facts or {},
        }
        for partnership in partnerships
    ]


def row(*partnerships: int) -> dict[str, int]:
    return {f"{partnership}:1:all": 1 for partnership in partnerships}


def test_four_are_not_shown_and_five_are():
    assert shown(Base({}).refresh(closed_by(range(4)))) == {}
    assert set(shown(Base({}).refresh(closed_by(range(5))))) == {"gap-all", "seen"}


def test_a_network_makes_up_no_more_than_half_of_a_cell():
    assert "gap-all" in shown(Base(dict.fromkeys(range(3), "ring")).refresh(closed_by(range(6))))
    assert "gap-all" not in shown(Base(dict.fromkeys(range(4), "ring")).refresh(closed_by(range(6))))


def test_a_cell_waits_until_five_of_its_partnerships_have_changed():
    base = Base({})
    first = base.refresh(closed_by(range(6)))["gap-all"].table
    four, five = closed_by(range(10)), closed_by(range(11))
    assert base.refresh(four)["gap-all"].state == "kept"
    assert shown(base.refresh(four))["gap-all"] == first
    assert base.refresh(five)["gap-all"].state == "new"


def test_a_large_table_changes_with_one_in_twenty_and_a_small_one_with_five():
    for there, more, state in ((95, 5, "new"), (200, 9, "kept"), (200, 12, "new")):
        base = Base({})
        base.refresh(closed_by(range(there)))
        assert base.refresh(closed_by(range(there + more)))["gap-all"].state == state, (there, more)


def test_a_newer_assessment_counts_as_a_change():
    base = Base({})
    base.refresh(closed_by(range(8)))
    newer = closed_by(range(5), first=101)
    assert base.refresh(closed_by(range(8)) + newer[:4])["gap-all"].state == "kept"
    assert base.refresh(closed_by(range(8)) + newer)["gap-all"].state == "new"


def test_a_revocation_hides_until_five_have_changed_also_if_it_is_taken_back():
    base = Base({})
    base.refresh(closed_by(range(8)))
    assert base.refresh(closed_by(range(1, 8)))["gap-all"].state == "hidden"
    assert base.refresh(closed_by(range(8)))["gap-all"].state == "hidden"
    assert base.refresh(closed_by(range(1, 11)))["gap-all"].state == "hidden", "one gone and three new are four"
    assert base.refresh(closed_by(range(1, 12)))["gap-all"].state == "new"


def test_small_cells_are_merged_smallest_first():
    found = {"agenda": set(range(9)), "risk": {1, 2}, "governance": {3, 4, 5}, "none": set(range(5))}
    assert next(merge(found, {})) == (("agenda",), ("risk", "governance"), ("none",))
    assert list(merge({"agenda": set(range(9)), "risk": {1}}, {})) == [], "one cell is no cut"


def test_a_cut_is_shown_only_if_the_total_does_not_tell_what_it_leaves_out():
    single = closed_by(range(6), ["agenda"]) + closed_by(range(6, 12), ["risk"], first=50)
    three = closed_by(range(12, 15), ["agenda", "risk"], first=100)
    five = closed_by(range(12, 17), ["agenda", "risk"], first=100)
    assert "gap-topic" in shown(Base({}).refresh(single))
    assert "gap-topic" not in shown(Base({}).refresh(single + three)), "total less cells would tell of three"
    assert "gap-topic" in shown(Base({}).refresh(single + five))


def test_a_later_cut_does_not_tell_who_came_after_the_total():
    base = Base({})
    base.refresh(closed_by(range(6), ["agenda"]) + closed_by(range(6, 10), ["risk"], first=50))
    later = closed_by(range(6), ["agenda"]) + closed_by(range(6, 11), ["risk"], first=50)
    assert "gap-topic" not in shown(base.refresh(later)), "the cut would hold one more than the total that is shown"
    assert "gap-topic" in shown(Base({}).refresh(later))


def test_versions_are_judged_against_all_versions_before():
    first, second = row(*range(10)), row(*range(15))
    back = row(*range(11), 20, 21)  # of the second four have gone and two have come; of the first three have come
    assert protected([first, second])
    assert protected([second, back])
    assert not protected([first, second, back])


def test_the_first_less_the_second_less_the_changes_tells_of_two():
    """Five tables, any four of which may be shown; a letter is an assessment."""

    def of(names: str, weight: int = 1) -> dict[str, int]:
        return {f"{name[:-1]}:{name[-1]}:all": weight for name in names.split()}

    known = [
        of("0b 1b 2b 3b 4b 6b 7b 8b 9b 10b 11b 12b"),
        of("0a 2b 3a 4b 6a 8a 9b 10b 11b 12a"),
        of("0b 1b 3b 4a 6b 7b 8b 10a 11a 12b"),
        of("0b 1b 2c 3b 4b 6c 7c 8b 9c 10c 11c 12b"),
        of("0b 3b 6b 8b 12b") | of("0a 3a 6a 8a 12a", -1),
    ]
    assert protected(known[:4])
    assert not protected(known)


def test_combinations_of_rows_add_nothing_new():
    assert protected([row(*range(5)), row(*range(5, 10)), row(*range(10))])
    assert not protected([row(*range(5)), row(*range(5, 10)), row(*range(11))])


def test_both_views_are_shown_or_none():
    base = Base({})
    only_south = closed_by(range(6), seen=(None, 2.0))
    assert base.refresh(only_south)["seen"].state == "none"
    assert base.refresh(only_south + closed_by(range(6, 11), first=50))["seen"].state == "new"


def test_a_middle_sized_base_shows_everything():
    """The rule protects, but it must let a usual year through: waves of ten, several topics, some endlines."""
    base, topics = Base({}), ["agenda", "governance", "risk", ""]
    contributed: list[dict] = []
    for wave in range(4):
        homes = range(wave * 10, wave * 10 + 10)
        contributed += closed_by(homes, topics[: 2 + wave % 3], first=wave * 100, causes=["risk", "short"])
        if wave > 1:
            contributed += closed_by(range(wave * 10 - 20, wave * 10 - 10), topics[:2], "endline", wave * 100 + 50)
        outcomes = base.refresh(contributed)
    assert set(shown(outcomes)) == set(tables.NAMES)
    assert outcomes["gap-all"].state == "new"


def test_a_factor_is_listed_once_five_partnerships_named_it():
    def named(*causes: tuple[str, ...]) -> list[dict]:
        return [one for at, each in enumerate(causes) for one in closed_by([at], first=100, causes=each)]

    def cells(contributed) -> dict[str, int]:
        table = shown(Base({}).refresh(contributed)).get("causes")
        cut = tables.cuts_of(frames(contributed))["causes"]
        return {cell.key[0]: cut.numbers(cell.key)["n"] for cell in table.cells} if table else {}

    many = [("risk",)] * 5 + [("short",)] * 4 + [()] * 3
    assert cells(named(*many)) == {"all": 9, "risk": 5}, "who named nothing is not counted, what four named not shown"
    assert cells(named(*many, ("short", "risk"))) == {"all": 10, "risk": 6, "short": 5}
    assert cells(named(*[("risk",)] * 4, *[("short",)] * 4)) == {}


def test_a_network_does_not_speak_for_a_factor():
    contributed = closed_by(range(6), causes=["risk"])
    assert "causes" in shown(Base(dict.fromkeys(range(3), "ring")).refresh(contributed))
    assert "causes" not in shown(Base(dict.fromkeys(range(4), "ring")).refresh(contributed))


def test_a_factor_waits_for_five_and_a_revocation_hides_it():
    base, six = Base({}), closed_by(range(6), causes=["risk"])
    base.refresh(six)
    assert base.refresh(six + closed_by(range(6, 10), causes=["risk"]))["causes"].state == "kept"
    assert base.refresh(six + closed_by(range(6, 11), causes=["risk"]))["causes"].state == "new"
    assert base.refresh(six[1:] + closed_by(range(6, 11), causes=["risk"]))["causes"].state == "hidden"


# --- numbers


def test_numbers_of_the_method():
    """The oracles of METHOD §3, one gap per partnership."""
    found = tables.leading(pd.Series([2, 1.5, 1, 0.5, 2.5, -0.5, 1, 0]))
    assert found["gap"] == pytest.approx({"mean": 1.0, "low": 0.163979, "high": 1.836021})
    assert (found["n"], found["lead"]["k"], found["lead"]["n"], found["lead"]["ties"]) == (8, 6, 7, 1)


def test_each_partnership_counts_once_with_its_latest():
    many = closed_by([0], ["agenda"] * 9) + closed_by([0], ["risk"], "endline", 50) + closed_by(range(1, 5), first=10)
    many[1]["decisions"] = [("risk", 0, 4)]
    numbers = tables.cuts_of(frames(many))["gap-all"].numbers(("all",))
    assert numbers["n"] == 5
    assert numbers["gap"]["mean"] == (4 * 2 - 4) / 5
    assert numbers["levels"]["north"] == pytest.approx([0.2, 0, 0, 0, 0.8])


def test_shift_per_side_from_baseline_to_endline():
    before = closed_by(range(5))
    after = closed_by(range(5), phase="endline", first=20)
    for one in after:
        one["decisions"] = [("agenda", 3, 3)]
    after[0]["decisions"] = [("agenda", 4, 1)]
    cut = tables.cuts_of(frames(before + after))["shift"]
    found = cut.numbers(("south",))
    assert found.pop("change") == pytest.approx({"mean": 0.6, "low": -0.510578, "high": 1.710578}, abs=1e-5)
    assert found == {"n": 5, "up": 4, "same": 0, "down": 1}
    assert cut.numbers(("north",))["change"]["mean"] == pytest.approx(-0.8)
