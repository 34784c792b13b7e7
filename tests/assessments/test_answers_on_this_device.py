"""“Only on this device, for myself”: prepared on one's own phone, seen by nobody, sent only by an act of its own."""

import pytest
from playwright.sync_api import Page, expect

from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating
from tests import background
from tests.assessments.making import step
from tests.assessments.test_offline import (  # noqa: F401 (fixtures)
    Phone,
    assessment,
    at,
    cast,
    fill,
    held,
    onward,
    opened,
    phone,
    remains,
)
from tests.assessments.test_rating_browser import choose, state, stored
from tests.bad_line import Line, line  # noqa: F401 (a fixture)
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SWITCH, HERE = "Only on this device, for myself", "Only on this device, for myself"


def keep_for_herself(page: Page) -> None:
    """Open the menu, which says first what follows, and turn the switch on."""
    page.get_by_text("Keep answers without sending them").click()
    expect(page.get_by_text("They are not sent and do not count.")).to_be_visible()
    page.get_by_label(SWITCH).check()


def sent(line: Line) -> list[str]:  # noqa: F811
    """Return where anything was sent to: levels travel in no other way."""
    return [path for method, path, _fate in line.asked if method != "GET"]


def nothing_is_held() -> bool:
    return not (Rater.objects.exists() or Rating.objects.exists() or AnswerEvent.objects.exists())


def prepares(phone: Phone, person, path: str) -> Page:  # noqa: F811
    page = opened(phone, person, path)
    keep_for_herself(page)
    return page


def test_what_is_for_oneself_is_marked_never_sent_and_sent_after_all_only_by_its_own_act(cast, at, line, phone, axe):  # noqa: F811
    page = prepares(phone, cast.south_representative, at("rate-decision", 1))
    fill(page, "012343", "no")
    choose(page, "use", "group")
    page.get_by_label("Your reason", exact=True).fill("We hear it late.")
    for cell in ("p1", "p6", "a"):
        expect(state(page, cell)).to_have_text(HERE)
    assert axe(page) == []
    onward(page)
    expect(page.get_by_role("heading", name="Hiring the coordinator")).to_be_focused()
    expect(page.get_by_label(SWITCH)).to_be_checked()
    choose(page, "p1", "4")
    expect(state(page, "p1")).to_have_text(HERE)
    phone.close()

    page = phone.open().pages[0]
    page.goto(at("rate-decision", 1))
    expect(page.locator("#p5 input:checked")).to_have_value("4")
    expect(page.get_by_label("Your reason", exact=True)).to_have_value("We hear it late.")
    background.sync(page)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.get_by_label(SWITCH)).to_be_checked()
    page.get_by_label(SWITCH).uncheck()
    choose(page, "p5", "3")  # what was for herself stays so, though the switch is off
    expect(state(page, "p5")).to_have_text(HERE)
    page.get_by_role("link", name="My answers").click()
    expect(page.get_by_text("You have answered 0 of 14 questions.")).to_be_visible()
    expect(page.get_by_text("8 answers are stored only on this device, for one person's own use.")).to_be_visible()
    expect(page.get_by_role("button", name="Submit my answers")).to_be_hidden()
    assert axe(page) == []
    assert (sent(line), stored(page)) == ([], [])
    assert nothing_is_held()

    page.get_by_role("button", name="Send these answers after all").click()
    listed = page.locator(".for-myself")
    expect(listed).to_contain_text("South 2: 3 Co-decides")
    expect(listed).to_contain_text("We hear it late.")
    assert sent(line) == []
    page.get_by_role("button", name="Keep these answers private").click()
    expect(page.get_by_role("button", name="Send these answers after all")).to_be_focused()
    page.get_by_role("button", name="Send these answers after all").click()
    page.get_by_role("button", name="Send these answers").click()
    expect(page.get_by_text("You have answered 8 of 14 questions.")).to_be_visible()
    expect(listed).to_be_hidden()
    wait_until(lambda: stored(page) == [], what="everything is sent")
    assert held() == {(1, n): level for n, level in enumerate((0, 1, 2, 3, 3, 3), 1)} | {(2, 1): 4}
    assert PrivateAgreement.objects.get().reason == "We hear it late."


def test_an_answer_is_said_to_be_on_the_device_only_once_its_disk_has_it(cast, at, line, phone):  # noqa: F811
    phone.context.add_init_script("""
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (row, ...more) {
            const hold = () => window.slow && (this.get(["", "", ""]).onsuccess = hold);
            if (this.name === "queue") hold();
            return put.call(this, row, ...more);
        };
    """)
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    line.rule = line.cut
    keep_for_herself(page)
    for cell, said in (("p1", HERE), ("p2", "On this device")):
        page.evaluate("window.slow = true")
        choose(page, cell, "4")
        expect(state(page, cell)).to_have_text("")
        expect(page.locator("#line")).to_be_hidden()
        page.evaluate("window.slow = false")
        expect(state(page, cell)).to_have_text(said)
        page.get_by_label(SWITCH).uncheck()
    expect(page.locator("#line")).to_contain_text("1 answer on this device has not been sent yet.")


def test_a_form_without_its_script_sends_nothing_of_it_and_clearing_the_phone_takes_it_away(cast, at, line, phone):  # noqa: F811
    page = prepares(phone, cast.south_representative, at("rate-decision", 1))
    choose(page, "p1", "4")
    choose(page, "a", "no")
    page.get_by_label(SWITCH).uncheck()
    choose(page, "p2", "1")
    expect(state(page, "p2")).to_have_text("Saved on the server")
    names = page.evaluate("[...new FormData(document.getElementById('answers')).keys()]")
    assert set(names) == {"csrfmiddlewaretoken", "membership", "sheet", "form", "shown", "p2"}
    page.evaluate("document.getElementById('answers').submit()")  # as where the script has died
    expect(page.get_by_role("heading", name="Hiring the coordinator")).to_be_visible()
    assert held() == {(1, 2): 1}
    assert not PrivateAgreement.objects.exists()

    page.get_by_role("link", name="Leave and clear this phone").click()
    expect(page.get_by_text("2 answers are stored only on this device, for one person's own use.")).to_be_visible()
    page.get_by_role("button", name="Leave and clear").click()
    expect(page.get_by_label("Also delete answers that are only on this device")).to_be_focused()
    page.get_by_label("Also delete answers that are only on this device").check()
    page.get_by_role("button", name="Leave and clear").click()
    expect(page.get_by_role("heading", name="This phone has been cleared")).to_be_visible()
    assert remains(phone.context, page)["databases"] == []


def test_it_stays_to_be_read_after_the_ratings_close_and_others_on_the_phone_do_not_see_it(
    cast,  # noqa: F811
    assessment,  # noqa: F811
    at,  # noqa: F811
    line,  # noqa: F811
    phone,  # noqa: F811
):
    page = prepares(phone, cast.south_representative, at("rate-decision", 1))
    choose(page, "p1", "4")
    expect(state(page, "p1")).to_have_text(HERE)
    own = phone.context.cookies()
    phone.context.clear_cookies()
    page = opened(phone, cast.guest, at("rate-decision", 1))
    expect(page.get_by_label(SWITCH)).not_to_be_checked()
    expect(page.locator("#p1 input:checked")).to_have_count(0)
    phone.context.clear_cookies()
    phone.context.add_cookies(own)
    step(cast, assessment, "close_rating")
    page.goto(at("my-answers"))
    expect(page.locator(".for-myself")).to_contain_text("North 1: 4 Decides")
    expect(page.get_by_role("button", name="Send these answers after all")).to_have_count(0)
    page.get_by_role("button", name="Delete answers from this device").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".for-myself")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Your own answers")).to_be_visible()
    expect(page.locator(".for-myself")).to_be_hidden()
    assert sent(line) == []
    assert nothing_is_held()


def test_without_scripts_it_is_not_offered(cast, at, new_page):  # noqa: F811
    page = new_page(cast.south_representative, java_script_enabled=False)
    page.goto(at("rate-decision", 1))
    expect(page.get_by_role("button", name="Save and continue")).to_be_visible()
    expect(page.get_by_label(SWITCH)).to_be_hidden()


SHIFTS = """() => new Promise((told) => {
  const named = ({ node }) => node && (node.id || node.className || node.nodeName);
  const seen = (list) => told(list.getEntries().map((one) => [one.value, ...one.sources.map(named)]));
  new PerformanceObserver(seen).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => told([]), 500); // what has happened is told at once
})"""


def test_nothing_moves_when_it_is_offered_and_without_scripts_it_takes_no_room(cast, at, phone, new_page):  # noqa: F811
    page = opened(phone, cast.south_representative, at("rate-decision", 1))
    expect(page.get_by_text("Keep answers without sending them")).to_be_visible()
    assert page.evaluate(SHIFTS) == []
    page = new_page(cast.south_representative, width=360, java_script_enabled=False)
    page.goto(at("rate-decision", 1))
    expect(page.get_by_text("How much influence does each partner have on this decision?")).to_be_visible()
    assert page.locator(".own-switch").bounding_box() is None
