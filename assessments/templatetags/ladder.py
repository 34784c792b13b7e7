"""Numbers of the ladder that stand in the middle of sentences."""

from django import template

from assessments import disclosure, numbers
from partnerships.locales import listed

register = template.Library()


@register.simple_tag
def bands() -> str:
    """Return the ranges of rungs that the middle of answers is given in."""
    return listed([numbers.band(band) for band in disclosure.BANDS], "or")


@register.simple_tag
def gained(levels: float) -> str:
    """Return a movement on the ladder with its sign."""
    return numbers.signed(levels)
