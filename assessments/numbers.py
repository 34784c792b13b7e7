"""How numbers of the method are printed, in the language of the reader."""

from math import floor

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from assessments.disclosure import LARGEST_GAP
from assessments.scoring.checks import TIE


def tied(gap: float) -> bool:
    return abs(gap) < TIE


def level(value: float | None) -> str:
    """Print a mean level with one decimal, a whole one without."""
    if value is None:
        return "–"
    rounded = round(value, 1) + 0.0
    return number_format(rounded, decimal_pos=0 if rounded.is_integer() else 1)


def steps(value: float) -> str:
    """Print a distance in levels, without its direction, always with one decimal (it stands before "levels")."""
    return number_format(round(abs(value), 1), decimal_pos=1)


def seen(value: float) -> str:
    """Print a released gap without its direction; what was cut reads "3 or more"."""
    return _("3 or more") if cut(value) else steps(value)


def at_least(printed: str) -> str:
    """Print a distance of which only the smallest size is known."""
    return _("%(number)s or more") % {"number": printed}


def cut(value: float) -> bool:
    return abs(value) >= LARGEST_GAP - TIE


def signed(value: float | None) -> str:
    """Print a movement on the ladder with its sign and one decimal."""
    if value is None:
        return "–"
    return left_to_right(f"{'+' if value > 0 else '−' if value < 0 else ''}{steps(value)}")


def change(before: object, after: object) -> str:
    """Print from where to where a level moved, as the language reads it on every surface."""
    # Translators: the arrow points from the first number to the second in the direction of your script: ← in Arabic.
    said = _("%(before)s → %(after)s") % {"before": before, "after": after}
    if not get_language_bidi():
        return said
    return f"\u2067{said}\u2069" if "←" in said else left_to_right(said)


def band(code: str | None) -> str | None:
    """Print a range of rungs, as `disclosure.BANDS` has them."""
    return code and left_to_right(code)


def left_to_right(text: str) -> str:
    """Keep signs and ranges, such as −1.5 or 3–4, from turning round in a line that runs from the right.

    Isolates rather than markup, so that pages, plain text, charts and PDFs get the same.
    """
    return f"\u2066{text}\u2069" if get_language_bidi() else text


def whole(value: float) -> str:
    return number_format(value, decimal_pos=0)


def percentage(number: object) -> str:
    """Print a number of percent as the language writes it."""
    return _("%(number)s%%") % {"number": number}


def share(value: float | None) -> str:
    """Print a share from 0 to 1 in whole percent; a half is rounded up, so that shares of a whole add up."""
    return "–" if value is None else percentage(whole(floor(value * 100 + 0.5 + TIE)))
