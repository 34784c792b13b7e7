"""Search over everything that a reader may see: ranked, each text by the dictionary of its own language.

What is in her own partnerships is found by functions of the apps below, each through its own `visible_to(user)`.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchConfig, SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, Q, TextChoices, TextField, Value, When
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
    if user is None or not wanted.q or narrowed:
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
