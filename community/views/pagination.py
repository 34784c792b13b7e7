"""Long lists, page by page."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(rows: Any, request: HttpRequest, size: int, name: str = "page") -> Page:
    """Return the page of a list that the address names (`?page=`); the first where it names none."""
    return Paginator(rows, size).get_page(request.GET.get(name))


def without_page(request: HttpRequest, name: str = "page") -> str:
    """Return the address's filters without the page, ready for a further one."""
    query = request.GET.copy()
    query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""
