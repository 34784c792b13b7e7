"""Searching a person's partnerships by name and purpose, which all members can read. Answers are not searched."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language

from partnerships.models import Partnership, User
from partnerships.search_words import DICTIONARIES, SIMPLE, Search, SearchWords

# Private characters around the words that were found; a page turns them into marks after escaping the rest.
START, STOP = "\ue000", "\ue001"
NEWEST = 200  # rows that are put in order: of very many with the words, the newest


@dataclass(frozen=True)
class Found:
    """A search result: its title with `START` and `STOP` around matches, where it belongs, and its URL."""

    title: str
    place: str
    url: str


def find_partnerships(user: User, search: Search, most: int) -> list[Found]:
    """Return this person's partnerships that match, best match first.

    A person takes part in few, so their vectors are made when they are asked for.
    """
    text = Concat("name", Value(" "), "context", output_field=TextField())
    visible = Partnership.objects.visible_to(user).real().order_by().annotate(words=SearchWords(text))
    rows = best_of(visible, search, most, marked_field="name", vector="words")
    return [Found(row.marked, row.context, row.get_absolute_url()) for row in rows]


def best_of(
    visible: QuerySet,
    search: Search,
    most: int,
    *,
    marked_field: str,
    vector: str = "search",
    related: tuple[str, ...] = (),
) -> list[Any]:
    """Return the rows with the words, best first, each with one field as `marked` (two statements).

    What is visible comes first: the words are looked for in those rows only.
    """
    ranked = visible.filter(search.matches(vector)).order_by("-pk").annotate(rank=search.rank(vector))
    newest = sorted(ranked.values_list("pk", "rank")[:NEWEST], key=lambda row: -row[1])
    keys = [pk for pk, _rank in newest[:most]]
    headline = SearchHeadline(
        marked_field,
        search.value,
        config=DICTIONARIES.get((get_language() or "en").split("-")[0], SIMPLE),
        start_sel=START,
        stop_sel=STOP,
        highlight_all=True,
    )
    model = visible.model._default_manager.select_related(*related) if related else visible.model._default_manager
    rows = model.annotate(marked=headline).in_bulk(keys) if keys else {}
    return [rows[pk] for pk in keys if pk in rows]
