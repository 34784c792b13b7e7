"""Days that were kept as text, in the reader's form."""

from datetime import date, datetime

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day(text: str) -> str:
    """Write an ISO date as the active language does."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


@register.filter
def moment(text: str) -> datetime:
    """Return an ISO moment that was kept as text."""
    return datetime.fromisoformat(text)
