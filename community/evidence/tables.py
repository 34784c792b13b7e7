"""The tables of the evidence base: which questions they answer, what their cells rest on, and their numbers.

Pure: takes the frames of `assessments.evidence`. One value per partnership and cell, its latest assessment's, with
equal weight; one-way cuts only. Agreed levels and perceived gaps are different things and never stand in one table.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from assessments.evidence import Contributions
from assessments.models import Phase, Topic
from assessments.scoring import leading_share, pooled, shift
from community.evidence.cuts import Cell, Key, Row, Table, merge

ALL: Key = ("all",)
NO_TOPIC = "none"
SIDES = ("north", "south")
BY_SIDE: tuple[Key, ...] = (("north",), ("south",))
TIE = 1e-9
LEVELS = [f"count_{level}" for level in range(5)]
NAMES = ("gap-all", "gap-phase", "gap-topic", "shift", "seen")  # in the order in which they are decided
FAMILY = dict.fromkeys(NAMES[:4], "agreed") | {"seen": "seen"}  # tables of a family share unknown numbers


class Cut(Protocol):
    """One table: how it can be laid out now, and for any cell what it rests on and its numbers."""

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]: ...

    def row(self, key: Key) -> Row: ...

    def numbers(self, key: Key) -> dict[str, Any]: ...


def forms(name: str, cut: Cut, networks: dict[int, str], before: Table | None) -> Iterator[Table]:
    """Yield the forms that a table could take, best first: the finest, the one it had, then ever coarser ones."""
    found = list(cut.layouts(networks))
    if before:
        found.insert(1, tuple(cell.key for cell in before.cells))
    codes = {code for keys in found[:1] for key in keys for code in key}
    for keys in found:
        if codes <= {code for key in keys for code in key}:
            yield Table(name, tuple(Cell(key, cut.row(key), world_of(name, key)) for key in keys))


def world_of(name: str, key: Key) -> str:
    return key[0] if name.split(":")[0] == "shift" else ""


def family_of(name: str) -> str:
    """Return the family of a table; those of measures speak of agreed levels."""
    return FAMILY.get(name, "agreed")


def cuts_of(given: Contributions) -> dict[str, Cut]:
    agreed = Agreed(given)
    return {
        "gap-all": Gaps(agreed, "all"),
        "gap-phase": Gaps(agreed, "phase"),
        "gap-topic": Gaps(agreed, "topic"),
        "shift": Shifts(agreed),
        "seen": Views(given),
    }


class Agreed:
    """The agreed levels, one row per decision that has a gap, beside what is known of its assessment."""

    def __init__(self, given: Contributions) -> None:
        self.given = given
        known = given.assessments[["assessment", "partnership", "phase", "closed_at"]]
        decided = given.decisions[given.decisions["gap"].notna()].merge(known, on="assessment")
        decided["topic"] = decided["topic"].replace("", NO_TOPIC)
        self.decided = decided.sort_values(["closed_at", "assessment"], kind="stable")

    @cached_property
    def latest(self) -> pd.DataFrame:
        """The decisions of each partnership's latest assessment."""
        return latest_only(self.decided)

    @cached_property
    def topics(self) -> dict[int, set[str]]:
        found: dict[Any, set[str]] = self.latest.groupby("partnership")["topic"].agg(set).to_dict()
        return found

    @cached_property
    def names(self) -> dict[int, str]:
        """Return by partnership the stem of the names of its latest assessment's values."""
        one = self.latest.drop_duplicates("partnership")
        return {p: stem(p, a) for p, a in zip(one["partnership"], one["assessment"], strict=True)}


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
        found = frame.groupby(self.cut)["partnership"].agg(set).to_dict()
        return merge({code: found.get(code, set()) for code in codes}, networks)

    def row(self, key: Key) -> Row:
        """Name what a cell rests on; all of an assessment's decisions are one number, wherever they are all in."""
        if self.cut == "topic":
            chosen, names = set(key), self.agreed.names
            return {
                names[partnership] + ("all" if topics <= chosen else "+".join(sorted(topics & chosen))): 1
                for partnership, topics in self.agreed.topics.items()
                if topics & chosen
            }
        one = self._decisions(key).drop_duplicates("partnership")
        return {stem(p, a) + "all": 1 for p, a in zip(one["partnership"], one["assessment"], strict=True)}

    def numbers(self, key: Key) -> dict[str, Any]:
        decisions = self._decisions(key)
        means = decisions.groupby("partnership")[["gap", "north", "south"]].mean()
        return {
            **leading(means["gap"]),
            "north": rounded(means["north"].mean()),
            "south": rounded(means["south"].mean()),
            "levels": distributions(decisions, self.agreed.given.levels),
        }

    def _decisions(self, key: Key) -> pd.DataFrame:
        if self.cut == "phase":
            return latest_only(self.agreed.decided[self.agreed.decided["phase"].isin(key)])
        latest = self.agreed.latest
        return latest[latest["topic"].isin(key)] if self.cut == "topic" else latest


@dataclass(frozen=True)
class Shifts:
    """What changed from a partnership's latest baseline to its latest endline, per side."""

    agreed: Agreed

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        return iter([BY_SIDE])

    @cached_property
    def _changed(self) -> pd.DataFrame:
        """One row per partnership: before, after, and the mean change of each side, over cells that both have."""
        known = self.agreed.given.assessments.sort_values(["closed_at", "assessment"], kind="stable")
        ends = {
            moment: latest_only(known[known["phase"] == phase]).set_index("partnership")["assessment"]
            for moment, phase in (("before", Phase.BASELINE), ("after", Phase.ENDLINE))
        }
        pairs = pd.DataFrame(ends).dropna().astype("int64").reset_index()
        moved = self.agreed.given.changes.merge(pairs, on=["before", "after"])
        means = moved.pivot_table(index=["partnership", "before", "after"], columns="side", values="change")
        return means.reindex(columns=list(SIDES)).dropna().reset_index()

    def row(self, key: Key) -> Row:
        """Name what a side's change rests on: where it is the difference of two published values, on these."""
        changed = self._changed
        row: dict[str, int] = {}
        levels = self.agreed.decided.groupby("assessment")[key[0]].mean()
        apart = changed["after"].map(levels) - changed["before"].map(levels)
        same = (apart - changed[key[0]]).abs() < TIE
        for p, before, after, is_difference in zip(
            changed["partnership"], changed["before"], changed["after"], same, strict=True
        ):
            if is_difference:
                row |= {stem(p, after) + "all": 1, stem(p, before) + "all": -1}
            else:
                row[stem(p, after) + f"since {before}"] = 1
        return row

    def numbers(self, key: Key) -> dict[str, Any]:
        changes = self._changed[key[0]]
        signs = shift([0.0] * len(changes), list(changes))
        return {"n": signs.n, "change": _mean(pooled(changes)), "up": signs.up, "same": signs.same, "down": signs.down}


@dataclass(frozen=True)
class Views:
    """The gap as each side sees it, from released numbers only."""

    given: Contributions

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        return iter([BY_SIDE])

    def row(self, key: Key) -> Row:
        one = self._seen(key[0])
        return {stem(p, name) + key[0]: 1 for p, name in zip(one["partnership"], one[f"{key[0]}_view"], strict=True)}

    def numbers(self, key: Key) -> dict[str, Any]:
        return leading(self._seen(key[0])[f"seen_by_{key[0]}"])

    def _seen(self, side: str) -> pd.DataFrame:
        known = self.given.assessments[self.given.assessments[f"seen_by_{side}"].notna()]
        return latest_only(known.sort_values(["closed_at", "assessment"], kind="stable"))


def standing(given: Contributions) -> set[tuple[int, str]]:
    """Return what is still contributed: partnerships with the names of their assessments and released numbers."""
    rows = given.assessments
    names = [rows["assessment"].astype("int64").astype(str), rows["north_view"], rows["south_view"]]
    return {pair for column in names for pair in zip(rows["partnership"], column, strict=True)}


def stands(name: str, found: set[tuple[int, str]]) -> bool:
    """Say whether all that a name rests on is still contributed."""
    partnership, source, scope = name.split(":", 2)
    sources = [source, scope.split(" ")[1]] if scope.startswith("since ") else [source]
    return all((int(partnership), one) in found for one in sources)


# --- numbers


def leading(gaps: pd.Series) -> dict[str, Any]:
    """Return in how many partnerships the North leads, and by how much (METHOD §3)."""
    share, mean = leading_share(gaps), pooled(gaps)
    return {
        "n": mean.n,
        "lead": {
            "k": share.k,
            "n": share.n,
            "ties": share.ties,
            "share": rounded(share.share, 3),
            "low": rounded(share.low, 3),
            "high": rounded(share.high, 3),
            "p_value": rounded(share.p_value, 4),
        },
        "gap": _mean(mean),
    }


def _mean(found: Any) -> dict[str, float | None]:
    return {name: rounded(getattr(found, name)) for name in ("mean", "sd", "low", "high")}


def distributions(decisions: pd.DataFrame, levels: pd.DataFrame) -> dict[str, list[float]]:
    """Return per side the share of agreed levels at 0 … 4: each partnership's own shares, averaged."""
    found = levels.merge(decisions[["assessment", "decision", "partnership"]], on=["assessment", "decision"])
    counts = found.groupby(["side", "partnership"])[LEVELS].sum()
    shares = counts.div(counts.sum(axis=1), axis=0).groupby("side").mean()
    return {side: [rounded(share, 3) or 0.0 for share in shares.loc[side]] for side in SIDES if side in shares.index}


def rounded(value: Any, digits: int = 2) -> float | None:
    """Round for publishing: coarse enough to say no more than it can; None where undefined."""
    return None if value is None or math.isnan(value) else round(float(value), digits) + 0.0
