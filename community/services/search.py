"""Search over everything that a reader may see: ranked, each text by the dictionary of its own language.

What is in her own partnerships is found by functions of the apps below, each through its own `visible_to(user)`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, Count, F, FloatField, Func, TextChoices, TextField, Window
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from assessments.services.search import find_actions, find_assessments, find_decisions
from community.access import Reader
from community.models import Item
from community.models.items import ItemQuerySet
from partnerships.services.search import DICTIONARIES, START, STOP, find_partnerships  # as in migration 0002

OPTIONS = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=28, MinWords=12"


class OwnKind(TextChoices):
    """What else a person finds: where she takes part."""

    PARTNERSHIP = "partnership", _("partnership")
    ASSESSMENT = "assessment", _("assessment")
    DECISION = "decision", _("decision")
    ACTION = "action", _("action")


FINDERS = {
    OwnKind.PARTNERSHIP: (_("Partnerships"), find_partnerships),
    OwnKind.ASSESSMENT: (_("Assessments"), find_assessments),
    OwnKind.DECISION: (_("Decisions"), find_decisions),
    OwnKind.ACTION: (_("Actions"), find_actions),
}
FEW, MANY = 5, 50  # of a kind: among others, and when it alone is asked for
READ = "SELECT name, websearch_to_tsquery(name::regconfig, %s)::text FROM unnest(%s) AS name"
MOST = 1000  # texts that one search puts in order; a word of every text would have all of them read


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
    ranked = matching(found, wanted.q).annotate(rank=Rank(wanted.q))
    return ranked.order_by("-rank", "-updated_at", "-pk")


class Listed:
    """The rows of one page with their excerpts, and how many there are on all: what a paginator asks of a list.

    Where more than `MOST` have the words, the newest `MOST` are put in order and `has_more` says so.
    """

    def __init__(self, reader: Reader, wanted: Filters, number: str, size: int) -> None:
        """Find the keys of the page that an address names, and the number of all; then the rows, in a second query."""
        self.found, self.words, self.size = filtered(Item.objects.visible_to(reader), wanted), wanted.q, size
        self.start = (int(number) - 1) * size if number.isdecimal() and 0 < len(number) < 7 and int(number) else 0
        self.total, self.has_more = 0, False
        self.rows = self.with_excerpts(self.best() if self.words else self.newest(), reader)

    def best(self) -> list[int]:
        """Return the keys of this page: those with the words, best first, among equals the newest first."""
        ranks = matching(self.found, self.words).annotate(rank=Rank(self.words))
        newest = list(ranks.order_by("-updated_at", "-pk").values_list("pk", "rank")[: MOST + 1])
        self.has_more = len(newest) > MOST
        self.total = min(len(newest), MOST)
        self.start = min(self.start, self.last)
        best = sorted(newest[:MOST], key=lambda one: one[1], reverse=True)  # it keeps the order of equals
        return [pk for pk, _rank in best[self.start : self.start + self.size]]

    def newest(self) -> list[int]:
        """Return the keys of this page, newest first, where no words are given."""
        ordered = self.found.order_by("-updated_at", "-pk")
        counted = ordered.annotate(total=Window(Count("pk"))).values_list("pk", "total")
        keys = list(counted[self.start : self.start + self.size])
        if not keys and self.start:
            self.total = self.found.count()
            self.start = self.last
            keys = list(counted[self.start : self.start + self.size])
        self.total = keys[0][1] if keys else 0
        return [pk for pk, _total in keys]

    @property
    def last(self) -> int:
        """Return where the last page begins."""
        return max(self.total - 1, 0) // self.size * self.size

    def with_excerpts(self, keys: list[int], reader: Reader) -> list[Item]:
        rows, groups = Item.objects.for_search(), {group.pk: group for group in reader.groups}
        rows = rows.annotate(excerpt=Excerpt(self.words)) if self.words else rows
        found = rows.in_bulk(keys)
        for item in found.values():
            item.group = groups[item.group_id]
            item.excerpt = marked(item.excerpt) if self.words else cut(item.plain)  # type: ignore[attr-defined]
        return [found[pk] for pk in keys if pk in found]

    def count(self) -> int:
        return self.total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, place: slice) -> list[Item]:
        return self.rows

    def page(self) -> "Page[Item]":
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


def own(reader: Reader, wanted: Filters) -> list[Own]:
    """Return what has the words in this reader's own partnerships (a query per kind); other filters leave none."""
    user = reader.user
    narrowed = wanted.group or wanted.language or wanted.tag or wanted.topic or wanted.translate
    if user is None or not wanted.q or narrowed or not user.memberships.in_force().exists():
        return []
    most = MANY if wanted.kind else FEW
    rows = []
    for kind, (label, find) in FINDERS.items():
        if wanted.kind in ("", kind) and (found := find(user, wanted.q, most + 1)):
            shown = [OwnFound(marked(one.title), one.place, one.url) for one in found[:most]]
            rows.append(Own(kind, str(label), shown, len(found) > most))
    return rows


def filtered(items: ItemQuerySet, wanted: Filters) -> ItemQuerySet:
    simple = {"group__kind": wanted.group, "kind": wanted.kind, "language": wanted.language}
    items = items.filter(**{name: value for name, value in simple.items() if value})
    items = items.filter(translate_me=True) if wanted.translate else items
    items = items.filter(tags__contains=[wanted.tag.lower()]) if wanted.tag else items
    return items.filter(topics__contains=[wanted.topic]) if wanted.topic else items


def matching(items, q: str):
    return items.filter(HasWords(q))


class OfLanguage(Func):
    """Words beside a row's language and more, as one piece of SQL: nine dictionaries make too many expressions."""

    fields: tuple[str, ...] = ("search",)

    def __init__(self, q: str) -> None:
        super().__init__(F("language"), *map(F, self.fields))
        self.q = cleaned(q)

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[str | int, ...]]:  # type: ignore[override]
        sql = self.written(*(compiler.compile(source)[0] for source in self.get_source_expressions()))
        return sql, (self.q,) * sql.count("%s")

    def written(self, language: str, *fields: str) -> str:
        raise NotImplementedError


class HasWords(OfLanguage):
    """Whether a row has the words; each language's dictionary is asked with the index.

    Languages that read the words alike are asked once: of nine conditions the planner thinks that most rows meet one,
    and then it reads them all.
    """

    output_field = BooleanField()

    def __init__(self, q: str) -> None:
        super().__init__(q)
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.q, sorted({*DICTIONARIES.values(), "simple"})])
            self.read = dict(cursor.fetchall())

    def written(self, language: str, *fields: str) -> str:
        (search,) = fields
        codes = ", ".join(f"'{code}'" for code in DICTIONARIES)
        alike: dict[str, list[str]] = {}
        for code, name in DICTIONARIES.items():
            alike.setdefault(self.read[name], []).append(code)
        asked = [(f"{language} = ANY('{{{','.join(of)}}}')", _words(DICTIONARIES[of[0]])) for of in alike.values()]
        asked.append((f"{language} NOT IN ({codes})", _words("simple")))
        return f"({' OR '.join(f'{where} AND {search} @@ {words}' for where, words in asked)})"


class Rank(OfLanguage):
    """How well a row has the words, as its own language reads them."""

    output_field = FloatField()

    def written(self, language: str, *fields: str) -> str:
        (search,) = fields
        return f"ts_rank({search}, {_case(language, _words)})"


class Excerpt(OfLanguage):
    """The piece of a row's text that has the words, for `marked`."""

    output_field = TextField()
    fields = ("title", "plain")

    def written(self, language: str, *fields: str) -> str:
        text = " || E'\\n' || ".join(fields)
        return _case(language, lambda name: f"ts_headline('{name}'::regconfig, {text}, {_words(name)}, '{OPTIONS}')")


def _words(dictionary: str) -> str:
    return f"websearch_to_tsquery('{dictionary}'::regconfig, %s)"


def _case(language: str, what: Callable[[str], str]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN {what(name)}" for code, name in DICTIONARIES.items())
    return f"CASE {language} {cases} ELSE {what('simple')} END"


def cleaned(q: str) -> str:
    return q[:200].replace("\x00", "")


def excerpts(items: list[Item], q: str) -> dict[int, SafeString]:
    """Return the piece of each text that has the words, with the words marked, as harmless HTML (one query)."""
    if not q:
        return {item.pk: cut(item.plain) for item in items}
    rows = Item.objects.filter(pk__in=[item.pk for item in items]).annotate(excerpt=Excerpt(q))
    return {pk: marked(excerpt) for pk, excerpt in rows.values_list("pk", "excerpt")}


def marked(excerpt: str) -> SafeString:
    """Escape everything, then turn the two private characters into a mark, always in pairs."""
    parts = re.split(f"{START}(.*?){STOP}", excerpt, flags=re.DOTALL)
    html = [f"<mark>{escape(part)}</mark>" if place % 2 else escape(part) for place, part in enumerate(parts)]
    return mark_safe("".join(html).replace(START, "").replace(STOP, ""))  # noqa: S308 (escaped in this very line)


def cut(plain: str, length: int = 220) -> SafeString:
    text = plain if len(plain) <= length else f"{plain[:length].rsplit(' ', 1)[0]} …"
    return mark_safe(escape(text))  # noqa: S308
