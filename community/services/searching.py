"""Search over everything that a reader may see: ranked, each text by the dictionary of its own language.

What is in her own partnerships is found by functions of the apps below, each through its own `visible_to(user)`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchConfig, SearchHeadline, SearchQueryField, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, F, Func, TextChoices, TextField, Value, Window
from django.db.models.functions import Concat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from assessments.services.searching import find_actions, find_assessments, find_decisions
from community.access import Reader
from community.models import Item
from community.models.items import ItemQuerySet
from partnerships.services.searching import DICTIONARIES, START, STOP, find_partnerships  # as in migration 0002

OPTIONS: dict[str, Any] = {"start_sel": START, "stop_sel": STOP, "max_fragments": 2, "max_words": 28, "min_words": 12}


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


class Listed:
    """The rows of one page, and how many there are on all: what a paginator asks of a list."""

    def __init__(self, found: ItemQuerySet, number: str, size: int) -> None:
        """Find the keys of the page that an address names, and the number of all, in one query; then the rows."""
        self.found, self.size = found, size
        self.start = (int(number) - 1) * size if number.isdecimal() and 0 < len(number) < 7 and int(number) else 0
        keys = self.keys(self.start)
        if not keys and self.start:
            self.start = (max(found.count() - 1, 0)) // size * size
            keys = self.keys(self.start)
        self.total = keys[0][1] if keys else 0
        rows = Item.objects.for_list().in_bulk([pk for pk, _total in keys])
        self.rows = [rows[pk] for pk, _total in keys if pk in rows]

    def keys(self, start: int) -> list[tuple[int, int]]:
        counted = self.found.annotate(total=Window(Count("pk")))
        return list(counted.values_list("pk", "total")[start : start + self.size])

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
    if user is None or not wanted.q or narrowed or not user.seats.in_force().exists():
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
    return items.filter(HasWords(cleaned(q)))


class OfLanguage(Func):
    """Words beside a row's language and index, as one piece of SQL: nine dictionaries make too many expressions."""

    def __init__(self, q: str) -> None:
        super().__init__(F("language"), F("search"))
        self.q = q

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[str | int, ...]]:  # type: ignore[override]
        language, search = (compiler.compile(one)[0] for one in self.get_source_expressions())
        sql = self.written(language, search)
        return sql, (self.q,) * sql.count("%s")

    def written(self, language: str, search: str) -> str:
        raise NotImplementedError


class HasWords(OfLanguage):
    """Whether a row has the words; each language's dictionary is asked with the index."""

    output_field = BooleanField()

    def written(self, language: str, search: str) -> str:
        codes = ", ".join(f"'{code}'" for code in DICTIONARIES)
        asked = {f"{language} = '{code}'": name for code, name in DICTIONARIES.items()}
        asked[f"{language} NOT IN ({codes})"] = "simple"
        return f"({' OR '.join(f'{where} AND {search} @@ {_words(name)}' for where, name in asked.items())})"


class Words(OfLanguage):
    """The words as each row's own language reads them."""

    output_field = SearchQueryField()

    def written(self, language: str, search: str) -> str:
        return _case(language, _words)


class Dictionary(Func):
    """The dictionary of a row's own language."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[str | int, ...]]:  # type: ignore[override]
        (language,) = (compiler.compile(one)[0] for one in self.get_source_expressions())
        return _case(language, "'{}'".format), ()


def _words(dictionary: str) -> str:
    return f"websearch_to_tsquery('{dictionary}'::regconfig, %s)"


def _case(language: str, what: Callable[[str], str]) -> str:
    cases = " ".join(f"WHEN '{code}' THEN {what(name)}" for code, name in DICTIONARIES.items())
    return f"CASE {language} {cases} ELSE {what('simple')} END"


def query(q: str) -> Words:
    """Return the words as each row's own language reads them."""
    return Words(cleaned(q))


def cleaned(q: str) -> str:
    return q[:200].replace("\x00", "")


def excerpts(items: list[Item], q: str) -> dict[int, SafeString]:
    """Return the piece of each text that has the words, with the words marked, as harmless HTML (one query)."""
    if not q:
        return {item.pk: cut(item.plain) for item in items}
    text = Concat(F("title"), Value("\n"), F("plain"), output_field=TextField())
    rows = Item.objects.filter(pk__in=[item.pk for item in items]).annotate(
        excerpt=SearchHeadline(text, query(q), config=SearchConfig(Dictionary("language")), **OPTIONS)
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
