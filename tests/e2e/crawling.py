"""Opening pages one after the other on a phone, and keeping what is wrong with each."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page

from tests.e2e.looks import (
    DESK,
    PARSED,
    PHONE,
    close_language,
    closely,
    english,
    english_among,
    read_language,
    speaks,
    too_wide,
)

WIDTH = PHONE
NOT_PAGES = {
    # Answer with 403, and are looked at once (test_every_page.py).
    "openid_connect_callback",
    "partnerships:take_second_step",
    # polls, which answer a piece of a page or that there is nothing new
    "assessments:status",
    "assessments:session-state",
    "assessments:caucus-state",
    "assessments:dashboard-state",
    "assessments:dashboard-figures",
    "example-figures",
    "assessments:report-state",
    "assessments:iati-state",
    "assessments:share-state",
    "community:paper-files",
    # what a phone keeps, to draw pages by itself
    "assessments:rate-sheet",
    "assessments:rater-shell",
    "assessments:rater-worker",
    "assessments:rater-manifest",
    "assessments:laptop-sheet",
    "assessments:laptop-worker",
    # pictures, files and feeds
    "partnerships:qr",
    "assessments:report-pdf",
    "assessments:share-file",
    "assessments:kept-report",
    "assessments:report-data",
    "assessments:report-workbook",
    "assessments:import-template",
    "assessments:import-example",
    "assessments:dates",
    "assessments:fieldwork-paper",
    "assessments:print-kit",
    "assessments:fieldwork-xlsform",
    "assessments:my-form-paper",
    "assessments:my-form-sheet",
    "catalogue",
    # for programs
    "api-nowhere",
    "security-txt",
    "community:download",
    "community:evidence-file",
    "community:paper-file",
    "community:feed",
    "mfa_download_recovery_codes",
    # what a script asks when somebody uses a passkey
    "mfa_login_webauthn",
    # answers to a press only
    "usersessions_end",
    # redirects
    "assessments:begin",
    "partnerships:workspace",
    "community:item",
}

REFUSALS = {"openid_connect_callback": 403}  # pages that say why something was refused


def name_of(path: str) -> str:
    """Return the name of the URL that a path belongs to, or the path."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


def in_language(url: str, language: str) -> str:
    """Return the address that asks for a page in a language; `wait`: no service worker's page instead."""
    bare = url.partition("#")[0]
    return f"{bare}{'&' if '?' in bare else '?'}lang={language}&wait"


def status(url: str, answered: int | None) -> list[str]:
    """Return what is wrong with the status that a page answered with."""
    right = REFUSALS.get(name_of(urlsplit(url).path), 200)
    return [] if answered == right else [f"status {answered}"]


class Crawl:
    """What was seen so far, and what was wrong with it."""

    def __init__(self, axe: Callable[..., list[str]]) -> None:
        self.axe = axe
        self.beside: dict[BrowserContext, Page] = {}
        self.looked: set[str] = set()
        self.visited: set[str] = set()
        self.faults: dict[str, list[str]] = {}

    def visit(self, page: Page, path: str, name: str, state: str = "") -> None:
        """Open a page; `state` tells apart what it shows at other stages."""
        response = page.goto(path)
        faults = [] if response and response.status == 200 else [f"status {response and response.status}"]
        if response and not response.headers["content-type"].startswith("text/html"):
            faults.append(response.headers["content-type"])
        self.keep(path, faults)
        self.look(page, name, state)

    def look(self, page: Page, name: str, state: str = "") -> None:
        """Look at the page that stands there; a redirect to another page is a fault."""
        page.wait_for_load_state()  # after a press, the page that it leads to may just have begun
        here = re.sub(r"^https?://[^/]+|[?#].*", "", page.url)
        faults = [] if (shown := name_of(here)) == name else [f"{name} leads to {shown}"]
        faults += too_wide(page)
        where, new, first = f"{here} {state}".strip(), name + state not in self.looked, name not in self.visited
        if new:
            faults += self.axe(page)
        self.looked.add(name + state)
        self.visited.add(name)
        self.keep(where, faults)
        if new:
            self.look_again(page, where, name + state, first)

    def look_again(self, page: Page, where: str, looks: str, first: bool) -> None:
        """Look at the same address in other languages, in a tab beside, so that the page stands as it stood.

        The first state of a page is also read in one more language.
        """
        tab = self.beside.get(page.context) or self.beside.setdefault(page.context, page.context.new_page())
        close, read = close_language(looks), read_language(looks)
        self.keep(f"{where} ({close})", self.seen(tab, page.url, close))
        self.keep(f"{where} ({close}, closely)", self.seen_closely(tab))
        if first:
            self.keep(f"{where} ({read})", self.heard(tab, page.url, read))
        page.context.clear_cookies(name=settings.LANGUAGE_COOKIE_NAME)
        tab.goto("about:blank")  # asks for nothing more
        page.bring_to_front()  # passkeys ask for that

    def seen(self, tab: Page, url: str, language: str) -> list[str]:
        """Open an address and return what is wrong in this language."""
        tab.set_viewport_size({"width": PHONE, "height": 740})
        response = tab.goto(in_language(url, language))
        faults = status(url, response and response.status)
        if re.sub(r"[?#].*", "", tab.url) != re.sub(r"[?#].*", "", url):
            faults.append(f"leads to {tab.url}")
        faults += speaks(tab.evaluate("[document.documentElement.lang, document.documentElement.dir]"), language)
        return faults + too_wide(tab) + english(tab, language)

    def heard(self, tab: Page, url: str, language: str) -> list[str]:
        """Read an address in this language without laying it out, and return what is wrong with its words."""
        asked = in_language(url, language)
        response = tab.context.request.get(asked, headers={"Accept": "text/html"}, max_redirects=0)
        faults = status(url, response.status)
        speech, said = tab.evaluate(PARSED, response.text())
        response.dispose()
        return faults + speaks(speech, language) + english_among(said, language)

    def seen_closely(self, tab: Page) -> list[str]:
        """Look at what stands there by keys, enlarged and on paper, and then as it is on a desk in the dark."""
        faults = closely(tab)
        tab.set_viewport_size({"width": DESK, "height": 740})
        tab.emulate_media(color_scheme="dark", reduced_motion="reduce")  # no colour is on its way to another
        faults += too_wide(tab) + self.axe(tab)
        tab.emulate_media(color_scheme="light", reduced_motion="null")
        return faults

    def visit_room(
        self, pages: Mapping[str, Page], rows: Mapping[str, Mapping[str, int]], addresses: Mapping[str, str]
    ) -> None:
        """Open each page of a room of the community as the first of `pages` who may, and as `a` who is anonymous."""
        for name, path in addresses.items():
            if f"community:{name}" in NOT_PAGES:
                continue
            allowed = [letter for letter in pages if rows[name][letter] == 200]
            for letter in dict.fromkeys(allowed[:1] + ["a"] * ("a" in allowed)):
                self.visit(pages[letter], path, f"community:{name}")

    def keep(self, where: str, faults: list[str]) -> None:
        if faults:
            self.faults.setdefault(where, []).extend(faults)
