"""A search as PostgreSQL reads it: any of the words, with the field's synonyms, in every language."""

import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import BooleanField, F, FloatField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.translation import get_language

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
SIMPLE = "simple"
SYNONYMS = Path(__file__).parent / "synonyms"
MOST_CHARACTERS, MOST_WORDS = 200, 16
OF_SYNONYMS = 0.1  # what a synonym counts, beside a word that was typed
UNIT = re.compile(r'-?"[^"]*"|\S+')  # a word, or words between quotation marks
WORD = re.compile(r"[^\W_]+")
READ = """SELECT dictionary, text, websearch_to_tsquery(dictionary::regconfig, text)::text
    FROM unnest(%s::text[], %s::text[]) AS asked(dictionary, text)"""


class QueryField(models.Field):
    """PostgreSQL's type of a search, for casts only."""

    def db_type(self, connection: Any) -> str:
        return "tsquery"


class SearchWords(Func):
    """What a short text is found by, where nobody says its language (a function of migration 0004)."""

    function = "partnerships_search_words"
    output_field = SearchVectorField()


class JoinedWords(Func):
    """Several of them as one."""

    template = "%(expressions)s"
    arg_joiner = " || "
    output_field = SearchVectorField()


class TitleWords(Func):
    """The words of a title (weight A) out of all words of a text. An index may be built on it."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a}')"
    output_field = SearchVectorField()


class Search:
    """What somebody looks for. One statement asks PostgreSQL how its dictionaries read the words."""

    def __init__(self, q: str) -> None:
        self.typed, self.query = queries_of(q)

    @property
    def value(self) -> Cast:
        return Cast(Value(self.query), QueryField())

    def matches(self, vector: str = "search") -> Func:
        """Return the condition that a row has any of the words."""
        return _matches(F(vector), self.value)

    def matches_title(self) -> Func:
        """Return the condition that a title has any of the words (where `matches` holds as well)."""
        return _matches(TitleWords(F("search")), self.value)

    def rank(self, vector: str = "search") -> Combinable:
        """Return how well a row has the words that were typed: more of them, and in the title, is better."""
        return _rank(F(vector), self.typed)

    def rank_with_synonyms(self, vector: str = "search") -> Combinable:
        """Return the same, where synonyms count as well, but less. It is for short lists, since it takes longer."""
        return self.rank(vector) + _rank(F(vector), self.query) * Value(OF_SYNONYMS)


def _matches(vector: F | Func, query: Cast) -> Func:
    return Func(vector, query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())


def _rank(vector: F, query: str) -> Func:
    return Func(vector, Cast(Value(query), QueryField()), function="ts_rank", output_field=FloatField())


def queries_of(q: str) -> tuple[str, str]:
    """Return a search in PostgreSQL's notation, without synonyms and with them.

    Both are empty where there is nothing to look for.

    A text is found by any of the words or their synonyms, in any language, unless it has a word after a minus sign.
    """
    wanted, unwanted = units(q)
    more = synonyms(q)
    asked = {(name, unit) for unit in (*wanted, *unwanted) for name in (*DICTIONARIES.values(), SIMPLE)} | more
    query_by_unit = _as_read(asked)
    own = DICTIONARIES.get((get_language() or "en").split("-")[0], SIMPLE)
    telling = [
        unit for unit in wanted if (own, unit) in query_by_unit
    ] or wanted  # without what is too common in a language
    typed = {query_by_unit[key] for key in asked if key in query_by_unit and key[1] in telling}
    # Words of which a dictionary keeps one only ("left out") ask for their synonyms, and are none themselves.
    meant = {
        query_by_unit[key] for key in more if key in query_by_unit and (" " not in key[1] or "<" in query_by_unit[key])
    }
    refused = {query_by_unit[key] for key in asked if key in query_by_unit and key[1] in unwanted}
    return _any_of(typed, refused), _any_of(typed | meant, refused)


def _any_of(wanted: set[str], refused: set[str]) -> str:
    either = " | ".join(f"( {text} )" for text in sorted(wanted))
    return " & ".join([f"( {either} )", *(f"!( {text} )" for text in sorted(refused))]) if either else ""


def units(q: str) -> tuple[list[str], list[str]]:
    """Return the words that are looked for, and those that must not be there."""
    parts = UNIT.findall(q[:MOST_CHARACTERS].replace("\x00", ""))[:MOST_WORDS]
    unwanted = [part[1:] for part in parts if part.startswith("-") and len(part) > 1]
    return [part for part in parts if not part.startswith("-") and part.lower() != "or"], unwanted


def _as_read(asked: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return how each dictionary reads each of its texts, what it ignores left out (one statement)."""
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(column) for column in zip(*sorted(asked), strict=True)])
        return {(name, text): query for name, text, query in cursor.fetchall() if query}


# --- synonyms of the field


def synonyms(q: str) -> set[tuple[str, str]]:
    """Return what else may be meant, as (dictionary, quoted words): in all languages that know the meaning."""
    typed = " ".join(WORD.findall(q[:MOST_CHARACTERS].lower()))
    meanings = [
        meaning for meaning, texts in _meanings().items() if any(f" {text} " in f" {typed} " for _name, text in texts)
    ]
    return {(name, f'"{text}"') for meaning in meanings for name, text in _meanings()[meaning]}


@cache
def _meanings() -> dict[str, list[tuple[str, str]]]:
    """Return what each meaning is called: (dictionary, words), of all languages (`synonyms/README.md`)."""
    meanings: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(SYNONYMS.glob("*.toml")):
        name = DICTIONARIES.get(path.stem, SIMPLE)
        for meaning, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            meanings[meaning] += [(name, text) for text in texts]
    return dict(meanings)
