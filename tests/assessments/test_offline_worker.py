"""The service worker: it sends with no page open, and a new version takes over without losing what waits."""

import pytest
from playwright.sync_api import Page, expect

from assessments.models.private import AnswerEvent
from tests import background
from tests.assessments.test_offline import (  # noqa: F401 (fixtures)
    assessment,
    at,
    cast,
    held,
    opened,
    phone,
)
from tests.assessments.test_rating_browser import choose, state, stored
from tests.bad_line import line  # noqa: F401 (a fixture)
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def caches_of(page: Page) -> list[str]:
    return page.evaluate("() => caches.keys()")


def test_what_waits_is_sent_once_after_the_page_was_closed(cast, at, line, phone):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = line.cut
    for cell, value in (("p1", "4"), ("p2", "0")):
        choose(page, cell, value)
    expect(page.locator("#line")).to_contain_text("2 answers on this device have not been sent yet.")
    elsewhere = phone.context.new_page()
    page.close()
    line.rule = line.through
    elsewhere.goto("/")
    assert held() == {}
    background.sync(elsewhere)
    wait_until(lambda: held() == {(1, 1): 4, (1, 2): 0}, what="the worker has sent both")
    wait_until(lambda: stored(elsewhere) == [], what="nothing waits any more")
    assert AnswerEvent.objects.count() == 2


def test_a_new_worker_waits_for_the_old_pages_and_takes_over_with_what_waits(cast, at, line, phone, settings):  # noqa: F811
    old = opened(phone, cast.south_representative, at("rate-decision", 1))
    (before,) = caches_of(old)
    line.rule = lambda method, path: "cut" if path.endswith("/answer/") else "through"
    choose(old, "p1", "4")
    expect(old.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    settings.RATER_PATIENCE += 1  # whatever the worker is told makes another version of it
    new = phone.context.new_page()
    new.goto(at("rate-decision", 1))
    new.wait_for_function("() => navigator.serviceWorker.ready.then((one) => !!one.waiting)")
    assert before in caches_of(new)
    choose(new, "p2", "3")
    expect(new.locator("#line")).to_contain_text("2 answers on this device have not been sent yet.")
    line.rule = lambda method, path: "through" if path.endswith("/answer/") else "cut"
    choose(old, "p3", "1")  # the page of the old version goes on with the new server
    old.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(state(old, "p3")).to_have_text("Saved on the server")
    wait_until(lambda: held() == {(1, 1): 4, (1, 2): 3, (1, 3): 1}, what="everything is sent")
    line.rule = line.cut
    choose(new, "p4", "2")
    expect(new.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")
    phone.close()

    page = phone.open().pages[0]
    page.goto(at("rate-decision", 1))  # without a line: the new version's page
    expect(page.locator("#p4 input:checked")).to_have_value("2")
    page.wait_for_function("(before) => caches.keys().then((all) => all.length === 1 && all[0] !== before)", arg=before)
    line.rule = line.through
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    wait_until(lambda: stored(page) == [], what="what waited is sent")
    assert held() == {(1, 1): 4, (1, 2): 3, (1, 3): 1, (1, 4): 2}
    assert AnswerEvent.objects.count() == 4
