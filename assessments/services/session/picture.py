"""The picture of the private answers, as pictures for the projector in a fixed order, without ranks.

All of it comes from the Release. What is hidden reads as the one neutral sentence.
"""

from dataclasses import dataclass
from typing import Any

from assessments import sentences
from assessments.models import Assessment
from assessments.results import presenters
from assessments.scoring.levels import BOTH_SIDES

BY_SIDE, TOGETHER = ("headline", "sides", "perceptions"), ("headline", "matrix")


@dataclass(frozen=True)
class Slide:
    """One picture: which one of how many, and what stands on it."""

    kind: str
    number: int
    of: int
    shown: dict[str, Any]


def slide_of(assessment: Assessment, at: int) -> Slide | None:
    """Return one picture of the Release; None where there is no Release, or sides answered in the open."""
    results = presenters.results_of(assessment)
    seen = presenters.perception(results)
    if seen is None:
        return None
    slides = TOGETHER if seen["together"] else BY_SIDE
    at = min(at, len(slides) - 1)
    return Slide(slides[at], at + 1, len(slides), {"said": seen["said"], **_SHOWN[slides[at]](results, seen)})


def _sides(results: presenters.Results, seen: dict) -> dict[str, Any]:
    views = sentences.views(results.data["assessment"], results.names)
    return {"views": [(side, views[side]) for side in BOTH_SIDES]}


def _perceptions(results: presenters.Results, seen: dict) -> dict[str, Any]:
    return {"rows": seen["rows"]}


def _matrix(results: presenters.Results, seen: dict) -> dict[str, Any]:
    return {"bands": seen["bands"], "partners": results.partners}


_SHOWN = {"headline": lambda results, seen: {}, "sides": _sides, "perceptions": _perceptions, "matrix": _matrix}
