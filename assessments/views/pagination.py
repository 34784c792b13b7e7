"""Long lists, page by page: one query, which looks for one row more instead of counting all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

FURTHEST = 10_000  # pages


@dataclass(frozen=True)
class ListPage:
    """The rows of one page of a list, as templates read a Django page."""

    rows: list[Any]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def list_page(listed: QuerySet[Any] | Callable[[int], QuerySet[Any]], request: HttpRequest, size: int) -> ListPage:
    """Return the rows of the page that the address names; the first where it names none.

    A list may be given as what brings its first so many rows.
    """
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), FURTHEST) if asked.isdecimal() and len(asked) < 9 else 1
    start = (number - 1) * size
    end = start + size + 1
    rows = list((listed(end) if callable(listed) else listed)[start:end])
    return ListPage(rows[:size], number, len(rows) > size)
