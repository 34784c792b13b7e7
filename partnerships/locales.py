"""What each language has its own way for: lists, names of countries, of languages and of currencies.

Babel knows them from the Unicode CLDR; the catalogues need not say them.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Literal

import pycountry
from babel import Locale
from babel.lists import format_list
from django.utils import translation

Style = Literal["standard", "or"]


def current() -> Locale:
    return _locale(translation.get_language() or "en")


@cache
def _locale(code: str) -> Locale:
    return Locale.parse({"en": "en-GB"}.get(code, code), sep="-")


def listed(things: Iterable[object], style: Style = "standard") -> str:
    """Return things as the reader's language lists them: "A, B and C", or "A, B or C"."""
    return format_list([str(thing) for thing in things], style, current())


def isolated(text: object) -> str:
    """Keep what somebody wrote, such as a decision in another script, from mixing with the line around it.

    The Unicode isolates, so that pages, mails, charts and PDFs get the same; a template writes `<bdi>`.
    """
    text = str(text)
    if translation.get_language_bidi() or (not text.isascii() and any(map(_right_to_left, text))):
        return f"\u2068{text}\u2069"
    return text


def _right_to_left(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL")


def language_name(code: str) -> str:
    """Return what the reader's language calls a language, for sentences. A label says each by its own name."""
    return current().languages.get(code, code)


def country_name(code: str) -> str:
    return current().territories.get(code, code)


def countries() -> list[tuple[str, str]]:
    """Return ISO 3166 countries as (code, name) in the reader's language, by name."""
    return list(_countries(translation.get_language() or "en"))


@cache
def _countries(code: str) -> tuple[tuple[str, str], ...]:
    names = _locale(code).territories
    pairs = ((country.alpha_2, names.get(country.alpha_2, country.name)) for country in pycountry.countries)
    return tuple(sorted(pairs, key=lambda pair: _sort_key(pair[1])))


def currencies() -> list[tuple[str, str]]:
    """Return ISO 4217 currencies as (code, "code – name") in the reader's language, by code."""
    names = current().currencies
    codes = sorted(currency.alpha_3 for currency in pycountry.currencies)
    return [(code, f"{code} – {names[code]}") for code in codes if code in names]


def browser_locale() -> str:
    """Return the locale in which scripts write dates and numbers: British English, and Latin digits everywhere."""
    language = translation.get_language() or "en"
    return f"{'en-GB' if language == 'en' else language}-u-nu-latn"


def _sort_key(name: str) -> str:
    """Return what a name is sorted by: accents and the hamza of an alef come after all else."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold() + "\0" + name


def country_code(typed: str) -> str:
    """Return the code of a country by its name in the reader's language or in English, or by its code; else nothing."""
    return _codes(translation.get_language() or "en").get(_folded(typed), "")


@cache
def _codes(code: str) -> dict[str, str]:
    names = {_folded(name): alpha for language in ("en", code) for alpha, name in _countries(language)}
    return {alpha.casefold(): alpha for alpha, _name in _countries("en")} | names


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", " ".join(name.split()))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
