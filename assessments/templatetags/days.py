"""Dates that are stored as text, in the reader's format."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day(text: str) -> str:
    """Return an ISO date in the format of the active language."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


@register.filter
def moment(text: str) -> datetime:
    """Return an ISO moment that was kept as text."""
    return datetime.fromisoformat(text)
