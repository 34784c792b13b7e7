"""Opening pages one after the other on a phone, and keeping what is wrong with each."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation.trans_real import DjangoTranslation
from playwright.sync_api import BrowserContext, Page

from tests.browser import AXE_ADDRESS
from tests.e2e import marked_language as marked
from tests.e2e.looks import (
    DESK,
    PHONE,
    by_keys,
    english,
    enlarged,
    language_of,
    schemes_of,
    speaks,
    still_and_printed,
    too_wide,
)

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


def opened(page: Page, address: str, name: str) -> list[str]:
    """Open an address, and return what is wrong with how it answered, and whether another page stands there."""
    response = page.goto(address)
    if response is None or response.status != 200:
        return [f"status {response and response.status}", *elsewhere(page, name)]
    kind = response.headers["content-type"]
    return ([] if kind.startswith("text/html") else [kind]) + elsewhere(page, name)


def elsewhere(page: Page, name: str) -> list[str]:
    """Return that another page stands there than the one with this name, where it does."""
    here = name_of(urlsplit(page.url).path)
    return [] if here == name else [f"{name} leads to {here}"]


class Crawl:
    """What was seen so far, and what was wrong with it. People's browsers ask for the marked language."""

    def __init__(self, axe: Callable[..., list[str]], own_words: DjangoTranslation) -> None:
        self.axe = axe
        self.own_words = own_words  # of the language that the marked one stands in for
        self.beside: dict[BrowserContext, Page] = {}
        self.known: set[str] = set()  # texts that need no mark
        self.looked: set[str] = set()
        self.visited: set[str] = set()
        self.faults: dict[str, list[str]] = {}

    def visit(self, page: Page, path: str, name: str, state: str = "") -> None:
        """Open a page; `state` tells apart what it shows at other stages.

        The first time it is opened in the marked language, then in a language of its own and looked at. A test that
        presses something opens it again.
        """
        where = f"{path} {state}".strip()
        if name + state in self.looked:
            self.keep(where, opened(page, path, name) + too_wide(page))
            return
        self.looked.add(name + state)
        self.visited.add(name)
        self.keep(where, opened(page, in_language(path, marked.LANGUAGE), name) + marked.unmarked(page, self.known))
        self.keep(where, self.seen(page, path, name, state))

    def look(self, page: Page, name: str, state: str = "") -> None:
        """Look at the page that stands there, marked, and in a tab beside at the same address in its language."""
        page.wait_for_load_state()  # after a press, the page that it leads to may just have begun
        here = urlsplit(page.url)._replace(scheme="", netloc="").geturl()
        self.looked.add(name + state)
        self.visited.add(name)
        faults = elsewhere(page, name) + too_wide(page) + self.axe(page) + marked.unmarked(page, self.known)
        self.keep(f"{here} {state}".strip(), faults)
        tab = self.beside.get(page.context) or self.beside.setdefault(page.context, page.context.new_page())
        self.keep(f"{here} {state} beside".strip(), self.seen(tab, here, name, state))
        tab.goto("about:blank")  # asks for nothing more
        page.bring_to_front()  # passkeys ask for that

    def seen(self, page: Page, path: str, name: str, state: str = "") -> list[str]:
        """Open an address in its language; return what is wrong on a phone, by keys, on a desk, and on paper."""
        language, (on_phone, on_desk) = language_of(name + state), schemes_of(name + state)
        page.emulate_media(color_scheme=on_phone)
        with marked.saying(self.own_words) if language == marked.LANGUAGE else nullcontext():
            faults = opened(page, in_language(path, language), name) + speaks(page, language)
            page.add_script_tag(url=AXE_ADDRESS)
            faults += too_wide(page) + english(page, language) + self.axe(page) + by_keys(page) + enlarged(page)
            page.set_viewport_size({"width": DESK, "height": 740})
            page.emulate_media(color_scheme=on_desk, reduced_motion="reduce")  # no colour is on its way to another
            faults += too_wide(page) + self.axe(page) + still_and_printed(page)
        page.emulate_media(media="null", color_scheme="light")
        page.set_viewport_size({"width": PHONE, "height": 740})
        marked.ask_for(page.context)
        return [f"{language}: {fault}" for fault in faults]

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
