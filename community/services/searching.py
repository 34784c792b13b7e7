"""Search over everything that a reader may see: ranked, each text by the dictionary of its own language."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchConfig, SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from community.access import Reader
from community.models import Item
from community.models.items import ItemQuerySet

# As in `community_dictionary` of migration 0002.
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
# Private characters, which `markdown.normalise` takes out of every text.
START, STOP = "\ue000", "\ue001"
OPTIONS: dict[str, Any] = {"start_sel": START, "stop_sel": STOP, "max_fragments": 2, "max_words": 28, "min_words": 12}


@dataclass(frozen=True)
class Filters:
    """What an address asks for; empty means anything."""

    q: str = ""
    group: str = ""
    kind: str = ""
    language: str = ""
    tag: str = ""
    topic: str = ""
    translate: str = ""


def search(reader: Reader, wanted: Filters, items: ItemQuerySet | None = None) -> ItemQuerySet:
    """Return what matches, best first, or newest first where no words are given."""
    found = filtered(Item.objects.visible_to(reader) if items is None else items, wanted)
    if not wanted.q:
        return found.order_by("-updated_at", "-pk")
    ranked = matching(found, wanted.q).annotate(rank=SearchRank(F("search"), query(wanted.q)))
    return ranked.order_by("-rank", "-updated_at", "-pk")


def filtered(items: ItemQuerySet, wanted: Filters) -> ItemQuerySet:
    simple = {"group__kind": wanted.group, "kind": wanted.kind, "language": wanted.language}
    items = items.filter(**{name: value for name, value in simple.items() if value})
    items = items.filter(translate_me=True) if wanted.translate else items
    items = items.filter(tags__contains=[wanted.tag.lower()]) if wanted.tag else items
    return items.filter(topics__contains=[wanted.topic]) if wanted.topic else items


def matching(items, q: str):
    """Keep what has the words; each language's dictionary is asked with the index."""
    found = ~Q(language__in=DICTIONARIES) & Q(search=_query(q, "simple"))
    for language, dictionary in DICTIONARIES.items():
        found |= Q(language=language, search=_query(q, dictionary))
    return items.filter(found)


def query(q: str) -> Case:
    """Return the words as each row's own language reads them."""
    cases = [When(language=language, then=_query(q, dictionary)) for language, dictionary in DICTIONARIES.items()]
    return Case(*cases, default=_query(q, "simple"))


def _query(q: str, dictionary: str) -> SearchQuery:
    return SearchQuery(q[:200].replace("\x00", ""), config=dictionary, search_type="websearch")


def excerpts(items: list[Item], q: str) -> dict[int, SafeString]:
    """Return the piece of each text that has the words, with the words marked, as harmless HTML (one query)."""
    if not q:
        return {item.pk: cut(item.plain) for item in items}
    config = Case(
        *[When(language=language, then=Value(name)) for language, name in DICTIONARIES.items()],
        default=Value("simple"),
        output_field=TextField(),
    )
    text = Concat(F("title"), Value("\n"), F("plain"), output_field=TextField())
    rows = Item.objects.filter(pk__in=[item.pk for item in items]).annotate(
        excerpt=SearchHeadline(text, query(q), config=SearchConfig(config), **OPTIONS)
    )
    return {pk: marked(excerpt) for pk, excerpt in rows.values_list("pk", "excerpt")}


def marked(excerpt: str) -> SafeString:
    """Escape everything, then turn the two private characters into a mark, always in pairs."""
    parts = re.split(f"{START}(.*?){STOP}", excerpt, flags=re.DOTALL)
    html = [f"<mark>{escape(part)}</mark>" if place % 2 else escape(part) for place, part in enumerate(parts)]
    return mark_safe("".join(html).replace(START, "").replace(STOP, ""))  # noqa: S308 (escaped in this very line)


def cut(plain: str, length: int = 220) -> SafeString:
    text = plain if len(plain) <= length else f"{plain[:length].rsplit(' ', 1)[0]} …"
    return mark_safe(escape(text))  # noqa: S308
