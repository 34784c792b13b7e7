"""Levels and ranges of the ladder, thresholds of disclosure and its neutral sentence, for the middle of a sentence."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessments import disclosure, numbers
from assessments.ladder import LEVELS, NOT_SHOWN, SHORT_LEVELS
from partnerships.locales import listed

register = template.Library()
# How many there must be at least, before others see anything of them.
THRESHOLDS = {
    "side": disclosure.SMALLEST_SIDE,
    "organisations": disclosure.SMALLEST_GROUP,
    "voters": disclosure.FEWEST_VOTERS,
    "partnerships": disclosure.FEWEST_PARTNERSHIPS,
    "facts": disclosure.FEWEST_WITH_FACTS,
    "interval": disclosure.ENOUGH_FOR_INTERVAL,
}


@register.simple_tag
def threshold(name: str) -> int:
    """Return the smallest number of organisations, voters or partnerships of which something is shown."""
    return THRESHOLDS[name]


@register.simple_tag
def not_shown() -> str:
    """Return the neutral sentence for whatever is hidden."""
    return str(NOT_SHOWN)


@register.simple_tag
def bands() -> str:
    """Return the ranges of levels in which the middle answer is published."""
    return listed([numbers.band(band) for band in disclosure.BANDS], "or")


@register.simple_tag
def level_word(level: int | None) -> str | Promise:
    """Return the words of a level, nothing where there is none."""
    return "" if level is None else LEVELS.get(level, "")


@register.simple_tag
def short_levels() -> list[tuple[int, str | Promise]]:
    """Return the levels with their short words, for heads of columns."""
    return list(SHORT_LEVELS.items())


@register.simple_tag
def short_ladder() -> str:
    """Return the levels with their short words in one line: "0 excluded · 1 informed only …"."""
    return " · ".join(f"{level} {word}" for level, word in SHORT_LEVELS.items())


@register.simple_tag
def level_cells(cells: Iterable[Mapping[str, str | None]]) -> SafeString:
    """Return a row of agreed levels: `text`, its class `css`, and `want` where the group wants another level.

    Not a template, since a page may show 2,400 of them.
    """
    return format_html_join("", "<td{}>{}{}</td>", (_level_cell(cell) for cell in cells))


def _level_cell(cell: Mapping[str, str | None]) -> tuple[str, str | None, str]:
    css, want = cell["css"], cell["want"]
    marked = format_html(' class="{}"', css) if css else ""
    return marked, cell["text"], format_html('<i class="want">{}</i>', want) if want else ""


@register.simple_tag
def gained(levels: float) -> str:
    """Return a change of levels with its sign."""
    return numbers.signed(levels)
