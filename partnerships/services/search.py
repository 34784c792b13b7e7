"""Searching a person's partnerships by name and purpose, which all members can read. Answers are not searched."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, QuerySet
from django.utils.translation import get_language

from partnerships.models import Partnership, User

# Languages with a dictionary in PostgreSQL; every other is searched by whole words.
DICTIONARIES = {
    "en": "english",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "nl": "dutch",
    "ar": "arabic",
    "hi": "hindi",
    "id": "indonesian",
}
# Private characters around the words that were found; a page turns them into marks after escaping the rest.
START, STOP = "\ue000", "\ue001"


@dataclass(frozen=True)
class Found:
    """A search result: its title with `START` and `STOP` around matches, where it belongs, and its URL."""

    title: str
    place: str
    url: str


def find_partnerships(user: User, q: str, most: int) -> list[Found]:
    """Return this person's partnerships that match, best match first."""
    rows = matching(Partnership.objects.visible_to(user).real(), q, ["name", "context"], most)
    return [Found(row.marked, row.context, row.get_absolute_url()) for row in rows]


def matching(visible: QuerySet, q: str, names: list[str], most: int) -> QuerySet[Any]:
    """Return what has the words, best first, each with its first field as `marked` (one query).

    Nobody says in which language these rows are written: words and rows are read by the reader's own.
    """
    dictionary = DICTIONARIES.get((get_language() or "en").split("-")[0], "simple")
    query = SearchQuery(q[:200].replace("\x00", ""), config=dictionary, search_type="websearch")
    vectors = [
        SearchVector(name, weight=weight, config=dictionary) for name, weight in zip(names, "ABCD", strict=False)
    ]
    vector = sum(vectors[1:], start=vectors[0])
    headline = SearchHeadline(names[0], query, config=dictionary, start_sel=START, stop_sel=STOP, highlight_all=True)
    rows = visible.model._default_manager.filter(pk__in=visible.order_by().values("pk"))
    ranked = rows.annotate(words=vector, rank=SearchRank(F("words"), query)).filter(words=query)
    return ranked.annotate(marked=headline).order_by("-rank", "-pk")[:most]
