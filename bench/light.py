"""What the slowest line pays: from an invitation's link to the first answer, in a real browser with a cold cache.

Bytes and requests are counted in a relay between browser and server, heads included, so that what the service worker
fetches counts too. The time is taken on a line of 400 kbit/s with 400 ms there and back, on a processor four times
slower, with a person who reads nothing and types nothing: her time is her own.
"""

import re
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

KB = 1024
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # ms, bytes a second
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "locale": "en-GB"}
REQUEST = re.compile(rb"(?:GET|POST|HEAD) (\S+) HTTP/1\.1\r\n")
LATER = re.compile(rb"/rater/|/rate/sheet/")  # fetched once the first question can be answered
SIZES = ((12, 8, 40 * KB, 60 * KB), (60, 40, 45 * KB, 120 * KB))  # decisions, partners, bytes before and until offline
ANSWER, REQUESTS, BEFORE_CHARTS, WITH_CHARTS = 2 * KB, 8, 70 * KB, 480 * KB


class Relay:
    """Passes bytes between a browser and the server, and counts what is asked and what comes down."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.reset()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        self.up = self.down = self.requests = self.later = self.later_down = 0

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _address = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                later = threading.Event()  # what this connection asked last is one of those
                threading.Thread(target=self._ask, args=(browser, server, later), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, browser, later), daemon=True).start()

    def _ask(self, browser: socket.socket, server: socket.socket, later: threading.Event) -> None:
        with suppress(OSError), server:
            while data := browser.recv(65536):
                self.up += len(data)
                paths = REQUEST.findall(data)
                self.requests += len(paths)
                for path in paths:
                    (later.set if LATER.search(path) else later.clear)()
                    self.later += later.is_set()
                server.sendall(data)

    def _answer(self, server: socket.socket, browser: socket.socket, later: threading.Event) -> None:
        with suppress(OSError), browser:
            while data := server.recv(65536):
                self.down += len(data)
                self.later_down += len(data) * later.is_set()
                browser.sendall(data)


def tell(base: str, board: str, session: str) -> None:
    """Walk from a link to an answer for each size, and open a dashboard (its path, and the session of who looks)."""
    from playwright.sync_api import sync_playwright

    program = chromium_for("the way of a phone")
    if program is None:
        return
    relay = Relay(int(base.rsplit(":", 1)[1]))
    links = {size: invitations(*size[:2]) for size in SIZES}  # before the browser, whose loop lets no query through
    sys.stdout.write(
        f"\n{'bytes':>9} {'requests':>9}  in a browser with a cold cache, heads of requests and answers included\n"
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGS)
        for (decisions, partners, before, until), (one, two) in links.items():
            name = f"{decisions} × {partners}"
            walk(chromium, relay, name, one, before, until)
            slowly(chromium, relay, name, two)
        dashboard(chromium, relay, board, session)
        chromium.close()


def chromium_for(what: str) -> str | None:
    """Return the program of a Chromium; where there is none, say what is not measured."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        sys.stdout.write(f"\nNo Chromium was found, so {what} was not measured: make chromium\n")
    return program


def row(relay: Relay, words: str, most: int, requests: int = 0, total: int = 0, before: bool = False) -> None:
    """Tell what came down, or `total`; `before`: without what is fetched only once the first question is there."""
    total, asked = total or relay.down, relay.requests
    if before:
        total, asked = total - relay.later_down, asked - relay.later
    kept = total <= most and (not requests or asked <= requests)
    limits = f"at most {most:,} bytes" + (f" and {requests} requests" if requests else "")
    sys.stdout.write(f"{total:9,} {asked:9}  {words} ({limits}: {'kept' if kept else 'MISSED'})\n")


def walk(chromium: Any, relay: Relay, name: str, link: str, before: int, until: int) -> None:
    with opened(chromium, relay) as page:
        relay.reset()
        come_in(page, link, "Awa")
        row(relay, f"{name}: link → first question can be answered", before, REQUESTS, before=True)
        page.wait_for_selector("main[data-ready=yes]", state="attached")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
        row(relay, f"{name}: link → goes on without a line", until)
        relay.reset()
        with page.expect_response("**/rate/answer/"):
            page.locator("fieldset.circles label").nth(2).click()
        page.wait_for_load_state("networkidle")
        row(relay, f"{name}: one answer, up and down", ANSWER, 1, relay.up + relay.down)


def slowly(chromium: Any, relay: Relay, name: str, link: str) -> None:
    with opened(chromium, relay) as page:
        device = page.context.new_cdp_session(page)
        device.send("Network.enable")
        device.send("Network.emulateNetworkConditions", SLOW)
        device.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        begun = time.perf_counter()
        pages = come_in(page, link, "Issa")
        seconds = time.perf_counter() - begun
        sys.stdout.write(f"{seconds:7.1f} s {'':9}  {name}: the same on a slow line, over {pages} pages\n")
        begun = time.perf_counter()
        page.goto(page.url)
        page.locator("#answers fieldset.circles label").first.wait_for()
        seconds = time.perf_counter() - begun
        sys.stdout.write(f"{seconds:7.1f} s {'':9}  {name}: a question's own address on a slow line (at most 3 s)\n")


def come_in(page: Any, link: str, name: str) -> int:
    """Go from the link to the first question, as somebody would who reads nothing; return over how many pages.

    Each page is left as soon as its button is there, and the question counts once its first radio can be used: neither
    waits for scripts, without which all of it works.
    """
    page.goto(link, wait_until="commit")
    page.fill("[name=name]", name)
    for number in range(1, 8):
        page.locator("#answers fieldset.circles label, main .btn-primary").first.wait_for()
        if page.locator("#answers fieldset.circles").count():
            page.locator("#answers fieldset.circles label").first.wait_for()
            return number
        with page.expect_navigation(wait_until="commit"):
            page.locator("main .btn-primary").first.click(no_wait_after=True)
    raise RuntimeError(f"The link leads to no question: {page.url}: {page.locator('main').inner_text()}")


def dashboard(chromium: Any, relay: Relay, path: str, session: str) -> None:
    for words, scripts, most in (("before charts", False, BEFORE_CHARTS), ("with charts", True, WITH_CHARTS)):
        with opened(chromium, relay, java_script_enabled=scripts) as page:
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": relay.base}])
            relay.reset()
            page.goto(path, wait_until="networkidle")
            if scripts:
                page.mouse.wheel(0, 20_000)  # a chart is drawn once it is near the window
                page.locator(".js-plotly-plot").first.wait_for()
                page.wait_for_load_state("networkidle")
            row(relay, f"12 × 8: dashboard {words}", most, 14 if scripts else 10)


@contextmanager
def opened(chromium: Any, relay: Relay, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(base_url=relay.base, **PHONE, **options)
    yield context.new_page()
    context.close()


def invitations(decisions: int, partners: int, name: str = "bench", count: int = 2) -> list[str]:
    """Lay an assessment of this size that is open for answers; return links for representatives, each for one."""
    from assessments.services import transitions
    from assessments.services.setup import decisions as list_of
    from assessments.services.setup import opening
    from assessments.workflow.actions import WorkflowAction
    from partnerships import services
    from partnerships.access import member_roles_of
    from partnerships.models import Role, User

    user = User.objects.create_user(f"{name}-{decisions}@example.org", name="Bench")
    sides = ["north" if at % 3 == 0 else "south" for at in range(partners)]
    data = [
        services.PartnerData(f"Organisation number {at} of this partnership", f"ORG{at}", "KE", side)
        for at, side in enumerate(sides, start=1)
    ]
    partnership = services.create_partnership(user, services.PartnershipData("A large alliance"), data, "ORG1")
    membership = partnership.memberships.get()
    assessment = opening.create_assessment(partnership, user, title="How we decide")
    for at in range(1, decisions + 1):
        list_of.propose(
            assessment, membership, f"Dividing part {at} of the common budget among the countries and partners"
        )
    transitions.apply(assessment, member_roles_of(user, partnership), WorkflowAction.OPEN_RATING)
    chosen = partnership.partners.order_by("position")[1 : count + 1]
    return [
        f"/i/{services.invite(membership, 'link', Role.REPRESENTATIVE, partner=partner).code}" for partner in chosen
    ]  # fmt: skip
