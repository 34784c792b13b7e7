"""Search, with filters that live in the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.access import Reader
from community.models import ItemKind, Language
from community.services.search import Filters, Listed, OwnKind, own
from community.views.decorators import outside, reader_required
from community.views.filters import FilterChoice, by_topic
from community.views.pagination import without_page
from partnerships import page_sizes
from partnerships.limits import limited
from partnerships.search_words import Search

NAMES = ("q", "group", "kind", "language", "tag", "topic", "translate")


@require_safe
@limited("search", 60, 60)
@reader_required("anybody")
def results(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what matches, best first: texts of the groups, and what is in the reader's own partnerships."""
    if reader.user is None and not reader.readable_groups():
        return outside(request)
    wanted = Filters(**{name: request.GET.get(name, "").strip()[:200] for name in NAMES})
    query = Search(wanted.q) if wanted.q else None
    listed = Listed(reader, wanted, request.GET.get("page", ""), page_sizes.SEARCH_RESULTS, query)
    context = {
        "reader": reader,
        "page": listed.paginator_page(),
        "has_more": listed.has_more,
        "wanted": wanted,
        "any_filter": any(vars(wanted).values()),
        "query": without_page(request),
        "choices": choices(reader, wanted),
        "own": own(reader, wanted, query),
        "own_kinds": OwnKind.values,
    }
    return render(request, "community/search/results.html", context)


def choices(reader: Reader, wanted: Filters) -> list[FilterChoice]:
    groups = [(group.kind, str(group)) for group in reader.groups if reader.may_read(group)]
    kinds = [*ItemKind.choices, *(OwnKind.choices if reader.user else [])]
    return [
        FilterChoice("group", _("Group"), _("All groups"), groups, wanted.group),
        FilterChoice("kind", _("Kind of text"), _("All kinds of text"), kinds, wanted.kind),
        FilterChoice("language", _("Language"), _("All languages"), Language.choices, wanted.language),
        by_topic(wanted.topic),
    ]
