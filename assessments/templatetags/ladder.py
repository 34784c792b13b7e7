"""Levels and ranges of the ladder, for the middle of a sentence."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assessments import disclosure, numbers
from partnerships.locales import listed

register = template.Library()


@register.simple_tag
def bands() -> str:
    """Return the ranges of levels in which the middle answer is published."""
    return listed([numbers.band(band) for band in disclosure.BANDS], "or")


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
