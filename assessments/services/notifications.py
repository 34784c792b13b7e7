"""Telling members what was decided: a notice each time, whatever was told before."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from partnerships.models import Seat
from partnerships.notices import notify


def tell(
    assessment: Assessment, kind: str, seats: Iterable[Seat] | None = None, url: str | None = None, **context
) -> None:
    """Tell the people of some memberships, or of all in force; `url` is the overview's unless named."""
    if seats is None:
        seats = assessment.partnership.seats.in_force().select_related("user")
    notify(
        kind,
        {seat.user for seat in seats},
        url=reverse("assessments:overview", args=[assessment.code]) if url is None else url,
        dedupe=f"{assessment.code}:{timezone.now():%Y-%m-%dT%H:%M:%S.%f}",
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        **context,
    )
