"""The options of a list to choose from."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def options(pairs: Iterable[tuple[str, object]], chosen: str) -> SafeString:
    """Return an option for each (key, label). Not a loop in a template: a page of filters has sixty of them."""
    named = ((key, str(label)) for key, label in pairs)
    rows = (
        f'<option value="{escape(key)}"{" selected" * (key == chosen)}>{escape(label[:1].upper() + label[1:])}</option>'
        for key, label in named
    )
    return mark_safe("\n".join(rows))  # noqa: S308 (escaped)
