"""How numbers of the method are printed, in the language of the reader."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

TIE = 1e-9  # METHOD §2
LARGEST_SHOWN_GAP = 3.0  # what disclosure cuts gaps to


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
    return _("3 or more") if abs(value) >= LARGEST_SHOWN_GAP - TIE else steps(value)


def whole(value: float) -> str:
    return number_format(value, decimal_pos=0)
