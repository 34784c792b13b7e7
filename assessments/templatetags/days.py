"""Dates that are stored as text, in the reader's format."""

from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day(text: str) -> str:
    """Return an ISO date in the format of the active language."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
