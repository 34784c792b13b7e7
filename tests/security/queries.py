"""Whatever stands behind the question mark of an address: no 500, no row changes, nothing comes back unescaped.

Which parameters an address takes is not written down here: what a view asks of `request.GET` is noted while it answers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from tests.security.fuzzing import browsers, chosen, digest

MARK = "fuz!\"'><fuzz{{7|add:7}}--;"
# As they stand in an address, percent signs and all.
TEXTS = (
    *("", "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%", "%zz", "-1", "0", "9" * 19, "9" * 5000, "1e999", "NaN"),
    *map(quote, ("²", "٣", "१२", "\u202e\ufffe", "[", "{'a': 1}", "..%2f..%2fetc/passwd", "2026-02-30", MARK)),
    *("x" * 20_000, quote("' OR 1=1 --"), quote("1;SELECT pg_sleep(9)"), quote("%_\\"), quote("a & ! b | ( :* <-> '")),
)
PLACES = tuple(
    quote(place, safe="")
    for place in (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:fuzz()",
        "\tjavascript:fuzz()",
    )
)
LURES = re.compile(
    r"""(?:href|src|action|hx-get|hx-post)=["']?\s*(?:https?:)?(?:/|\\)*(?:evil\.example|javascript:fuzz)"""
)
EVERYWHERE = {"lang"}  # asked of every page; tried at one of them
PREFERRED = "flmwrvogesa"


class Noted(QueryDict):
    """The parameters of an address, which keep what was asked of them."""

    read: set[str] = set()

    def __getitem__(self, key):
        self.note(key)
        return super().__getitem__(key)

    def getlist(self, key, default=None):
        self.note(key)
        return super().getlist(key, default)

    def __contains__(self, key):
        self.note(key)
        return super().__contains__(key)

    def note(self, key) -> None:
        if not self._mutable:  # as it is while it is filled, and where a view has a copy
            self.read.add(key)


@pytest.fixture
def noted(monkeypatch) -> set[str]:
    """Return the set that fills with the names of parameters that views ask for."""
    read: set[str] = set()
    kind = type("Noted", (Noted,), {"read": read})
    made = property(lambda self: self.__dict__.setdefault("GET", kind(self.environ.get("QUERY_STRING", ""))))
    monkeypatch.setattr(WSGIRequest, "GET", made)
    return read


def query_faults(
    pages: Mapping[str, Mapping[str, int]], people: Mapping[str, Any], addresses: Mapping[str, str], noted: set[str]
) -> tuple[dict[str, set[str]], str]:
    """Return which parameters each address reads, and what went wrong, a line each.

    `pages`: by name, what each person (a letter) is answered; one who gets in asks.
    """
    opened, names, found = browsers(people), {}, []
    for page, statuses in pages.items():
        who = next((one for one in PREFERRED if one in people and statuses.get(one) in (200, 204)), None)
        if who is None:
            continue
        with transaction.atomic():
            names[page] = _names(opened[who], addresses[page], noted)
            before = digest() if names[page] else ""
            found += [f"{page}: {line}" for line in _faults(opened[who], addresses[page], names[page], noted)]
            if names[page] and digest() != before:
                found.append(f"{page}: rows changed")
            transaction.set_rollback(True)
    return {page: read for page, read in names.items() if read}, "\n".join(found)


def _names(client: Client, address: str, noted: set[str]) -> set[str]:
    noted.clear()
    client.get(f"{address}?nothing=1")
    return set(noted) - EVERYWHERE


def _faults(client: Client, address: str, names: set[str], noted: set[str]) -> Iterator[str]:
    new = set(names)
    while new:
        noted.clear()
        for query in _queries(address, new):
            if fault := wrong_with(client.get(f"{address}?{query}")):
                yield f"?{query:.80}: {fault}"
        new = set(noted) - EVERYWHERE - names  # asked for only once others are there
        names |= new


def _queries(address: str, names: set[str]) -> Iterator[str]:
    """Yield some values for all parameters at once, other ones at another address, and one for each parameter alone."""
    for value in (*chosen(TEXTS, address, 2), *chosen(PLACES, address, 1), quote(MARK)):
        yield "&".join(f"{name}={value}" for name in sorted(names))
    yield "&".join(f"{name}=1&{name}=2&{name}[]=3&{name}[a]=4&{quote(MARK)}=5" for name in sorted(names))
    if len(names) > 2:
        yield from (f"{name}={value}" for name in sorted(names) for value in chosen(TEXTS, name, 1))


def wrong_with(response) -> str:
    """Return what is wrong with an answer to a hostile address, or nothing."""
    if response.status_code >= 500:
        return str(response.status_code)
    if urlsplit(response.headers.get("Location", "").replace("\\", "/")).netloc not in ("", "testserver"):
        return f"leads to {response.headers['Location']}"
    if response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return ""
    text = response.content.decode()
    if "<fuzz" in text or 'fuz!"' in text:
        return "comes back unescaped"
    return "leads astray" if LURES.search(text) else ""
