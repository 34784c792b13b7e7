"""Telling members what was decided: a notification each time, whatever was told before."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from partnerships.models import Membership
from partnerships.notifications import notify


def tell(
    assessment: Assessment,
    kind: str,
    memberships: Iterable[Membership] | None = None,
    url: str | None = None,
    **context,
) -> None:
    """Tell the people of some memberships, or of all in force; `url` is the overview's unless named."""
    if memberships is None:
        memberships = assessment.partnership.memberships.in_force().select_related("user")
    notify(
        kind,
        {membership.user for membership in memberships},
        url=reverse("assessments:overview", args=[assessment.code]) if url is None else url,
        dedupe=f"{assessment.code}:{timezone.now():%Y-%m-%dT%H:%M:%S.%f}",
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        **context,
    )
