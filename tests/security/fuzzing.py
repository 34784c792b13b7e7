"""One field of a valid payload is changed at a time: no answer is a 500, and who is refused changed no row.

`POSTS` of each module beside this one names, for every URL that takes posts, who may and what is sent. A payload begins
with the form that the page itself shows to that person; `data` fills what is empty there and adds what has no form.
"""

import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from tests.security import secondstep

FORM = "application/x-www-form-urlencoded"
REFUSED = {401, 403, 404, 405}
NOT_OURS = {"django_session"}  # what a browser was told; nobody's answer is in it


@dataclass(frozen=True)
class Post:
    """Who may post (a letter of the module's people) and what, `{…}` filled from the codes of the set-up.

    `page`: where the form is, if not at the same address. `sends`: "form", "json" or "file". `status`: what the payload
    as it is answers, where it is not taken (below 400 otherwise).
    """

    who: str
    data: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    sends: str = "form"
    status: int = 0


class Forms(HTMLParser):
    """What a browser would send of each form of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.fields: dict[str, list[str]] = {}
        self.select, self.area, self.offered = "", "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.fields = {}
            if given.get("method", "").lower() == "post":
                self.forms.append((urlsplit(given.get("action", "")).path, self.fields))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and value and ("selected" in given or self.select not in self.fields):
            self.fields[self.select] = [value]
        elif tag == "textarea":
            self.area, self.fields[name] = name, [""]
        elif tag in ("input", "button") and name not in ("", "csrfmiddlewaretoken") and given.get("type") != "file":
            chosen = given.get("type") not in ("radio", "submit") or "checked" in given or name not in self.fields
            if chosen:
                self.fields[name] = [value or ("on" if given.get("type") == "checkbox" else "")]

    def handle_endtag(self, tag) -> None:
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] = [self.fields[self.area][0] + data.lstrip("\n")]


def form_on(client: Client, page: str, address: str, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the fields of the form for an address on a page: of several, of the one that asks for most of the data."""
    response = client.get(page)
    if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
        return {}
    forms = Forms(response.content.decode()).forms
    there = [fields for action, fields in forms if action in ("", urlsplit(address).path)]
    return max(there, key=lambda fields: len(fields.keys() & data.keys()), default={})


ODD = "=1+1{{ 7|add:7 }}{% load x %}'\";--%s<script>\u202e\ufffe"
WORDS: tuple[str | bytes, ...] = (
    *("", "x" * 70_000, "-1", "9" * 5000, "²", "a\x00b", b"\xed\xa0\x80", "[" * 20_000, ODD),
    '{"version": 1e999, "a": [null, {}]}',
)
THINGS: tuple[Any, ...] = (
    *(None, "x" * 70_000, -1, 10**30, float("inf"), 1.5, True, "a\x00b", "\ud800", [None], {"a": [1]}, ODD),
)
FILES = (
    b"",
    b"PK\x03\x04broken",
    b"\xff\xfe\x00",
    b"=1+1,\x00\n",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
)


def changed(valid: Mapping[str, Any], sends: str, foreign: str) -> Iterator[tuple[str, Any]]:
    """Yield payloads that differ from a valid one in one field, each with what was done to it."""
    for name, right in valid.items():
        rest = {other: value for other, value in valid.items() if other != name}
        yield f"{name} missing", rest
        if sends == "json":
            wrong: list = [*chosen(THINGS, name), foreign]
        elif isinstance(right, bytes):
            wrong = [*FILES, "words"]
        else:
            wrong = [[value] for value in chosen(WORDS, name)] + [[*right, foreign]]
        yield from ((f"{name} = {value!r:.40}", rest | {name: value}) for value in wrong)


def chosen(values: tuple, name: str, most: int = 2) -> tuple:
    """Return some of the values, other ones for another field; all of them with FUZZ=all."""
    if os.environ.get("FUZZ") == "all":
        return values
    first = zlib.crc32(name.encode()) % len(values)
    return (values + values)[first : first + most]


BODIES = (b"", b"[]", b"null", b'"\\ud800"', b"[" * 50_000, b"{\x00", b'{"a": NaN}', b"\xff\xff")


def send(client: Client, address: str, sends: str, data: Any):
    """Post as a browser or a program would."""
    if sends == "json":
        return client.post(address, json.dumps(data), content_type="application/json")
    if sends == "file":
        files = {
            name: SimpleUploadedFile("a.zip", value) if isinstance(value, bytes) else value
            for name, value in data.items()
        }
        return client.post(address, files)
    return client.post(address, urlencode(data, doseq=True), content_type=FORM)


def undone(act: Callable[[], Any]) -> Any:
    with transaction.atomic():
        given = act()
        transaction.set_rollback(True)
    return given


def browsers(people: Mapping[str, Any]) -> dict[str, Client]:
    """Return a browser of each person, signed in."""
    opened = {who: Client(raise_request_exception=False) for who in people}
    for who, user in people.items():
        if user is not None:
            sign_in = secondstep.sign_in if user.is_staff else Client.force_login
            sign_in(opened[who], user)
    return opened


def payload(post: Post, client: Client, address: str, codes: Mapping[str, str]) -> dict[str, Any]:
    """Return what is sent as it is right: what the form has, and of `data` what it lacks."""
    filled = {name: fill(value, codes) for name, value in post.data.items()}
    if post.sends == "json":
        return filled
    shown = form_on(client, fill(post.page, codes) or address, address, filled)
    known = {name: value for name, value in shown.items() if name not in filled}
    return known | {name: value if isinstance(value, bytes | list) else [value] for name, value in filled.items()}


def fill(value: Any, codes: Mapping[str, str]) -> Any:
    return (
        value.format_map(codes) if isinstance(value, str) and value.startswith("{") and value[1:2].isalpha() else value
    )


def all_faults(
    posts: Mapping[str, Post], people: Mapping[str, Any], addresses: Mapping[str, str], codes: Mapping[str, str]
) -> str:
    """Return what went wrong, a line each; a name may have words behind it, for a second payload of one URL."""
    found = []
    for name, post in posts.items():
        found += [f"{name}: {line}" for line in faults(post, people, addresses[name.split()[0]], codes)]
    return "\n".join(found)


def faults(post: Post, people: Mapping[str, Any], address: str, codes: Mapping[str, str]) -> list[str]:
    """Return what went wrong at one URL."""
    opened = browsers(people)
    client = opened[post.who]
    valid = undone(lambda: payload(post, client, address, codes))
    found = [f"{what}: 500" for what, status in _statuses(post, client, address, valid, codes) if status >= 500]
    response = undone(lambda: send(client, address, post.sends, valid))
    status, form = response.status_code, (response.context or {}).get("form")
    if status != post.status and (post.status or status >= 400):
        found.append(f"the payload as it is: {status}, {form and form.errors}; sent {valid!r:.300}")
    return found + _left_behind(post, opened, address, valid)


def _statuses(post: Post, client: Client, address: str, valid: dict, codes: Mapping[str, str]) -> Iterator[tuple]:
    for what, data in changed(valid, post.sends, codes["foreign"]):
        yield what, undone(lambda data=data: send(client, address, post.sends, data).status_code)
    for body in BODIES if post.sends == "json" else BODIES[:3]:
        yield f"body {body!r:.20}", undone(lambda body=body: client.post(address, body, "application/json").status_code)


def _left_behind(post: Post, opened: Mapping[str, Client], address: str, valid: dict) -> list[str]:
    """Return who was refused, if one of them changed a row all the same; what the others did is taken back."""
    refused = []
    with transaction.atomic():
        before = digest()
        for who, client in opened.items():
            point = transaction.savepoint()
            response = send(client, address, post.sends, valid)
            sent_away = who == "a" and response.headers.get("Location", "").startswith("/accounts/login/")
            if response.status_code in REFUSED or sent_away:
                refused.append(who)
                transaction.savepoint_commit(point)
            else:
                transaction.savepoint_rollback(point)
        changed_rows = digest() != before
        transaction.set_rollback(True)
    return [f"one of {refused} was refused and changed rows"] if changed_rows else []


def digest() -> str:
    """Return a digest of all rows of all tables."""
    tables = sorted(set(connection.introspection.table_names()) - NOT_OURS)
    rows = " UNION ALL ".join(
        f"SELECT '{table}' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS line FROM \"{table}\" t"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(line, ',' ORDER BY line)) FROM ({rows}) AS lines")  # noqa: S608
        return cursor.fetchone()[0]
