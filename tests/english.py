"""English texts of the libraries that a language of this site has no words for."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import allauth
import django
from babel.messages import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
# Every catalogue of a library has all its texts, also where it has no words for them. The library of accounts has no
# English one.
CATALOGUES = (
    Path(django.__file__).parent / "conf/locale/en",
    Path(django.__file__).parent / "contrib/auth/locale/en",
    Path(django.__file__).parent / "contrib/postgres/locale/en",
    Path(allauth.__file__).parent / "locale/de",
)
FILLED_IN = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
FEWEST = 12  # letters of a text that is looked for; shorter ones may be words of another language, or names


@cache
def texts() -> tuple[Message, ...]:
    """Return all texts of the libraries, in English."""
    files = [(path / "LC_MESSAGES/django.po").read_bytes() for path in CATALOGUES]
    found = [one for file in files for one in read_po(file.splitlines(keepends=True)) if one.id]
    return tuple(one for one in found if len(FILLED_IN.sub("", _first(one))) >= FEWEST)


def _first(text: Message) -> str:
    return text.id if isinstance(text.id, str) else text.id[0]


def _said(text: Message) -> Iterator[tuple[str, str]]:
    """Yield a text, and what a page says in the active language; for a text with numbers, for one and for many."""
    if isinstance(text.id, str):
        yield text.id, translation.pgettext(text.context, text.id) if text.context else translation.gettext(text.id)
    else:
        yield from ((form, translation.ngettext(*text.id, n)) for form, n in zip(text.id, (1, 1000), strict=True))


@cache
def left_in_english(language: str) -> re.Pattern[str]:
    """Return a pattern of all texts that a page in this language would say in English."""
    with translation.override(language):
        left = {english for text in texts() for english, said in _said(text) if said == english}
    return re.compile("|".join(sorted(".*".join(map(re.escape, FILLED_IN.split(text))) for text in left)) or "(?!)")


def in_english(page: str, language: str) -> list[str]:
    """Return what a page, or a text of it, says in the English of a library."""
    return left_in_english(language).findall(unescape(page))
