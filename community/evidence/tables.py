"""The tables of the evidence base: which questions they answer, what their cells rest on, and their numbers.

Pure: takes the frames of `assessments.evidence`. One value per partnership and cell, its latest assessment's, with
equal weight; one-way cuts only. Agreed levels and perceived gaps are different things and never stand in one table.
The numbers are exact here; `publication` says what of them may be shown.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from assessments import fact_list
from assessments.disclosure import FEWEST_PARTNERSHIPS, FEWEST_WITH_FACTS
from assessments.evidence import Contributions
from assessments.models import Phase, Topic
from assessments.published_gaps import NO_TOPIC
from assessments.scoring import Pooled, leading_share, pooled, shift
from assessments.scoring.checks import TIE
from assessments.scoring.levels import BOTH_SIDES, LEVELS
from community.evidence.cuts import Cell, Key, Row, Table, allowed, merge

ALL: Key = ("all",)
BY_SIDE: tuple[Key, ...] = (("north",), ("south",))
ONE = ["partnership", "before", "after"]
Moves = dict[tuple[int, int], dict[int, int]]  # between two assessments, a decision's number after: before
COUNTS = [f"count_{level}" for level in LEVELS]
NAMES = ("gap-all", "gap-phase", "gap-topic", "shift", "seen", "causes")  # in the order in which they are decided
FAMILY = dict.fromkeys(NAMES[:4], "agreed") | {
    "seen": "seen",
    "causes": "causes",
}  # tables of a family share unknown numbers
FACTS = {f"fact-{key}": key for key in fact_list.SHARED}  # a table each, listed once it has been published
FAMILY |= dict.fromkeys(FACTS, "facts")
FEWEST = {"facts": FEWEST_WITH_FACTS}


class Cut(Protocol):
    """One table: how it can be laid out now, and for any cell what it rests on and its numbers."""

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]: ...

    def row(self, key: Key) -> Row: ...

    def numbers(self, key: Key) -> dict[str, Any]: ...


def forms(name: str, cut: Cut, networks: dict[int, str], before: Table | None) -> Iterator[Table]:
    """Yield the forms that a table could take, best first: the finest, the one it had, then ever coarser ones."""
    layouts = list(cut.layouts(networks))
    if before:
        layouts.insert(1, tuple(cell.key for cell in before.cells))
    codes = {code for keys in layouts[:1] for key in keys for code in key}
    for keys in layouts:
        if codes <= {code for key in keys for code in key}:
            yield Table(name, tuple(Cell(key, cut.row(key), world_of(name, key)) for key in keys))


def world_of(name: str, key: Key) -> str:
    return key[0] if name.split(":")[0] == "shift" else ""


def family_of(name: str) -> str:
    """Return the family of a table; those of measures speak of agreed levels."""
    return FAMILY.get(name, "agreed")


def fewest_in(family: str) -> int:
    """Return how many partnerships a cell of a family needs, and each change of it."""
    return FEWEST.get(family, FEWEST_PARTNERSHIPS)


def cuts_of(given: Contributions) -> dict[str, Cut]:
    agreed = Agreed(given)
    return {
        "gap-all": Gaps(agreed, "all"),
        "gap-phase": Gaps(agreed, "phase"),
        "gap-topic": Gaps(agreed, "topic"),
        "shift": Shifts(agreed),
        "seen": Views(given),
        "causes": Causes(given),
        **{name: Facts(given, fact) for name, fact in FACTS.items()},
    }


class Agreed:
    """The agreed levels, one row per decision that has a gap, beside what is known of its assessment."""

    def __init__(self, given: Contributions) -> None:
        self.given = given
        assessments = given.assessments[["assessment", "partnership", "phase", "closed_at"]]
        decided = given.decisions[given.decisions["gap"].notna()].merge(assessments, on="assessment")
        decided["topic"] = decided["topic"].replace("", NO_TOPIC)
        self.decided = decided.sort_values(["closed_at", "assessment"], kind="stable")

    @cached_property
    def latest(self) -> pd.DataFrame:
        """The decisions of each partnership's latest assessment."""
        return latest_only(self.decided)

    @cached_property
    def topics(self) -> dict[int, set[str]]:
        by_partnership: dict[Any, set[str]] = self.latest.groupby("partnership")["topic"].agg(set).to_dict()
        return by_partnership

    @cached_property
    def names(self) -> dict[int, str]:
        """Return by partnership the stem of the names of its latest assessment's values."""
        last = self.latest.drop_duplicates("partnership")
        return {p: stem(p, a) for p, a in zip(last["partnership"], last["assessment"], strict=True)}

    @cached_property
    def _known(self) -> dict[int, dict[int, tuple[str, float, float]]]:
        """Return per assessment {decision: (topic, the sides' mean levels)}; no topic where no table has it."""
        by_assessment: dict[int, dict[int, tuple[str, float, float]]] = {}
        row: Any
        for row in self.given.decisions.itertuples(index=False):
            topic = "" if math.isnan(row.gap) else row.topic or NO_TOPIC
            by_assessment.setdefault(row.assessment, {})[row.decision] = (topic, row.north, row.south)
        return by_assessment

    @cached_property
    def moves(self) -> dict[str, Moves]:
        return {side: moves_of(self.given.changes, side) for side in BOTH_SIDES}

    def rests_of_change(self, change: Any, side: str, changes: dict[int, int]) -> Row:
        """Name a side's mean change on decisions ({after: before}): as the difference of two levels, if it is that.

        Tables publish these levels, too, be it on other days or of more decisions, whatever topics they had then.
        `change`: partnership, before, after and the change.
        """
        after, before = (
            self._level(change.after, side, set(changes)),
            self._level(change.before, side, {*changes.values()}),
        )
        if abs(after[1] - before[1] - getattr(change, side)) < TIE:
            return {
                stem(change.partnership, change.after) + after[0]: 1,
                stem(change.partnership, change.before) + before[0]: -1,
            }
        is_every = changes == self.moves[side][change.before, change.after]
        which = "" if is_every else f" in {'+'.join(map(str, sorted(changes)))}"
        return {f"{stem(change.partnership, change.after)}since {change.before}{which}": 1}

    def _level(self, assessment: int, side: str, decisions: set[int]) -> tuple[str, float]:
        """Return a side's mean level over some decisions of an assessment, and its name."""
        levels = self._known.get(assessment, {})
        own = {decision for decision, (topic, *_levels) in levels.items() if topic}
        topics = {levels[decision][0] for decision in decisions & own}
        if decisions == own:
            scope = "all"
        elif decisions == {decision for decision in own if levels[decision][0] in topics}:
            scope = "+".join(sorted(topics))
        else:
            scope = f"in {'+'.join(map(str, sorted(decisions)))}"
        means = [levels[decision][1:][BOTH_SIDES.index(side)] for decision in decisions if decision in levels]
        return scope, sum(means) / len(means) if means else math.nan


def moves_of(changes: pd.DataFrame, side: str) -> Moves:
    moves: Moves = {}
    change: Any
    for change in changes[changes["side"] == side].itertuples(index=False):
        moves.setdefault((change.before, change.after), {})[change.decision] = change.decision_before
    return moves


def latest_only(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep each partnership's rows of the assessment that was closed last; rows are in the order of closing."""
    return frame[frame["assessment"] == frame.groupby("partnership")["assessment"].transform("last")]


def stem(partnership: Any, source: Any) -> str:
    return f"{partnership}:{source}:"


@dataclass(frozen=True)
class Gaps:
    """The gap of agreed levels between Northern and Southern partners, over all, by phase or by topic."""

    agreed: Agreed
    cut: str

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        if self.cut == "all":
            return iter([(ALL,)])
        codes = [*Phase.values] if self.cut == "phase" else [*Topic.values, NO_TOPIC]
        frame = self.agreed.decided if self.cut == "phase" else self.agreed.latest
        by_code = frame.groupby(self.cut)["partnership"].agg(set).to_dict()
        return merge({code: by_code.get(code, set()) for code in codes}, networks)

    def row(self, key: Key) -> Row:
        """Name what a cell rests on; all of an assessment's decisions are one number, wherever they are all in."""
        if self.cut == "topic":
            chosen, names = set(key), self.agreed.names
            return {
                names[partnership] + ("all" if topics <= chosen else "+".join(sorted(topics & chosen))): 1
                for partnership, topics in self.agreed.topics.items()
                if topics & chosen
            }
        rows = self._decisions(key).drop_duplicates("partnership")
        return {stem(p, a) + "all": 1 for p, a in zip(rows["partnership"], rows["assessment"], strict=True)}

    def numbers(self, key: Key) -> dict[str, Any]:
        decisions = self._decisions(key)
        means = decisions.groupby("partnership")[["gap", "north", "south"]].mean()
        return {
            **leading(means["gap"]),
            "north": float(means["north"].mean()),
            "south": float(means["south"].mean()),
            "levels": distributions(decisions, self.agreed.given.levels),
        }

    def _decisions(self, key: Key) -> pd.DataFrame:
        if self.cut == "phase":
            return latest_only(self.agreed.decided[self.agreed.decided["phase"].isin(key)])
        latest = self.agreed.latest
        return latest[latest["topic"].isin(key)] if self.cut == "topic" else latest


def changed(moved: pd.DataFrame, more: list[str]) -> pd.DataFrame:
    """Return one row per partnership, before and after: the mean change of each side, where both have one."""
    means = moved.pivot_table(index=[*ONE, *more], columns="side", values="change")
    return means.reindex(columns=list(BOTH_SIDES)).dropna().reset_index()


def row_of(agreed: Agreed, changed: pd.DataFrame, moved: pd.DataFrame, side: str) -> Row:
    """Name what a side's changes rest on; `moved` says on which decisions."""
    moves = moves_of(moved, side)
    row: dict[str, int] = {}
    change: Any
    for change in changed.itertuples(index=False):
        row |= agreed.rests_of_change(change, side, moves[change.before, change.after])
    return row


@dataclass(frozen=True)
class Shifts:
    """What changed from a partnership's latest baseline to its latest endline, per side."""

    agreed: Agreed

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        return iter([BY_SIDE])

    @cached_property
    def _moved(self) -> pd.DataFrame:
        """One row per decision and side, of each partnership's latest baseline and latest endline."""
        assessments = self.agreed.given.assessments.sort_values(["closed_at", "assessment"], kind="stable")
        ends = {
            moment: latest_only(assessments[assessments["phase"] == phase]).set_index("partnership")["assessment"]
            for moment, phase in (("before", Phase.BASELINE), ("after", Phase.ENDLINE))
        }
        pairs = pd.DataFrame(ends).dropna().astype("int64").reset_index()
        return self.agreed.given.changes.merge(pairs, on=["before", "after"])

    @cached_property
    def _changed(self) -> pd.DataFrame:
        return changed(self._moved, [])

    def row(self, key: Key) -> Row:
        return row_of(self.agreed, self._changed, self._moved, key[0])

    def numbers(self, key: Key) -> dict[str, Any]:
        changes = self._changed[key[0]]
        signs = shift([0.0] * len(changes), list(changes))
        return {
            "n": signs.n,
            "change": mean_of(pooled(changes)),
            "up": signs.up,
            "same": signs.same,
            "down": signs.down,
        }


@dataclass(frozen=True)
class Views:
    """The gap as each side sees it, from released numbers only."""

    given: Contributions

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        return iter([BY_SIDE])

    def row(self, key: Key) -> Row:
        rows = self._seen(key[0])
        return {stem(p, name) + key[0]: 1 for p, name in zip(rows["partnership"], rows[f"{key[0]}_view"], strict=True)}

    def numbers(self, key: Key) -> dict[str, Any]:
        return leading(self._seen(key[0])[f"seen_by_{key[0]}"])

    def _seen(self, side: str) -> pd.DataFrame:
        assessments = self.given.assessments[self.given.assessments[f"seen_by_{side}"].notna()]
        return latest_only(assessments.sort_values(["closed_at", "assessment"], kind="stable"))


@dataclass(frozen=True)
class Causes:
    """In how many partnerships a factor was named behind a “no”, of those that named any, each by its latest.

    A factor is a cell once five partnerships named it; nothing is merged, since a sum of factors would say nothing.
    """

    given: Contributions

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        by_factor: dict[Any, set[int]] = self._named.groupby("factor")["partnership"].agg(set).to_dict()
        keys = tuple((factor,) for factor, whose in sorted(by_factor.items()) if allowed(whose, networks))
        return iter([(ALL, *keys)] if keys else [])

    @cached_property
    def _named(self) -> pd.DataFrame:
        assessments = self.given.assessments[["assessment", "partnership", "closed_at"]]
        named = self.given.causes.merge(assessments, on="assessment")
        return latest_only(named.sort_values(["closed_at", "assessment"], kind="stable"))

    def _of(self, key: Key) -> pd.DataFrame:
        rows = self._named if key == ALL else self._named[self._named["factor"] == key[0]]
        return rows.drop_duplicates("partnership")

    def row(self, key: Key) -> Row:
        rows, scope = self._of(key), "any" if key == ALL else f"for {key[0]}"
        return {stem(p, a) + scope: 1 for p, a in zip(rows["partnership"], rows["assessment"], strict=True)}

    def numbers(self, key: Key) -> dict[str, Any]:
        return {"n": len(self._of(key))}


@dataclass(frozen=True)
class Facts:
    """The mean Southern share of one fact, over all partnerships: no cut, and no level beside it."""

    given: Contributions
    fact: str

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        return iter([(ALL,)])

    @cached_property
    def _shares(self) -> pd.DataFrame:
        assessments = self.given.assessments[["assessment", "partnership", "closed_at"]]
        known = self.given.facts[self.given.facts["fact"] == self.fact].merge(assessments, on="assessment")
        return latest_only(known.sort_values(["closed_at", "assessment"], kind="stable"))

    def row(self, key: Key) -> Row:
        rows = self._shares
        return {
            stem(p, _facts_of(a)) + self.fact: 1 for p, a in zip(rows["partnership"], rows["assessment"], strict=True)
        }

    def numbers(self, key: Key) -> dict[str, Any]:
        return {"n": len(self._shares), "south_share": float(self._shares["south"].mean())}


def _facts_of(assessment: Any) -> str:
    """Name an assessment's facts, which are contributed apart from its levels."""
    return f"facts{assessment}"


def contributing(given: Contributions) -> set[tuple[int, str]]:
    """Return what is still contributed: partnerships with the names of assessments, released numbers, facts."""
    rows = given.assessments
    names = [rows["assessment"].astype("int64").astype(str), rows["north_view"], rows["south_view"]]
    found = {pair for column in names for pair in zip(rows["partnership"], column, strict=True)}
    home = dict(zip(rows["assessment"], rows["partnership"], strict=True))
    return found | {(home[assessment], _facts_of(assessment)) for assessment in given.facts["assessment"].unique()}


def stands(name: str, contributed: set[tuple[int, str]]) -> bool:
    """Say whether all that a name rests on is still contributed."""
    partnership, source, scope = name.split(":", 2)
    sources = [source, scope.split(" ")[1]] if scope.startswith("since ") else [source]
    return all((int(partnership), part) in contributed for part in sources)


# --- numbers


def leading(gaps: pd.Series) -> dict[str, Any]:
    """Return in how many partnerships the North leads, and by how much (METHOD §3)."""
    share, mean = leading_share(gaps), pooled(gaps)
    lead = {name: getattr(share, name) for name in ("k", "n", "ties", "low", "high")}
    return {"n": mean.n, "lead": lead, "gap": mean_of(mean)}


def mean_of(estimate: Pooled) -> dict[str, float]:
    """Return a mean with its interval; the standard deviation is published nowhere."""
    return {name: getattr(estimate, name) for name in ("mean", "low", "high")}


def distributions(decisions: pd.DataFrame, levels: pd.DataFrame) -> dict[str, list[float]]:
    """Return per side the share of agreed levels at 0 … 4: each partnership's own shares, averaged."""
    merged = levels.merge(decisions[["assessment", "decision", "partnership"]], on=["assessment", "decision"])
    counts = merged.groupby(["side", "partnership"])[COUNTS].sum()
    shares = counts.div(counts.sum(axis=1), axis=0).groupby("side").mean().to_dict("index")
    return {side: [shares[side][level] for level in COUNTS] for side in BOTH_SIDES if side in shares}
