"""Moments inside sentences: in the reader's form and zone on a page, with the zone's name in a mail."""

from datetime import UTC, datetime

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def local_time(at: datetime) -> SafeString:
    """Return the house's `<time>`, for the middle of a sentence."""
    return mark_safe(render_to_string("parts/time.html", {"at": at}).strip())  # noqa: S308 (a template's own markup)


@register.filter
def utc_time(text: str) -> str:
    """Write an ISO moment as the active language does, and name the zone; a mail cannot know where it is read."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return f"{date_format(moment, 'DATETIME_FORMAT')} UTC"
