"""The values that the method counts with: levels of the ladder and sides, without words and formulas.

`assessments.ladder` has the words of the levels. `partnerships.models.Side` has the sides of the database; a test
compares both.
"""

from typing import Literal

TOP = 4  # the highest level of the ladder
CO_DECIDES = 3  # from this level on, a partner decides or co-decides
LEVELS = range(TOP + 1)
SIDES = ("north", "south", "other")
BothSides = Literal["north", "south"]
BOTH_SIDES: tuple[BothSides, BothSides] = ("north", "south")  # a gap is between these two
NORTH, SOUTH, OTHER = range(len(SIDES))  # places in SIDES
_BY_TEXT = {str(level): level for level in LEVELS}


def parse_level(text: str, *missing: str) -> int | None:
    """Return the level that a text names, None for the texts in `missing`; raise ValueError for every other text."""
    if text in missing:
        return None
    if text not in _BY_TEXT:
        raise ValueError(f"{text!r} is not a level of the ladder")
    return _BY_TEXT[text]
