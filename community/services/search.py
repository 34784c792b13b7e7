"""Search over everything that a reader may see: any of the words, ranked, in all languages, translations included.

What is in a person's own partnerships is found by `assessments.services.search`, in those that `homes_of` returns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Func, TextChoices, TextField, Window
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from assessments.services.search import START, STOP, Found, find, homes_of
from community import markdown
from community.access import Reader
from community.models import Item, Translation
from community.models.items import ItemQuerySet
from partnerships.search_words import Search

OPTIONS = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=28, MinWords=12"


class OwnKind(TextChoices):
    """What else a person finds: where she takes part."""

    PARTNERSHIP = "partnership", _("partnership")
    ASSESSMENT = "assessment", _("assessment")
    DECISION = "decision", _("decision")
    ACTION = "action", _("action")


LABELS = {
    OwnKind.PARTNERSHIP: _("Partnerships"),
    OwnKind.ASSESSMENT: _("Assessments"),
    OwnKind.DECISION: _("Decisions"),
    OwnKind.ACTION: _("Actions"),
}
FEW, MANY = 5, 50  # of a kind: among others, and when it alone is asked for
MOST = 200  # newest texts, and newest titles, that one search puts in order; the rest follow, newest first


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
    texts = filtered(Item.objects.visible_to(reader) if items is None else items, wanted)
    if not wanted.q:
        return texts.order_by("-updated_at", "-pk")
    query = Search(wanted.q)
    ranked = texts.filter(query.matches()).annotate(rank=query.rank())
    return ranked.order_by("-rank", "-updated_at", "-pk")


class Listed:
    """The rows of one page with their excerpts, and how many there are on all: what a paginator asks of a list.

    The newest `MOST` texts with the words, and the newest `MOST` with one in the title, come first, best first. Where
    there are more (`has_more`), the others follow, newest first: nothing is left out, and no page ranks everything.
    """

    def __init__(self, reader: Reader, wanted: Filters, number: str, size: int, search: Search | None = None) -> None:
        """Find the keys of the page that an address names, and the number of all; then the rows, in a second query."""
        self.texts, self.size = filtered(Item.objects.visible_to(reader), wanted), size
        self.search = search or (Search(wanted.q) if wanted.q else None)
        self.start = (int(number) - 1) * size if number.isdecimal() and 0 < len(number) < 7 and int(number) else 0
        self.total, self.has_more = 0, False
        self.rows = self.with_excerpts(self.best(self.search) if self.search else self.newest(), reader)

    def best(self, search: Search) -> list[int]:
        """Return the keys of this page: those with the words, best first, among equals the newest first."""
        rows = self.ranked(search, [search.matches()], MOST + 1)
        self.has_more = len(rows) > MOST
        if self.has_more:
            rows = list({*rows[:MOST], *self.ranked(search, [search.matches(), search.matches_title()], MOST)})
        first = [pk for pk, _rank, _at in sorted(rows, key=lambda row: (row[1], row[2], row[0]), reverse=True)]
        if not self.has_more:
            self.total = len(first)
            self.start = min(self.start, self.last)
            return first[self.start : self.start + self.size]
        return self.with_older(first, search)

    def ranked(self, search: Search, conditions: list[Func], most: int) -> list[tuple[int, float, datetime]]:
        """Return key, rank and date of the newest texts that meet conditions. Only these are ranked."""
        newest = self.texts.filter(*conditions).order_by("-updated_at", "-pk").values("pk")[:most]
        rows = Item.objects.filter(pk__in=newest).order_by("-updated_at", "-pk").annotate(rank=search.rank())
        return list(rows.values_list("pk", "rank", "updated_at"))

    def with_older(self, first: list[int], search: Search) -> list[int]:
        """Return the keys of this page of very many: the ranked ones, then the others, which are not counted."""
        keys = first[self.start : self.start + self.size]
        if len(keys) < self.size:
            matching = self.texts.filter(search.matches()).exclude(pk__in=first)
            older = matching.order_by("-updated_at", "-pk").values_list("pk", flat=True)
            begin = max(self.start - len(first), 0)
            keys += older[begin : begin + self.size - len(keys)]
        self.total = max(len(first) + 1, self.start + len(keys) + (len(keys) == self.size))
        return keys

    def newest(self) -> list[int]:
        """Return the keys of this page, newest first, where no words are given."""
        ordered = self.texts.order_by("-updated_at", "-pk")
        counted = ordered.annotate(total=Window(Count("pk"))).values_list("pk", "total")
        keys = list(counted[self.start : self.start + self.size])
        if not keys and self.start:
            self.total = self.texts.count()
            self.start = self.last
            keys = list(counted[self.start : self.start + self.size])
        self.total = keys[0][1] if keys else 0
        return [pk for pk, _total in keys]

    @property
    def last(self) -> int:
        """Return where the last page begins."""
        return max(self.total - 1, 0) // self.size * self.size

    def with_excerpts(self, keys: list[int], reader: Reader) -> list[Item]:
        groups = {group.pk: group for group in reader.groups}
        texts = Item.objects.for_search().order_by()
        items = (texts.annotate(piece=headline("plain", self.search)) if self.search else texts).in_bulk(keys)
        excerpts = excerpts_of(list(items.values()), self.search)
        for item in items.values():
            item.group = groups[item.group_id]
            item.excerpt = excerpts[item.pk]  # type: ignore[attr-defined]
        return [items[pk] for pk in keys if pk in items]

    def count(self) -> int:
        return self.total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, place: slice) -> list[Item]:
        return self.rows

    def paginator_page(self) -> "Page[Item]":
        return Paginator(self, self.size).get_page(self.start // self.size + 1)  # type: ignore[arg-type]


@dataclass(frozen=True)
class OwnFound:
    title: SafeString
    place: str
    url: str


@dataclass(frozen=True)
class Own:
    """What was found of one kind in the reader's partnerships."""

    kind: str
    label: str
    found: list[OwnFound]
    has_more: bool


def own(reader: Reader, wanted: Filters, search: Search | None = None) -> list[Own]:
    """Return what has the words in this reader's own partnerships; other filters leave none."""
    user = reader.user
    narrowed = wanted.group or wanted.language or wanted.tag or wanted.topic or wanted.translate
    if user is None or not wanted.q or narrowed or not (homes := homes_of(user)):
        return []
    most = MANY if wanted.kind else FEW
    kinds = [kind.value for kind in OwnKind if wanted.kind in ("", kind)]
    found = find(homes, search or Search(wanted.q), most + 1, kinds)
    return [of_kind(kind, rows, most) for kind in kinds if (rows := [row for row in found if row.kind == kind])]


def of_kind(kind: str, rows: list[Found], most: int) -> Own:
    shown = [OwnFound(marked(row.title), row.place, row.url) for row in rows[:most]]
    return Own(kind, str(LABELS[OwnKind(kind)]), shown, len(rows) > most)


def filtered(items: ItemQuerySet, wanted: Filters) -> ItemQuerySet:
    simple = {"group__kind": wanted.group, "kind": wanted.kind, "language": wanted.language}
    items = items.filter(**{name: value for name, value in simple.items() if value})
    items = items.filter(translate_me=True) if wanted.translate else items
    items = items.filter(tags__contains=[wanted.tag.lower()]) if wanted.tag else items
    return items.filter(topics__contains=[wanted.topic]) if wanted.topic else items


def matching(items: Any, q: str) -> Any:
    """Return the items that have any of the words."""
    return items.filter(Search(q).matches())


# --- excerpts


class Headline(Func):
    """The pieces of a text that have the words, by the dictionary of its language."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        language, title, text, query = (compiler.compile(source) for source in self.get_source_expressions())
        sql = (
            f"ts_headline(community_dictionary({language[0]}), {title[0]} || E'\\n' || {text[0]}, "
            f"{query[0]}, '{OPTIONS}')"
        )
        return sql, [*language[1], *title[1], *text[1], *query[1]]


def excerpts_of(items: Sequence[Item], search: Search | None) -> dict[int, SafeString]:
    """Return the `piece` of each text that has the words, marked, as harmless HTML; its beginning without a search."""
    if search is None:
        return {item.pk: cut(item.plain) for item in items}
    return marked_pieces({item.pk: item.piece for item in items}, search)  # type: ignore[attr-defined]


def marked_pieces(excerpts: dict[int, str], search: Search) -> dict[int, SafeString]:
    """Return excerpts as HTML, those of a translation where only a translation has the words (one query at most)."""
    missing = [pk for pk, excerpt in excerpts.items() if START not in excerpt]
    if missing:
        translations = Translation.objects.filter(item__in=missing).order_by("at", "pk")
        translated = translations.values_list("item_id", headline("text", search))
        excerpts |= {pk: excerpt for pk, excerpt in translated if START in excerpt}
    return {pk: marked(excerpt) for pk, excerpt in excerpts.items()}


def excerpts(items: Sequence[Item], q: str) -> dict[int, SafeString]:
    """Return an excerpt of each text for a list, with the words of a search marked."""
    if not q:
        return excerpts_of(items, None)
    search = Search(q)
    pieces = Item.objects.filter(pk__in=[item.pk for item in items]).values_list("pk", headline("plain", search))
    return marked_pieces(dict(pieces), search)


def headline(text: str, search: Search) -> Headline:
    return Headline(F("language"), F("title"), F(text), search.value)


def marked(excerpt: str) -> SafeString:
    """Escape everything, then turn the two private characters into a mark, always in pairs."""
    parts = re.split(f"{START}(.*?){STOP}", excerpt, flags=re.DOTALL)
    html = [f"<mark>{escape(part)}</mark>" if place % 2 else escape(part) for place, part in enumerate(parts)]
    return mark_safe("".join(html).replace(START, "").replace(STOP, ""))  # noqa: S308 (escaped in this very line)


def cut(plain: str, length: int = 220) -> SafeString:
    return mark_safe(escape(markdown.excerpt(plain, length)))  # noqa: S308
