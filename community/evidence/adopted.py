"""What changed on the decisions for which actions adopted a measure: one table per measure, under the rule of all.

Pure, like `tables`, whose family of agreed levels these tables belong to: what they say beside the others is judged
together with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from assessments.evidence import Contributions
from assessments.scoring import pooled, shift
from community.evidence.cuts import Key, Row
from community.evidence.tables import BY_SIDE, NO_TOPIC, SIDES, TIE, Agreed, Cut, rounded, stem

PREFIX = "shift:"
# An adoption as it is found again: the measure's code, the assessment of the action, the next one, the decision there.
FOUND = ["measure", "before", "after", "decision"]
ONE = ["partnership", "before", "after"]


def name_of(measure: str) -> str:
    return f"{PREFIX}{measure}"


def cuts_of(given: Contributions, found: list[tuple], earlier: set[str]) -> dict[str, Cut]:
    """Return a table for each measure that is adopted now, or was when a table of it was published (`earlier`)."""
    agreed = Agreed(given)
    frame = pd.DataFrame(found, columns=FOUND).drop_duplicates()
    names = {name_of(measure) for measure in frame["measure"]} | earlier
    return {name: AdoptedShifts(agreed, frame[frame["measure"] == name.removeprefix(PREFIX)]) for name in sorted(names)}


@dataclass(frozen=True, eq=False)
class AdoptedShifts:
    """The mean change per side on a partnership's decisions that adopted the measure, from one assessment to the next.

    One value per partnership: of the two assessments of which the later one was closed last.
    """

    agreed: Agreed
    found: pd.DataFrame

    def layouts(self, networks: dict[int, str]) -> Iterator[tuple[Key, ...]]:
        return iter([BY_SIDE])

    @cached_property
    def _moved(self) -> pd.DataFrame:
        """One row per adopting decision and side that changed or stayed."""
        known = self.agreed.given.assessments[["assessment", "partnership", "closed_at"]]
        moved = self.agreed.given.changes.merge(self.found, on=["before", "after", "decision"])
        moved["topic"] = moved["topic"].replace("", NO_TOPIC)
        return moved.merge(known.rename(columns={"assessment": "after"}), on="after")

    @cached_property
    def _changed(self) -> pd.DataFrame:
        """One row per partnership: before, after, and the mean change of each side."""
        means = self._moved.pivot_table(index=[*ONE, "closed_at"], columns="side", values="change")
        means = means.reindex(columns=list(SIDES)).dropna().reset_index()
        return means.sort_values(["closed_at", "after"], kind="stable").drop_duplicates("partnership", keep="last")

    def row(self, key: Key) -> Row:
        row: dict[str, int] = {}
        for one in self._changed.itertuples(index=False):
            row |= self._named(one, key[0])
        return row

    def _named(self, one: Any, side: str) -> Row:
        """Name a value: as the difference of two levels that other tables publish, if it is that; else as itself."""
        mine = self._on(self._moved, one, side)
        every = self._on(self.agreed.given.changes.replace({"topic": {"": NO_TOPIC}}), one, side)
        topics, decisions = set(mine["topic"]), sorted(mine["decision"])
        after, before = (self._level(key, side, topics) for key in (one.after, one.before))
        is_difference = abs(after[1] - before[1] - getattr(one, side)) < TIE
        if is_difference and decisions == sorted(every[every["topic"].isin(topics)]["decision"]):
            return {stem(one.partnership, one.after) + after[0]: 1, stem(one.partnership, one.before) + before[0]: -1}
        which = "" if decisions == sorted(every["decision"]) else f" in {'+'.join(map(str, decisions))}"
        return {f"{stem(one.partnership, one.after)}since {one.before}{which}": 1}

    @staticmethod
    def _on(changes: pd.DataFrame, one: Any, side: str) -> pd.DataFrame:
        same = (changes["before"] == one.before) & (changes["after"] == one.after) & (changes["side"] == side)
        return changes[same]

    def _level(self, assessment: int, side: str, topics: set[str]) -> tuple[str, float]:
        """Return a side's mean level over an assessment's decisions on some topics, and how tables name these."""
        decided = self.agreed.decided
        own = decided[decided["assessment"] == assessment]
        found = own[own["topic"].isin(topics)]
        there = set(found["topic"])
        scope = "all" if there == set(own["topic"]) else "+".join(sorted(there))
        return scope, float(found[side].mean())

    def numbers(self, key: Key) -> dict[str, Any]:
        changes = self._changed[key[0]]
        signs, mean = shift([0.0] * len(changes), list(changes)), pooled(changes)
        found = {name: rounded(getattr(mean, name)) for name in ("mean", "sd", "low", "high")}
        return {"n": signs.n, "change": found, "up": signs.up, "same": signs.same, "down": signs.down}
