"""Rating over a line that breaks: cut, reopened, slow, lossy; two tabs, two devices, two people on one phone."""

import shutil
import tempfile
import time
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from assessments.models.private import AnswerEvent, Rater, Rating
from assessments.services.rating import private_answers
from partnerships.models import Membership
from tests.assessments.making import mutation, rating
from tests.assessments.test_rating_browser import choose, state, stored
from tests.bad_line import Line, line  # noqa: F401 (a fixture)
from tests.browser import QUIET, REQUESTS, program, sign_in
from tests.e2e.looks import too_wide
from tests.factories import make_cast
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
CELLS = [*(f"p{n}" for n in range(1, 7)), "a"]


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def assessment(cast):
    Membership.objects.update(confirmed_at="2026-01-01T00:00:00Z")
    return rating(cast)


@pytest.fixture
def at(assessment):
    return lambda name, *args: reverse(f"assessments:{name}", args=[assessment.code, *args])


class Phone:
    """A browser with a folder of its own, which can be closed and opened again."""

    def __init__(self, browser, url: str) -> None:
        self.folder, self.browser, self.url = tempfile.mkdtemp(), browser, url
        self.errors: list[str] = []
        self.context: BrowserContext = self.open()

    def open(self) -> BrowserContext:
        self.context = self.browser.browser_type.launch_persistent_context(
            self.folder,
            executable_path=program(),
            args=QUIET,
            base_url=self.url,
            locale="en-GB",
            viewport={"width": 360, "height": 740},
            accept_downloads=True,
        )
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return self.context

    @property
    def page(self) -> Page:
        return self.context.pages[0]

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def phone(browser, line: Line) -> Iterator[Phone]:  # noqa: F811
    phone = Phone(browser, line.url)
    yield phone
    assert phone.errors == []
    phone.close()
    wait_until(lambda: REQUESTS.running == 0, what="no request is answered any more")
    shutil.rmtree(phone.folder, ignore_errors=True)


def opened(phone: Phone, person, path: str) -> Page:
    """Open a page as somebody, and wait until the phone can go on by itself."""
    sign_in(phone.context, person, phone.url)
    month = time.time() + 30 * 24 * 3600  # as the site sets it; without, it would end with the browser
    phone.context.add_cookies([{**one, "expires": month} for one in phone.context.cookies()])
    phone.page.goto(path)
    ready(phone.page)
    return phone.page


def ready(page: Page) -> None:
    expect(page.locator("main[data-ready=yes]")).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready.then((one) => one.active.state)")
    page.wait_for_function("() => caches.keys().then((names) => names.length === 1)")


def fill(page: Page, levels: str, agree: str = "yes") -> None:
    for cell, value in zip(CELLS, [*levels, agree], strict=True):
        choose(page, cell, value)


def held() -> dict:
    rows = Rating.objects.values_list("decision__number", "participant__number", "level")
    return {(decision, partner): level for decision, partner, level in rows}


def onward(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def test_cut_off_half_way_closed_reopened_offline_and_handed_in_once_the_line_is_back(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    for cell in ("p1", "p2", "p3"):
        choose(page, cell, "1")
    expect(state(page, "p3")).to_have_text("Saved on the server")
    line.rule = line.cut
    for cell in ("p4", "p5", "p6"):
        choose(page, cell, "2")
    choose(page, "a", "no")
    expect(page.locator("#line")).to_contain_text("4 answers on this device have not been sent yet.")
    expect(state(page, "p6")).to_have_text("On this device")
    onward(page)
    expect(page.get_by_role("heading", name="Hiring the coordinator")).to_be_focused()
    assert page.url.endswith("/rate/2/")
    fill(page, "012343")
    expect(page.locator("#line")).to_contain_text("11 answers on this device have not been sent yet.")
    phone.close()

    page = phone.open().pages[0]
    page.goto(at("rate"))
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", name="Your answers")).to_be_focused()
    expect(page.get_by_text("You have answered 14 of 14 questions.")).to_be_visible()
    page.get_by_role("link", name="Hiring the coordinator").click()
    expect(page.locator("#p5 input:checked")).to_have_value("4")
    onward(page)
    page.get_by_text("What happens if your side is small?").click()
    page.get_by_label("Show our side even if it is small").check()
    page.get_by_role("button", name="Submit when there is a connection").click()
    expect(page.get_by_text("submitted as soon as there is a connection. You can close this page.")).to_be_visible()
    assert len(held()) == 3

    line.rule = line.through
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Thank you. You have submitted your answers.")).to_be_visible()
    page.get_by_text("Proof that your answers were received").click()
    expect(page.get_by_text("14 of your answers are saved on the server.")).to_be_visible()
    assert held() == {(1, n): 1 if n < 4 else 2 for n in range(1, 7)} | {
        (2, n + 1): int(v) for n, v in enumerate("012343")
    }
    assert AnswerEvent.objects.count() == 14
    sheet = Rater.objects.get()
    assert sheet.submitted_at
    assert sheet.show_small_side
    code = page.locator(".code").inner_text()
    page.get_by_role("link", name="Check a code").click()
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Check the code", exact=True).click()
    expect(page.get_by_role("heading", name="Your answers are unchanged")).to_be_visible()


def test_over_a_line_that_drops_answers_502_and_holds_back_each_answer_counts_once(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    fates = {"n": 0}

    def bad(method: str, path: str) -> str:
        if not path.endswith("/rate/answer/"):
            return "through"
        fates["n"] += 1
        return {0: "lost", 1: "502", 2: "through", 3: "cut", 4: "held"}.get(fates["n"] % 5, "through")

    line.rule = bad
    page.evaluate("() => (document.getElementById('main').dataset.patience = 200)")
    fill(page, "012341")
    wait_until(lambda: line.holding.is_set(), what="a request is held back")
    expect(page.locator("#line")).to_contain_text("on this device have not been sent yet.")
    line.release.set()
    nudge = "() => { window.dispatchEvent(new Event('online')); }"
    wait_until(lambda: page.evaluate(nudge) or stored(page) == [], 60, "everything is sent")
    assert held() == {(1, n + 1): int(v) for n, v in enumerate("012341")}
    assert AnswerEvent.objects.count() == 7
    assert {fate for method, path, fate in line.asked} >= {"lost", "502", "cut", "held"}


def test_a_gateway_that_is_down_or_too_slow_does_not_stop_her(cast, at, line, phone, settings):  # noqa: F811
    settings.RATER_PATIENCE = 300
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    for fate in ("502", "held"):
        line.rule = lambda method, path, fate=fate: fate if method == "GET" and "/rate/" in path else "cut"
        page.goto(at("rate-decision", 2))
        expect(page.get_by_role("heading", name="Hiring the coordinator")).to_be_visible()
        expect(page.locator("main[data-view=shell]")).to_be_visible()
    line.rule = line.through
    line.release.set()

    def answered_in_time() -> bool:
        page.goto(at("rate-decision", 2))
        return page.locator("main[data-view=decision]").count() == 1

    wait_until(answered_in_time, what="the server answers before her phone goes on by itself")


def test_two_devices_disagree_without_a_line_and_the_later_answer_stands_on_both(cast, assessment, at, line, phone):  # noqa: F811
    own = cast.membership(cast.south_representative)
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = line.cut
    choose(page, "p1", "4")
    expect(page.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 60_000; }")  # a minute has passed on it
    private_answers.save_level(assessment, own, 1, 1, 0, mutation())  # another device, later
    private_answers.save_level(assessment, own, 1, 2, 0, mutation())
    choose(page, "p2", "3")  # later still
    line.rule = line.through
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(state(page, "p2")).to_have_text("Saved on the server")
    expect(state(page, "p1")).to_have_text("This newer answer is from another device.")
    expect(page.locator("#p1 input:checked")).to_have_value("0")
    assert held() == {(1, 1): 0, (1, 2): 3}


def test_two_tabs_share_one_queue_and_send_each_answer_once(cast, at, line, phone):  # noqa: F811
    one = opened(phone, cast.south_representative, at("rate-decision", 1))
    two = phone.context.new_page()
    two.goto(at("rate-decision", 1))
    ready(two)
    line.rule = line.cut
    choose(one, "p1", "4")
    expect(two.locator("#p1 input:checked")).to_have_value("4")
    choose(two, "p1", "3")
    expect(one.locator("#p1 input:checked")).to_have_value("3")
    choose(one, "p2", "2")
    expect(two.locator("#line")).to_contain_text("2 answers on this device have not been sent yet.")
    line.rule = line.through
    for page in (one, two):
        page.evaluate("() => window.dispatchEvent(new Event('online'))")
    wait_until(lambda: stored(one) == [], what="everything is sent")
    assert held() == {(1, 1): 3, (1, 2): 2}
    assert AnswerEvent.objects.count() == 2


def test_another_person_on_the_same_phone_neither_sees_nor_sends_what_waits(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    choose(page, "p1", "4")
    expect(page.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    phone.context.clear_cookies()
    line.rule = line.through
    page = opened(phone, cast.guest, at("rate-decision", 1))
    expect(page.locator("#p1 input:checked")).to_have_count(0)
    expect(page.locator("#line")).to_contain_text("1 unsent answer from another person is stored on this device.")
    choose(page, "p2", "1")
    expect(state(page, "p2")).to_have_text("Saved on the server")
    assert held() == {(1, 2): 1}
    line.rule = line.cut
    page.goto(at("rate-decision", 1))
    expect(page.locator("#p2 input:checked")).to_have_value("1")
    expect(page.locator("#p1 input:checked")).to_have_count(0)
    line.rule = line.through
    phone.context.clear_cookies()
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    wait_until(lambda: stored(page) == [], what="hers is sent")
    memberships = Rating.objects.values_list("rater__membership__user__name", "participant__number", "level")
    assert set(memberships) == {("Guest Gathoni", 2, 1), ("Sara South", 1, 4)}


def test_a_session_that_ends_meanwhile_loses_nothing(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    Session.objects.all().delete()
    choose(page, "p1", "4")
    expect(page.locator("#line")).to_contain_text("You are signed out, but nothing is lost")
    onward(page)
    fill(page, "111111")
    page.locator("#line").get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    wait_until(lambda: stored(page) == [], what="everything is sent")
    assert held() == {(1, 1): 4} | {(2, n): 1 for n in range(1, 7)}


def test_clearing_the_phone_asks_first_and_leaves_nothing(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    choose(page, "p1", "4")
    expect(state(page, "p1")).to_have_text("Saved on the server")
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    choose(page, "p2", "4")
    expect(page.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    page.get_by_role("link", name="Leave and clear this phone").click()
    expect(page.get_by_text("1 answer on this device has not been sent yet.")).to_be_visible()
    page.get_by_role("button", name="Leave and clear").click()
    expect(page.get_by_label("Delete these answers too")).to_be_focused()  # the browser asks for the tick
    with page.expect_download() as download:
        page.get_by_role("button", name="Download answers").click()
    assert '"North 2","4"' in download.value.path().read_text()
    page.get_by_label("Delete these answers too").check()
    page.get_by_role("button", name="Leave and clear").click()
    expect(page.get_by_role("heading", name="This phone has been cleared")).to_be_visible()
    assert remains(phone.context, page) == {
        "cookies": [], "databases": [], "caches": [], "workers": 0, "local": 0, "session": 0
    }  # fmt: skip
    assert not Session.objects.exists()
    assert held() == {(1, 1): 4}


def test_leaving_at_once_is_asked_about_unsent_answers(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    choose(page, "p2", "4")
    expect(page.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    page.add_init_script(  # as soon as the script has begun, and before it has counted
        "document.addEventListener('DOMContentLoaded', () => document.querySelector('#leave [type=submit]')?.click())"
    )
    page.goto(reverse("assessments:rater-leave"))
    expect(page.get_by_label("Delete these answers too")).to_be_focused()
    assert [row["cell"] for row in stored(page)] == ["1/p2"]
    page.get_by_label("Delete these answers too").check()
    page.get_by_role("button", name="Leave and clear").click()
    expect(page.get_by_role("heading", name="This phone has been cleared")).to_be_visible()


def remains(context: BrowserContext, page: Page) -> dict:
    found = page.evaluate(
        "async () => ({databases: (await indexedDB.databases()).map((one) => one.name), caches: await caches.keys(),"
        " workers: (await navigator.serviceWorker.getRegistrations()).length,"
        " local: localStorage.length, session: sessionStorage.length})"
    )
    return {"cookies": [one["name"] for one in context.cookies()], **found}


def test_no_cache_holds_an_answer_a_wording_or_a_name(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    fill(page, "444444", "no")
    choose(page, "use", "me")
    page.get_by_label("Your reason", exact=True).fill("Secret reason")
    onward(page)
    wait_until(lambda: stored(page) == [], what="everything is sent")
    texts = page.evaluate(
        "async () => { const all = []; for (const name of await caches.keys()) { const cache = await caches.open(name);"
        " for (const one of await cache.keys()) all.push([new URL(one.url).pathname,"
        " await (await cache.match(one)).text()]); } return all; }"
    )
    assert {path.rsplit("/", 1)[-1].split(".")[0] for path, text in texts} == {"", "rate"}
    for secret in (
        "Secret reason",
        "Dividing the budget",
        "North 1",
        "Sara South",
        "Water for All",
        cast.partnership.code,
    ):
        assert not [path for path, text in texts if secret in text], secret


def test_the_whole_sheet_by_keyboard_without_a_line(cast, at, line, phone, axe):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = line.cut
    for wording in ("Dividing the budget", "Hiring the coordinator"):
        if wording != "Dividing the budget":
            expect(page.get_by_role("heading", name=wording)).to_be_focused()
        page.locator("#p1 input").first.focus()
        for _cell in CELLS:
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
        expect(page.locator("#line")).to_be_visible()
        assert axe(page) == []
        page.locator("#p1 input").first.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your answers")).to_be_focused()
    expect(page.get_by_text("You have answered 14 of 14 questions.")).to_be_visible()
    assert axe(page) == []
    assert too_wide(page) == []
