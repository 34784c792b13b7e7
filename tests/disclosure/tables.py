"""Tables of ratings for the tests of disclosure: written by hand, read from the example, drawn by hypothesis."""

import os
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st

EXAMPLE = Path(__file__).parents[1] / "data" / "example"
SIDE_OF = {"N": "north", "S": "south", "O": "other"}

MORE = os.environ.get("DISCLOSURE_EXAMPLES")  # 2000, say, every night
# New tables each run; `tests/conftest.py` chooses the seed and prints it, and the same seed draws the same tables.
SEED = int(os.environ["DISCLOSURE_SEED"])


def examples(number, start=SEED):
    """Return hypothesis settings for `number` examples, or as many as the environment asks for, drawn from a seed."""
    phases = set(Phase) if MORE else {Phase.explicit, Phase.generate}  # a smaller table takes minutes to find
    chosen = settings(
        max_examples=int(MORE or number), deadline=None, database=None, phases=phases, report_multiple_bugs=False
    )
    return lambda test: seed(start)(chosen(test))


def side(organisation):
    """Return the side that an organisation's first letter says."""
    return SIDE_OF[organisation[0]]


def ratings(rows):
    """Return a frame of ratings from (decision, rater, rater's organisation, partner, level)."""
    frame = pd.DataFrame(rows, columns=["decision", "rater", "rater_partner", "partner", "level"])
    return frame.assign(
        assessment="A1",
        level=frame["level"].astype("float64"),
        partner_side=frame["partner"].map(side),
        rater_side=frame["rater_partner"].map(side),
    )


def table(partners, answers, decision="D1"):
    """Return a decision's ratings: partners in one string, a row of levels per rater (`N1`, or `N1.b` for a second)."""
    names = partners.split()
    return ratings(
        [
            (decision, rater, rater.split(".")[0], partner, level)
            for rater, levels in answers.items()
            for partner, level in zip(names, levels, strict=True)
        ]
    )


def tables(*frames):
    """Put the decisions of one assessment together."""
    return pd.concat(frames, ignore_index=True)


def gaps(decision="D1", **own_gaps):
    """Return ratings of one Northern and one Southern partner in which each rater has the gap it is given with."""
    rows = {rater: (gap, 0) if gap is None or gap >= 0 else (0, -gap) for rater, gap in own_gaps.items()}
    return table("N1 S1", rows, decision)


def decision(released, name="D1"):
    """Return what a release says of a decision."""
    return next(d for d in released["decisions"] if d["decision"] == name)


def example_ratings():
    """Return the ratings of the example as a frame."""
    sides = pd.read_csv(EXAMPLE / "partners.csv").set_index("acronym")["side"]
    frame = pd.read_csv(EXAMPLE / "ratings.csv").assign(assessment="example")
    return frame.assign(partner_side=frame["partner"].map(sides), rater_side=frame["rater_partner"].map(sides))


def swapped(frame):
    """Return the same ratings with North and South exchanged."""
    other = {"north": "south", "south": "north", "other": "other"}
    return frame.assign(partner_side=frame["partner_side"].map(other), rater_side=frame["rater_side"].map(other))


@dataclass(frozen=True)
class Case:
    """Ratings, who ticked, and whom to look at."""

    ratings: pd.DataFrame
    ticks: frozenset
    organisations: tuple

    def __repr__(self):
        lines = self.ratings.pivot_table("level", ["decision", "rater"], "partner", dropna=False)
        return f"ticks {sorted(self.ticks)}\n{lines.to_string()}"


PALETTES = (
    [0.0, 4.0],
    [0.0, 0.0, 4.0, 4.0, 1.0, 2.0, 3.0],
    [0.0, 2.0, 4.0],
    [0.0, 2.0, 4.0, 4.0],
    [0.0, 0.0, 2.0, 4.0],
    [0.0],
    [4.0],
    [2.0, 3.0],
    [0.0, 1.0, 3.0, 4.0],
)


@st.composite
def cases(draw):
    """Draw 1–3 Northern, 1–6 Southern, 0–2 other organisations that rate each other, heavy at 0 and 4, some missing."""
    sizes = draw(st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(0, 2)))
    names = tuple(
        chain.from_iterable([f"{letter}{i + 1}" for i in range(n)] for letter, n in zip("NSO", sizes, strict=True))
    )
    decisions = ["D1", "D2"][: draw(st.integers(1, 2))]
    palette, missing = draw(st.sampled_from(PALETTES)), draw(st.sampled_from([0, 0, 0.1, 0.3]))
    ticks = draw(st.one_of(st.just(names), st.just(()), st.sets(st.sampled_from(names))))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))  # level by level, hypothesis repeats itself too much
    raters = [(f"{name}.{r}", name) for name in names for r in range(dice.choice([1, 1, 1, 2, 3]))]
    keys = [(d, rater, name, partner) for d in decisions for rater, name in raters for partner in names]
    levels = np.where(dice.random(len(keys)) < missing, np.nan, dice.choice(palette, len(keys)))
    rows = [(*key, level) for key, level in zip(keys, levels, strict=True)]
    return Case(ratings(rows), frozenset(ticks), names)
