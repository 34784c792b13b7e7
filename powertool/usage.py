"""How much the site is used, by month, in counts; for those who run it. Demonstrations and rehearsals do not count.

Nothing here comes from private ratings: a release is counted, not read.
"""

from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from assessments.models import Action, Assessment, Release, Stage
from community.models import Item, ItemKind
from partnerships.models import Partnership, User

MONTHS = 12
TEXTS = (ItemKind.FINDING, ItemKind.MEASURE, ItemKind.PAPER)


def countable_rows() -> dict[str, tuple[QuerySet[Any], str]]:
    """Return the rows to count, by name, and the field with their date."""
    people = User.objects.filter(is_active=True, pretend_in=None)
    real = Assessment.objects.filter(partnership__is_demo=False)
    texts = Item.objects.published().works()
    return {
        "partnerships": (Partnership.objects.filter(is_demo=False), "created_at"),
        "started": (real, "created_at"),
        "closed": (real, "closed_at"),
        "releases": (Release.objects.filter(assessment__partnership__is_demo=False), "created_at"),
        "actions": (Action.objects.filter(assessment__partnership__is_demo=False), "created_at"),
        "accounts": (people.filter(is_guest=False), "date_joined"),
        "guests": (people.filter(is_guest=True), "date_joined"),
        "last_seen": (people, "last_login"),
        "findings": (texts.filter(kind=ItemKind.FINDING), "published_at"),
        "measures": (texts.filter(kind=ItemKind.MEASURE), "published_at"),
        "papers": (texts.filter(kind=ItemKind.PAPER), "published_at"),
        "comments": (Item.objects.published().filter(kind=ItemKind.COMMENT), "published_at"),
    }


def months(today: date) -> list[date]:
    """Return the first days of the last months, the newest first."""
    number = today.year * 12 + today.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(MONTHS)]


def by_month() -> list[dict[str, Any]]:
    """Return one row for each month with the counts by name."""
    rows: dict[date, dict[str, Any]] = {month: {"month": month} for month in months(timezone.localdate())}
    for name, (queryset, field) in countable_rows().items():
        for row in rows.values():
            row[name] = 0
        of_months = queryset.order_by().filter(**{f"{field}__date__gte": min(rows)}).annotate(month=TruncMonth(field))
        for month, count in of_months.values_list("month").annotate(Count("pk")):
            if month.date() in rows:
                rows[month.date()][name] = count
    return list(rows.values())


def by_stage() -> list[tuple[str, int]]:
    """Return how many assessments stand at each stage."""
    real = Assessment.objects.filter(partnership__is_demo=False).order_by()
    counts = dict(real.values_list("stage").annotate(Count("pk")))
    return [(str(stage.label), counts.get(stage, 0)) for stage in Stage]
