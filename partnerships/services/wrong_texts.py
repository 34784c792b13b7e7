"""Reports of wrong texts: storing one without its writer, listing them for staff, and marking one as handled."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from partnerships.models import WrongText


def report(fields: Mapping[str, str]) -> None:
    """Store a report. The same report on the same day is stored once, also if it is sent twice at once."""
    WrongText.objects.bulk_create([WrongText(**fields)], ignore_conflicts=True)


def listed(most: int) -> QuerySet[WrongText]:
    """Return reports for staff: first those that no one has handled, the oldest first."""
    return WrongText.objects.order_by(F("handled_on").desc(nulls_first=True), "reported_on", "pk")[:most]


def mark(code: str, handled: bool) -> bool:
    """Mark a report as handled today, or as not handled. Return False if there is no such report."""
    found = WrongText.objects.filter(code=code)
    found.filter(handled_on__isnull=handled).update(handled_on=timezone.localdate() if handled else None)
    return found.exists()


def old(since: datetime) -> QuerySet[WrongText]:
    """Return the reports that were sent before this day, handled or not."""
    return WrongText.objects.filter(reported_on__lt=timezone.localdate(since))
