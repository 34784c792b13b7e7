"""The start page: a person's partnerships, and what waits for her, from the services of each app."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from assessments.services.todo import ToDoList, to_do_list
from community.access import open_groups, reader_of
from community.services.todo import needs as of_community
from partnerships.models import Partnership, User
from partnerships.services import needs as of_partnerships

MOST = 8  # partnerships on the start page
MOST_NEEDS = 5  # of what waits; the rest is folded


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "home.html", {"open_groups": open_groups()})
    user = cast(User, request.user)
    rows = list(Partnership.objects.visible_to(user).not_archived()[: MOST + 1])
    shown = {
        "partnerships": [row for row in rows if not row.is_rehearsal][:MOST],
        "rehearsals": [row for row in rows if row.is_rehearsal],
    }
    to_do = to_do_list(user)
    waiting = needs(user, to_do)
    more = {
        "now": to_do.now,
        "needs": waiting[:MOST_NEEDS],
        "more_needs": waiting[MOST_NEEDS:],
        "under_way": to_do.under_way,
    }
    return render(request, "home.html", {**more, **shown})


def needs(user: User, to_do: ToDoList) -> list[dict[str, Any]]:
    """Return what waits for a person; entries with a due day come first."""
    entries = [vars(need) for need in of_partnerships(user)] + to_do.needs + of_community(reader_of(user))
    today = localdate()
    rows = [need | {"is_overdue": bool(need["due"] and need["due"] < today)} for need in entries]
    return sorted(rows, key=lambda need: need["due"] or date.max)
