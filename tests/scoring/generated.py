"""Frames that hypothesis makes up, and how results are compared."""

from dataclasses import fields

import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

from assessments.scoring.agreed import COLUMNS as AGREED
from assessments.scoring.perceptions import COLUMNS as RATINGS

# No deadline: the first example imports scipy, and speed is not what these tests are about.
generated = settings(deadline=None, max_examples=50)

SIDES = ("north", "south", "other")
LEVELS = st.sampled_from([0, 0, 1, 2, 3, 4, 4, float("nan")])


@st.composite
def people(draw, assessment):
    """Draw partners with their sides, decisions, and raters with their organisations, one of them rated by nobody."""
    partners = {f"p{i}": draw(st.sampled_from(SIDES)) for i in range(draw(st.integers(1, 5)))}
    organisations = {**partners, "unrated": draw(st.sampled_from(SIDES))}
    raters = {f"r{i}": draw(st.sampled_from(sorted(organisations))) for i in range(draw(st.integers(1, 6)))}
    decisions = [f"d{i}" for i in range(draw(st.integers(1, 3)))]
    return assessment, decisions, partners, organisations, raters


@st.composite
def ratings_frames(draw, assessments=3):
    """Draw ratings of up to `assessments` assessments, with missing answers and missing rows, in any order."""
    rows = []
    for i in range(draw(st.integers(1, assessments))):
        a, decisions, partners, organisations, raters = draw(people(f"a{i}"))
        cells = [(d, p, r) for d in decisions for p in partners for r in raters]
        levels = draw(st.lists(LEVELS, min_size=len(cells), max_size=len(cells)))
        asked = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=len(cells), max_size=len(cells)))
        rows += [
            (a, d, p, partners[p], r, raters[r], organisations[raters[r]], level)
            for (d, p, r), level, is_asked in zip(cells, levels, asked, strict=True)
            if is_asked
        ]
    return pd.DataFrame(draw(st.permutations(rows)), columns=RATINGS).astype({"level": float})


@st.composite
def agreed_frames(draw, assessments=3):
    """Draw agreed levels of up to `assessments` assessments, with missing levels and missing rows, in any order."""
    rows = []
    for i in range(draw(st.integers(1, assessments))):
        a, decisions, partners, _, _ = draw(people(f"a{i}"))
        cells = [(d, p) for d in decisions for p in partners]
        rows += [(a, d, p, partners[p], draw(LEVELS), draw(LEVELS)) for d, p in cells if draw(st.integers(0, 5))]
    return pd.DataFrame(draw(st.permutations(rows)), columns=AGREED).astype({"actual": float, "desired": float})


def frames(scores):
    return {field.name: getattr(scores, field.name) for field in fields(scores)}


def assert_same(scores, others):
    """Compare two sets of frames, however their keys are stored."""
    others = others if isinstance(others, dict) else frames(others)
    assert frames(scores).keys() == others.keys()
    for name, frame in frames(scores).items():
        other = others[name].astype(frame.dtypes)  # a column of nothing but None is otherwise not one of NaN
        pd.testing.assert_frame_equal(frame, other, rtol=0, atol=1e-9, obj=name)


def swap_sides(frame):
    """Make the North the South, in every column of sides."""
    sides = [column for column in frame.columns if column.endswith("side")]
    return frame.assign(**{side: frame[side].replace({"north": "south", "south": "north"}) for side in sides})
