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
from community.evidence.tables import BY_SIDE, Agreed, Cut, changed, mean_of, row_of

PREFIX = "shift:"
# An adoption as it is found again: the measure's code, the assessment of the action, the next one, the decision there.
FOUND = ["measure", "before", "after", "decision"]


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
        closed_on = self.agreed.given.assessments[["assessment", "partnership", "closed_at"]]
        moved = self.agreed.given.changes.merge(self.found, on=["before", "after", "decision"])
        return moved.merge(closed_on.rename(columns={"assessment": "after"}), on="after")

    @cached_property
    def _changed(self) -> pd.DataFrame:
        """One row per partnership: before, after, and the mean change of each side."""
        means = changed(self._moved, ["closed_at"])
        return means.sort_values(["closed_at", "after"], kind="stable").drop_duplicates("partnership", keep="last")

    def row(self, key: Key) -> Row:
        return row_of(self.agreed, self._changed, self._moved, key[0])

    def numbers(self, key: Key) -> dict[str, Any]:
        changes = self._changed[key[0]]
        signs, mean = shift([0.0] * len(changes), list(changes)), pooled(changes)
        return {"n": signs.n, "change": mean_of(mean), "up": signs.up, "same": signs.same, "down": signs.down}
