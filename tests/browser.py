"""A real Chromium for tests: each person a context of her own, watched for errors and policy violations."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from itertools import product
from typing import Literal
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from django.conf import settings
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests.deep_calls import with_room
from tests.waiting import wait_until

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
AXE_ADDRESS = "/axe-core.js"  # where the test server has it: a page that stays takes it from the browser's cache
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these it asks for hosts outside this machine; the first two let it run as root and without a screen card. The
# last two save time: the tabs of a person share a process, since starting one for each page takes an eighth of a crawl;
# and scripts are not optimised, since a page is left before that pays (axe-core: 190 instead of 215 ms of a processor).
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
    "--js-flags=--no-opt,--no-maglev",
]
# The rules of WCAG 2.2 AA, and of the others those whose breach axe-core calls serious or critical, and those on
# headings and landmarks, by which people without sight find their way. What was passed or did not apply is much longer
# than what is found, and is not read.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OTHERS = (
    *("accesskeys", "aria-dialog-name", "aria-text", "aria-treeitem-name"),
    *("frame-tested", "label-title-only", "tabindex", "empty-heading", "landmark-unique"),
    *("heading-order", "page-has-heading-one", "landmark-one-main", "aria-allowed-role"),
)
RULES = {
    "runOnly": WCAG,
    "rules": {rule: {"enabled": True} for rule in OTHERS},
    "resultTypes": ["violations"],
    "preload": False,  # no rule of these reads the style sheets' text
}
VIOLATIONS = """async (rules) => (await axe.run(document, rules)).violations.flatMap(({id, impact, nodes}) =>
  nodes.map(({html, failureSummary}) => `${id} (${impact}): ${html} ${failureSummary}`))"""
HOME = ("localhost", "127.0.0.1")
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)  # its own 5 s are short on a machine that runs other tests beside this one


class Requests:
    """How many requests the site works on at this moment.

    Not counted by Django's signals: of a connection that the browser broke off the end is never told.
    """

    def __init__(self) -> None:
        self.running, self.lock = 0, threading.Lock()

    def counted(self, application: Callable) -> Callable:
        def answer(environ, start_response):
            self.add(1)
            try:
                return with_room(application, environ, start_response)
            finally:
                self.add(-1)

        return answer

    def add(self, change: int) -> None:
        with self.lock:
            self.running += change


REQUESTS = Requests()


def with_axe(application: Callable) -> Callable:
    """Let the site answer with axe-core at an address of its own."""
    source = AXE.read_bytes()
    headers = [
        ("Content-Type", "text/javascript"),
        ("Content-Length", str(len(source))),
        ("Cache-Control", "max-age=3600"),
    ]

    def answer(environ, start_response):
        if environ["PATH_INFO"] != AXE_ADDRESS:
            return application(environ, start_response)
        start_response("200 OK", headers)
        return [source]

    return answer


@pytest.fixture(scope="session")
def live_server(django_db_setup) -> Iterator[LiveServer]:
    """The site on this test's database, with static files as in production: WhiteNoise, hashed names, no `DEBUG`."""
    server = LiveServer("localhost", start=False)
    # Its answers leave in two packets; each second one waited 40 ms until the first was acknowledged.
    QuietWSGIRequestHandler.disable_nagle_algorithm = True
    # Neither static nor media files of the test server.
    server.thread.static_handler = lambda media: REQUESTS.counted(with_axe(media.application))
    server.start()
    yield server
    server.stop()


def program() -> str:
    """Return the Chromium of this machine."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("No Chromium was found: run `make chromium`, or name one: CHROMIUM=/path", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=QUIET)
        yield browser
        browser.close()


class Watch:
    """What went wrong in the pages of one test. A test that expects an error takes it out: `watch.expect("403")`."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: list[str] = []

    def add(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("request", self.follow)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.location.get('url')}: {message.text}")

    def follow(self, request: Request) -> None:
        """No page asks anything of another host than the site's own."""
        if urlsplit(request.url).hostname not in (*HOME, None):  # None: what is in the page itself (data:, blob:)
            self.problems.append(f"{request.frame.url}: asks {request.url}")

    def expect(self, words: str) -> None:
        """Fail unless a problem with these words was seen; forget it, and those that a page still sends after it."""
        found = [problem for problem in self.problems if words in problem]
        assert found, f"No problem with {words!r} among {self.problems}"
        self.expected.append(words)

    def unexpected(self) -> list[str]:
        return [problem for problem in self.problems if not any(words in problem for words in self.expected)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Console errors, script errors and policy violations; any that is left fails the test."""
    watch = Watch()
    yield watch
    assert not watch.unexpected(), watch.unexpected()


NewPage = Callable[..., Page]


def on_phone_and_desk(page: Page, *schemes: Literal["light", "dark"]) -> Iterator[str]:
    """Show the open page on a phone and on a desk, in each scheme, one after the other, and say what is shown."""
    page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another
    for width, scheme in product((360, 1280), schemes):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        yield f"{page.url} on {width} px, {scheme}"


@pytest.fixture
def new_page(live_server: LiveServer, browser: Browser, watch: Watch) -> Iterator[NewPage]:
    """Open a browser of one more person: `new_page()`, `new_page(user)` signed in, `new_page(width=360)`."""
    contexts: list[BrowserContext] = []

    def open_page(user=None, width: int = 1280, height: int = 900, **options) -> Page:
        options = {"locale": "en-GB", "viewport": {"width": width, "height": height}} | options
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", watch.add)
        if user is not None:
            sign_in(context, user, live_server.url)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    # Pages ask in the background; what is still answered would deadlock with the emptying of the tables.
    wait_until(lambda: not REQUESTS.running, what="no request is answered any more")


def sign_in(context: BrowserContext, user, url: str) -> None:
    """Give a browser the session of a person, without the pages of signing in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url, "httpOnly": True}])


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A browser of somebody who is not signed in."""
    return new_page()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """Return what axe-core finds in a page against its `RULES`."""
    source = {"expression": AXE.read_text(), "silent": True}
    sessions: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()

    def look(page: Page) -> list[str]:
        if page.evaluate("typeof axe === 'undefined'"):
            # The protocol is not bound by the page's policy; Playwright's own evaluation takes twice as long. A session
            # stays open, since with the end of one a page loses its pretended passkey device.
            if page not in sessions:
                sessions[page] = page.context.new_cdp_session(page)
            sessions[page].send("Runtime.evaluate", source)
        return page.evaluate(VIOLATIONS, RULES)

    return look
