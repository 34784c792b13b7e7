"""Opening pages one after the other on a phone, and keeping what is wrong with each."""

import re
from collections.abc import Callable, Mapping

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

WIDTH = 360
NOT_PAGES = {
    # polls, which answer a piece of a page or that there is nothing new
    "assessments:status",
    "assessments:session-state",
    "assessments:caucus-state",
    "assessments:dashboard-state",
    "assessments:report-state",
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
    "assessments:report-data",
    "assessments:dates",
    "assessments:fieldwork-paper",
    "assessments:wall-kit",
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


class Crawl:
    """What was seen so far, and what was wrong with it."""

    def __init__(self, axe: Callable[[Page], list[str]]) -> None:
        self.axe = axe
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
        here = re.sub(r"^https?://[^/]+|[?#].*", "", page.url)
        faults = [] if (shown := name_of(here)) == name else [f"{name} leads to {shown}"]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > WIDTH:
            faults.append(f"{width} px wide")
        if name + state not in self.looked:
            faults += self.axe(page)
        self.looked.add(name + state)
        self.visited.add(name)
        self.keep(f"{here} {state}".strip(), faults)

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
