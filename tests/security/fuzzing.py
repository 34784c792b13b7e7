"""One field of an accepted payload is changed at a time: no answer is a 500, and who is refused changed no row.

`POSTS` of each module beside this one names, for every URL that takes posts, who may and what is sent. A payload begins
with the form that the page itself shows to that person; `data` fills what is empty there and adds what has no form.
The fuzz checks first that the site accepts the payload: it answers with success, and a row changes or `shows` is shown.
Where a payload needs more than the set-up of the whole table, `state` names the function that brings this about.
At last all fields are empty or absurd at once, in another language: no error is in the English of a library.
"""

import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from itertools import combinations, product
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.messages import WARNING, get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from tests.english import OTHERS, in_english
from tests.flush import empty_caches
from tests.security import secondstep
from tests.worlds import counts

FORM = "application/x-www-form-urlencoded"
ACCEPTED = {200, 201, 202, 204, 302, 303}
REFUSED = {401, 403, 404, 405}
NOT_OURS = {"django_session"}  # what a browser was told; nobody's answer is in it


@dataclass(frozen=True)
class Scene:
    """What a state starts from: people and their browsers by letter, the codes, and what the test has made."""

    people: Mapping[str, Any]
    browsers: Mapping[str, Client]
    addresses: Mapping[str, str]
    codes: Mapping[str, Any]
    cast: Any = None
    assessment: Any = None


State = Callable[[Scene], Mapping[str, Any] | None]  # returns codes, and addresses as `at` names them


def at(app: str, *codes: Any, names: Iterable[str]) -> dict[str, str]:
    """Return where posts go instead, by “at” and the name of the URL."""
    return {f"at {name}": reverse(f"{app}:{name}", args=codes) for name in names}


@dataclass(frozen=True)
class Post:
    """Who may post (a letter of the module's people) and what, `{…}` filled from the codes of the set-up.

    `page`: where the form is, if not at the same address. `sends`: "form", "json" or "file". `shows`: words of the
    answer (its headers, its cookies, its text) that show success where no row changes. `state`: brings about what the
    payload needs beyond the set-up of the whole table.
    """

    who: str
    data: Mapping[str, Any] = field(default_factory=dict)
    page: str = ""
    sends: str = "form"
    shows: str = ""
    state: State | None = None


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


MORE_WORDS: tuple[str | bytes, ...] = (
    *("0", "NaN", "1e999", "٣", "2026-02-30", "{}", "[]", "null", "../../etc/passwd", "' OR 1=1 --", "\r\nX: y"),
    *("😀" * 99, "[[]" * 9),
)


ROWS = 3  # as many numbered fields of one name are rows of a form; `password1` and `password2` are two fields


def field_of(name: str) -> str:
    """Return the name of a field without the number of its row."""
    return re.sub(r"\d+", "#", name)


def thorough() -> bool:
    """Say whether `make fuzz` asks for more values and for pairs of wrong fields."""
    return os.environ.get("FUZZ") == "all"


def changed(valid: Mapping[str, Any], sends: str, foreign: str) -> Iterator[tuple[str, Any]]:
    """Yield payloads that differ from a valid one in one field, each with what was done to it.

    Of a field that stands in several rows, the first row gets all wrong values, each further one one of them.
    """
    rows, tried = Counter(map(field_of, valid)), set()
    for name, right in valid.items():
        field_name = field_of(name)
        yield f"{name} missing", {other: value for other, value in valid.items() if other != name}
        wrong = wrong_values(right, sends, foreign)
        if rows[field_name] >= ROWS and field_name in tried:
            wrong = list(chosen(tuple(wrong), name, most=1))
        tried.add(field_name)
        yield from ((f"{name} = {value!r:.40}", dict(valid) | {name: value}) for value in wrong)
    if thorough():
        yield from pairs(valid, sends, foreign)


def wrong_values(right: Any, sends: str, foreign: str) -> list[Any]:
    """Return what is sent instead of a right value; with `make fuzz`, more."""
    if sends == "json":
        return [*THINGS, foreign, *(MORE_WORDS if thorough() else ())]
    if isinstance(right, bytes):
        return [*FILES, "words"]
    return [*([value] for value in (*WORDS, *(MORE_WORDS if thorough() else ()))), [*right, foreign]]


def pairs(valid: Mapping[str, Any], sends: str, foreign: str) -> Iterator[tuple[str, Any]]:
    """Yield payloads in which two fields are wrong at once."""
    for one, other in combinations(valid, 2):
        wrong, behind = (wrong_values(valid[name], sends, foreign) for name in (one, other))
        for first, second in zip(wrong, reversed(behind), strict=False):
            yield f"{one} = {first!r:.40}, {other} = {second!r:.40}", dict(valid) | {one: first, other: second}


def chosen(values: tuple, name: str, most: int = 2) -> tuple:
    """Return some of the values, other ones for another field; all of them with `make fuzz`."""
    if thorough():
        return values
    first = zlib.crc32(name.encode()) % len(values)
    return (values + values)[first : first + most]


BODIES = (b"", b"[]", b"null", b'"\\ud800"', b"[" * 50_000, b"{\x00", b'{"a": NaN}', b"\xff\xff")


def as_file(value: bytes) -> SimpleUploadedFile:
    """Return bytes as an upload, with the name that they look like."""
    return SimpleUploadedFile("a.zip" if value.startswith(b"PK") else "a.txt", value)


def send(client: Client, address: str, sends: str, data: Any, language: str = "en"):
    """Post as a browser or a program would, for a reader of this language."""
    post = partial(client.post, address, headers={"Accept-Language": language})
    if sends == "json":
        return post(json.dumps(data), content_type="application/json")
    if sends == "file":
        return post({name: as_file(value) if isinstance(value, bytes) else value for name, value in data.items()})
    return post(urlencode(data, doseq=True), content_type=FORM)


@contextmanager
def undoing(*clients: Client) -> Iterator[None]:
    """Leave rows and the cookies of browsers as they were before."""
    cookies = [deepcopy(client.cookies) for client in clients]
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for client, before in zip(clients, cookies, strict=True):
        client.cookies = before


def undone(client: Client, act: Callable[[], Any]) -> Any:
    """Return what an act answers; its rows and the browser's cookies are as before."""
    with undoing(client):
        return act()


def tried(client: Client, act: Callable[[], Any]) -> tuple[Any, set[str]]:
    """Return what an act answers, and the tables whose rows it changed; it is undone."""
    before, seen = counts(), {}

    def looked_at() -> Any:
        given = act()
        tables = [table for table, rows in counts().items() if rows != before.get(table, 0)]
        seen.update({table: digest([table]) for table in tables})
        return given

    given = undone(client, looked_at)
    return given, {table for table, now in seen.items() if digest([table]) != now}


def browsers(people: Mapping[str, Any]) -> dict[str, Client]:
    """Return a browser of each person, signed in; they share what loads the middleware, which takes long."""
    opened = {who: Client(raise_request_exception=False) for who in people}
    shared = ClientHandler(enforce_csrf_checks=False)
    for who, user in people.items():
        opened[who].handler = shared
        if user is not None:
            sign_in = secondstep.sign_in if user.is_staff else secondstep.sign_in_now
            sign_in(opened[who], user)
    return opened


def payload(post: Post, client: Client, address: str, codes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent as it is right: what the form has, and of `data` what it lacks."""
    filled = {fill(name, codes): fill(value, codes) for name, value in post.data.items()}
    if post.sends == "json":
        return filled
    shown = form_on(client, fill(post.page, codes) or address, address, filled)
    known = {name: value for name, value in shown.items() if name not in filled}
    return known | {name: value if isinstance(value, bytes | list) else [value] for name, value in filled.items()}


def fill(value: Any, codes: Mapping[str, Any]) -> Any:
    """Return the code that a value names as `{name}`; any other value as it is."""
    named = isinstance(value, str) and value[:1] + value[-1:] == "{}" and value[1:-1]
    return codes[named] if named else value


def all_faults(
    posts: Mapping[str, Post],
    people: Mapping[str, Any],
    addresses: Mapping[str, str],
    codes: Mapping[str, Any],
    **made: Any,
) -> str:
    """Return what went wrong, a line each; a name may have words behind it, for a second payload of one URL."""
    found, scene = [], Scene(people, browsers(people), addresses, codes, **made)
    for name, post in posts.items():
        url = name.split()[0]
        empty_caches()  # nothing in them is of a state that is undone
        with undoing(*scene.browsers.values()):
            brought = (post.state and post.state(scene)) or {}
            address = brought.get(f"at {url}", addresses[url])
            found += [f"{name}: {line}" for line in faults(post, scene.browsers, address, {**codes, **brought})]
    return "\n".join(found)


def faults(post: Post, opened: Mapping[str, Client], address: str, codes: Mapping[str, Any]) -> list[str]:
    """Return what went wrong at one URL."""
    client = opened[post.who]
    valid = undone(client, lambda: payload(post, client, address, codes))
    answers = {
        who: tried(other, lambda other=other: send(other, address, post.sends, valid)) for who, other in opened.items()
    }
    found = [*not_accepted(post, valid, *answers[post.who]), *_left_behind(answers)]
    found += [f"{what}: 500" for what, status in _statuses(post, client, address, valid, codes) if status >= 500]
    return found + [f"in English: {line}" for line in _left_in_english(post, client, address, valid)]


def not_accepted(post: Post, valid: dict, response: Any, wrote: set[str]) -> list[str]:
    """Return why the payload as it is was not accepted."""
    form = (response.context or {}).get("form")
    said = [message for message in get_messages(response.wsgi_request) if message.level >= WARNING]
    seen = post.shows in shown(response) if post.shows else bool(wrote - NOT_OURS)
    accepted = response.status_code in ACCEPTED and seen and not said and not (form and form.errors)
    if accepted:
        return []
    why = f"{form and form.errors}, {[str(message) for message in said]}, wrote {sorted(wrote)}"
    return [f"the payload as it is was not accepted: {response.status_code}, {why}; sent {valid!r:.300}"]


def shown(response: Any) -> str:
    """Return the headers, the cookies and the text of an answer."""
    text = "" if response.streaming else response.content.decode(errors="replace")
    return f"{response.headers}\n{response.cookies.output()}\n{text}"


def _statuses(post: Post, client: Client, address: str, valid: dict, codes: Mapping[str, Any]) -> Iterator[tuple]:
    for what, data in changed(valid, post.sends, codes["foreign"]):
        yield what, undone(client, lambda data=data: send(client, address, post.sends, data).status_code)
    for body in BODIES if post.sends == "json" else BODIES[:3]:
        answer = undone(client, lambda body=body: client.post(address, body, "application/json"))
        yield f"body {body!r:.20}", answer.status_code


def _left_in_english(post: Post, client: Client, address: str, valid: dict) -> Iterator[str]:
    """Yield what the errors of an empty and of an absurd form say in the English of a library.

    Each form is read in one language, another form in another; with `make fuzz`, in all.
    """
    for language, value in product(chosen(tuple(OTHERS), " ".join(valid), most=1), ("", ODD)):
        data = dict.fromkeys(valid, value)
        answer = undone(client, lambda data=data, to=language: send(client, address, post.sends, data, to))
        yield from (f"{language}, {value!r:.9}: {text}" for text in in_english(shown(answer), language))


def _left_behind(answers: Mapping[str, tuple[Any, set[str]]]) -> list[str]:
    """Return who was refused and changed a row all the same."""
    wrote = {who: response for who, (response, tables) in answers.items() if tables - NOT_OURS}
    return [f"{who} was refused and changed rows" for who, response in wrote.items() if _no(who, response)]


def _no(who: str, response: Any) -> bool:
    """Say whether a person was refused: by the status, or by being sent to sign in."""
    sent_away = who == "a" and response.headers.get("Location", "").startswith("/accounts/login/")
    return response.status_code in REFUSED or sent_away


def digest(tables: Iterable[str] = ()) -> str:
    """Return a digest of all rows of some tables, or of all."""
    tables = tables or sorted(set(connection.introspection.table_names()) - NOT_OURS)
    rows = " UNION ALL ".join(
        f"SELECT '{table}' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS line FROM \"{table}\" t"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(line, ',' ORDER BY line)) FROM ({rows}) AS lines")  # noqa: S608
        return cursor.fetchone()[0]
