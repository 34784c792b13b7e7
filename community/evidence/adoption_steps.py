"""How many partnerships adopted a measure, as it may be published: in steps of five. Pure."""

from assessments.disclosure import FEWEST_PARTNERSHIPS

STEP = FEWEST_PARTNERSHIPS
Adopting = dict[str, set[int]]  # the partnerships that adopted a measure, by its code


def publish_steps(now: Adopting, published: Adopting) -> Adopting:
    """Return the partnerships on which each measure's step rests from now on.

    A step changes only after at least five partnerships came or went: whoever adds or withdraws fewer sees no change.
    """
    names = sorted({*now, *published})
    return {name: _next(now.get(name, set()), published.get(name, set())) for name in names}


def _next(now: set[int], before: set[int]) -> set[int]:
    return now if len(now ^ before) >= FEWEST_PARTNERSHIPS else before


def steps_of(published: Adopting) -> dict[str, int]:
    """Return the step of each measure: 5, 10, 15 …; measures below five are left out."""
    steps = {name: len(partnerships) // STEP * STEP for name, partnerships in published.items()}
    return {name: step for name, step in steps.items() if step}
