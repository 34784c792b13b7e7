"""Search, with filters that live in the address."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Topic
from community.access import Reader
from community.models import ItemKind, Language
from community.services.searching import Filters, excerpts, search
from community.views.doors import of_all, outside
from community.views.shared import without_page

NAMES = ("q", "group", "kind", "language", "tag", "topic", "translate")


@require_safe
@of_all("anybody")
def results(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what matches, best first."""
    if reader.user is None and not reader.readable_groups():
        return outside(request)
    wanted = Filters(**{name: request.GET.get(name, "").strip()[:200] for name in NAMES})
    page = Paginator(search(reader, wanted).for_list(), 20).get_page(request.GET.get("page"))
    found = excerpts(list(page.object_list), wanted.q)
    for item in page.object_list:
        item.excerpt = found.get(item.pk, "")  # type: ignore[attr-defined]
    context = {
        "reader": reader,
        "page": page,
        "wanted": wanted,
        "query": without_page(request),
        "kinds": ItemKind.choices,
        "languages": Language.choices,
        "topics": Topic.choices,
        "groups": [group for group in reader.groups if reader.may_read(group)],
    }
    return render(request, "community/search.html", context)
