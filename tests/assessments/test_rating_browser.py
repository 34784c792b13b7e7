"""The rating pages in a real browser: saved as answered, over lines that break, on two devices."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating
from assessments.services.rating import private_answers
from partnerships.models import Membership
from tests.assessments.making import mutation, past_triggers, rating, step
from tests.e2e.looks import closely, too_wide
from tests.factories import make_cast
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ANSWER = "**/rate/answer/"


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


def choose(page: Page, cell: str, value: str) -> None:
    if cell == "use":  # the way to a reason is folded
        page.locator(".reason").evaluate("one => (one.open = true)")
    page.locator(f"#{cell} label", has=page.locator(f"input[value='{value}']")).click()


def state(page: Page, cell: str):
    return page.locator(f"#{cell} output")


def line(page: Page):
    """Return the one line that says what waits on this device."""
    return page.locator("#line")


def plainly(new_page, person, **options) -> Page:
    """Open a browser whose requests a test may answer itself: no service worker stands between."""
    return new_page(person, service_workers="block", **options)


def stored(page: Page) -> list:
    """Return what waits in the browser's own database."""
    return page.evaluate(
        "() => new Promise((done) => { const open = indexedDB.open('rating'); open.onsuccess = () => {"
        " const all = open.result.transaction('queue').objectStore('queue').getAll();"
        " all.onsuccess = () => { open.result.close(); done(all.result); }; }; })"
    )


def levels() -> dict:
    return dict(Rating.objects.values_list("participant__number", "level"))


def test_answer_half_reload_go_on_from_a_phone_and_hand_in(cast, at, new_page):
    laptop = new_page(cast.south_representative)
    laptop.goto(at("rate"))
    expect(laptop.get_by_text("Your answers are not shown to anyone")).to_be_visible()
    laptop.get_by_role("link", name="Begin", exact=True).click()
    for partner, value in (("p1", "4"), ("p2", "3"), ("p3", "none")):
        choose(laptop, partner, value)
        expect(state(laptop, partner)).to_have_text("Saved on the server")
    assert levels() == {1: 4, 2: 3, 3: None}
    laptop.reload()
    expect(laptop.locator("#p2 input:checked")).to_have_value("3")

    phone = new_page(cast.south_representative, width=360)
    phone.goto(at("rate"))
    phone.get_by_role("link", name="Continue").click()
    expect(phone.locator("#p1 input:checked")).to_have_value("4")
    for partner in ("p4", "p5", "p6"):
        choose(phone, partner, "1")
    choose(phone, "a", "no")
    choose(phone, "use", "signed")
    phone.get_by_label("Your reason", exact=True).fill("We hear it when it is decided.")
    phone.get_by_role("button", name="Save and continue").click()
    expect(phone.get_by_text("Decision 2 of 2")).to_be_visible()
    said = PrivateAgreement.objects.values_list("reason", flat=True)
    wait_until(lambda: list(said.all()) == ["We hear it when it is decided."], what="the reason is saved")
    assert AnswerEvent.objects.count() == len(levels()) + AnswerEvent.objects.filter(participant=None).count()
    phone.get_by_role("button", name="Save and continue").click()
    phone.get_by_text("What happens if your side is small?").click()
    phone.get_by_label("Show our side even if it is small").check()
    phone.get_by_role("button", name="Submit my answers").click()
    expect(phone.get_by_role("heading", name="Thank you. You have submitted your answers.")).to_be_visible()
    assert Rater.objects.get().submitted_at


def test_a_line_that_breaks_loses_nothing_and_counts_nothing_twice(cast, at, new_page, watch):
    page = plainly(new_page, cast.south_representative)
    page.goto(at("rate-decision", 1))
    page.route(ANSWER, lambda route: route.abort())
    choose(page, "p1", "4")
    expect(line(page)).to_contain_text("1 answer on this device has not been sent yet.")
    expect(state(page, "p1")).to_have_text("On this device")
    page.unroute(ANSWER)
    expect(state(page, "p1")).to_have_text("Saved on the server")
    expect(line(page)).to_be_hidden()
    assert (levels(), AnswerEvent.objects.count()) == ({1: 4}, 1)
    watch.expect("net::ERR_FAILED")


def test_an_answers_mark_and_the_page_say_the_same(cast, at, new_page, watch):
    """An answer that waited when the page came is marked as saved once the line is back, as the page says."""
    page = plainly(new_page, cast.south_representative)
    page.goto(at("rate-decision", 1))
    page.route(ANSWER, lambda route: route.abort())
    choose(page, "p1", "4")
    expect(state(page, "p1")).to_have_text("On this device")
    page.reload()
    expect(state(page, "p1")).to_have_text("On this device")
    expect(line(page)).to_contain_text("1 answer on this device has not been sent yet.")
    page.unroute(ANSWER)
    expect(page.locator("#live")).to_have_text("Everything has been saved on the server.")
    expect(line(page)).to_be_hidden()
    expect(state(page, "p1")).to_have_text("Saved on the server")
    watch.expect("net::ERR_FAILED")


@pytest.mark.parametrize(
    ("name", "wording"),
    [
        ("{acronym}", "Dividing the budget"),
        ("Water Network of Region {number}", "Dividing a part of the common budget among the countries and partners"),
    ],
    ids=["short", "long"],
)
def test_one_question_about_five_partners_is_short(cast, assessment, at, new_page, name, wording):
    assessment.participants.get(number=6).delete()
    with past_triggers():
        assessment.decisions.filter(number=1).update(wording=wording)
    for one in assessment.participants.all():
        one.name = name.format(acronym=one.acronym, number=one.number)
        one.save()
    page = new_page(cast.south_representative, width=360, height=740)
    page.goto(at("rate-decision", 1))
    assert page.locator("fieldset.circles").count() == 5
    assert page.evaluate("document.documentElement.scrollHeight") <= 1200
    circles = [label.bounding_box() for label in page.locator(".circles label").all()]
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in circles)
    assert len({round(box["y"]) for box in circles}) == 5, "each partner has one row"


def test_each_circle_says_partner_and_words(cast, at, new_page):
    page = new_page(cast.south_representative, width=360)
    page.goto(at("rate-decision", 1))
    expect(page.get_by_role("radio", name="4 North 1: Decides")).to_have_count(1)
    expect(page.locator("main[data-ready=yes]")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()  # drawn on the device
    expect(page.get_by_role("radio", name="4 North 1: Decides")).to_have_count(1)


def test_a_reply_that_gets_lost_counts_once(cast, at, new_page, watch):
    page = plainly(new_page, cast.south_representative)
    page.goto(at("rate-decision", 1))
    replies = []

    def lose_the_first(route):
        replies.append(route.fetch())
        if len(replies) == 1:
            route.fulfill(status=502, body="Bad gateway")
        else:
            route.fulfill(response=replies[-1])

    page.route(ANSWER, lose_the_first)
    choose(page, "p1", "4")
    expect(state(page, "p1")).to_have_text("Saved on the server")
    assert [reply.json() for reply in replies] == [replies[0].json()] * 2
    assert AnswerEvent.objects.count() == 1
    watch.expect("502")


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>Sign in</h1>"},
        {"status": 200, "content_type": "application/json", "body": "{}"},
        {"status": 200, "content_type": "application/json", "body": "null"},
        {"status": 200, "content_type": "application/json", "body": '{"m": "another", "v": 1, "won": true}'},
        {"status": 302, "headers": {"Location": "/accounts/login/"}},
    ],
)
def test_only_a_receipt_that_names_the_mutation_means_saved(cast, at, new_page, reply):
    page = plainly(new_page, cast.south_representative)
    page.goto(at("rate-decision", 1))
    page.route(ANSWER, lambda route: route.fulfill(**reply))
    choose(page, "p1", "4")
    expect(line(page)).to_contain_text("1 answer on this device has not been sent yet.")
    expect(state(page, "p1")).to_have_text("On this device")
    assert not Rating.objects.exists()


def test_the_last_of_several_quick_answers_stands(cast, at, new_page):
    page = new_page(cast.south_representative)
    page.goto(at("rate-decision", 1))
    for value in "01234":
        choose(page, "p1", value)
    expect(state(page, "p1")).to_have_text("Saved on the server")
    expect(page.locator("#p1 input:checked")).to_have_value("4")
    assert levels() == {1: 4}


def test_an_answer_that_is_given_while_the_one_before_is_taken_out_of_the_queue_is_sent(cast, at, new_page):
    page = new_page(cast.south_representative)
    page.context.add_init_script("""
        const take = IDBObjectStore.prototype.delete;
        IDBObjectStore.prototype.delete = function (key) {
            const taken = take.call(this, key), next = this.name === "queue" && window.meanwhile;
            if (next) {
                window.meanwhile = null;
                next();
            }
            return taken;
        };
    """)
    page.goto(at("rate-decision", 1))
    page.evaluate("() => { window.meanwhile = () => document.querySelector('#p1 input[value=\"3\"]').click(); }")
    choose(page, "p1", "1")
    expect(page.locator("#p1 input:checked")).to_have_value("3")
    wait_until(lambda: stored(page) == [], what="both answers are sent")
    assert levels() == {1: 3}
    expect(state(page, "p1")).to_have_text("Saved on the server")


def test_a_newer_answer_of_another_device_is_shown(cast, assessment, at, new_page):
    page = new_page(cast.south_representative)
    page.goto(at("rate-decision", 1))
    page.locator("main[data-ready=yes]").wait_for(state="attached")  # what it fetches by itself is here
    page.evaluate(
        "() => { const real = Date.now; let first = true;"
        " Date.now = () => first ? (first = false, real() - 3600000) : real(); }"
    )  # answered an hour ago
    private_answers.save_level(assessment, cast.membership(cast.south_representative), 1, 1, 0, mutation())
    choose(page, "p1", "4")
    expect(state(page, "p1")).to_have_text("This newer answer is from another device.")
    expect(page.locator("#p1 input:checked")).to_have_value("0")
    choose(page, "p1", "3")  # having seen it
    expect(state(page, "p1")).to_have_text("Saved on the server")
    assert levels() == {1: 3}


def test_going_on_waits_for_the_server_where_the_device_cannot_ask_by_itself(cast, at, new_page, watch):
    page = plainly(new_page, cast.south_representative)
    page.route("**/rater/shell/", lambda route: route.abort())
    page.route(ANSWER, lambda route: route.abort())
    page.goto(at("rate-decision", 1))
    expect(page.locator("main[data-ready=no]")).to_be_visible()
    choose(page, "p1", "4")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_contain_text("not on the server yet")
    assert page.url.endswith("/rate/1/")
    page.unroute(ANSWER)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Decision 2 of 2")).to_be_visible()
    assert levels() == {1: 4}
    watch.expect("net::ERR_FAILED")


@pytest.mark.parametrize("keeps", [True, False])
def test_the_browser_asks_before_leaving_only_where_it_keeps_nothing(cast, at, new_page, watch, keeps):
    page = plainly(new_page, cast.south_representative)
    if not keeps:  # as in private windows of some browsers
        page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    page.goto(at("rate-decision", 1))
    page.route(ANSWER, lambda route: route.abort())
    choose(page, "p1", "4")
    expect(line(page)).to_contain_text("1 answer on this device has not been sent yet.")
    assert ("This browser cannot store your answers." in line(page).inner_text()) is not keeps
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(at("rate-practice"))
    assert asked == ([] if keeps else ["beforeunload"])
    page.unroute(ANSWER)
    page.goto(at("rate-decision", 1))
    if keeps:
        expect(page.locator("#p1 input:checked")).to_have_value("4")
        wait_until(levels, what="the answer is sent")
    assert levels() == ({1: 4} if keeps else {})
    watch.expect("net::ERR_FAILED")


def test_a_page_drawn_before_the_newest_answer_shows_that_one_and_sends_nothing(cast, assessment, at, new_page):
    page = plainly(new_page, cast.south_representative)
    private_answers.save_level(
        assessment, cast.membership(cast.south_representative), 1, 1, 2, mutation(ago=timedelta(hours=1))
    )
    drawn_before = page.goto(at("rate-decision", 1)).text()
    choose(page, "p1", "4")
    wait_until(lambda: levels() == {1: 4}, what="the answer is sent")
    expect(state(page, "p1")).to_have_text("Saved on the server")
    page.route(f"**{at('rate-decision', 1)}", lambda route: route.fulfill(body=drawn_before, content_type="text/html"))
    page.goto(at("rate-decision", 1))
    page.locator("main[data-ready=yes]").wait_for(state="attached")
    expect(page.locator("#p1 input:checked")).to_have_value("4")
    assert levels() == {1: 4}
    assert AnswerEvent.objects.count() == 2


def test_signed_out_meanwhile_signs_in_and_nothing_is_lost(cast, at, new_page, watch):
    page = plainly(new_page, cast.south_representative)
    page.goto(at("rate-decision", 1))
    expect(page.locator("main[data-ready=yes]")).to_be_visible()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    choose(page, "p1", "4")
    expect(line(page)).to_contain_text("You are signed out, but nothing is lost")
    assert re.search(r"/accounts/login/\?next=.*rate%2F1%2F", line(page).get_by_role("link").get_attribute("href"))
    line(page).get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.context.add_cookies(cookies)
    page.goto(at("rate-decision", 1))
    expect(page.locator("#p1 input:checked")).to_have_value("4")
    wait_until(levels, what="the answer is sent")
    assert levels() == {1: 4}
    watch.expect("40")


def test_closed_meanwhile_is_said_and_what_was_written_can_be_kept(cast, assessment, at, new_page, watch):
    page = new_page(cast.south_representative)
    page.goto(at("rate-decision", 1))
    expect(page.locator("main[data-ready=yes]")).to_be_visible()
    step(cast, assessment, "close_rating")
    choose(page, "p1", "4")
    expect(page.get_by_role("heading", name="The private ratings are closed")).to_be_focused()
    expect(page.get_by_text("1 answer that you gave on this device was not accepted.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my answers").click()
    assert '"Dividing the budget","North 1","4"' in download.value.path().read_text()
    page.get_by_role("button", name="Delete answers from this device").click()
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="Your own answers")).to_be_visible()
    assert stored(page) == []
    watch.expect("409")


def test_a_reason_waits_for_its_use(cast, at, new_page):
    page = new_page(cast.south_representative)
    page.goto(at("rate-decision", 1))
    expect(page.get_by_label("Your reason", exact=True)).to_be_hidden()
    choose(page, "use", "me")
    page.get_by_label("Your reason", exact=True).fill("For myself")
    choose(page, "use", "")
    expect(page.get_by_label("Your reason", exact=True)).to_be_visible()
    expect(state(page, "a")).to_have_text("First choose who your reason is for.")
    choose(page, "use", "me")
    expect(state(page, "a")).to_have_text("Saved on the server")
    assert PrivateAgreement.objects.get().reason_use == "me"


def test_without_scripts_everything_works(cast, at, new_page):
    page = new_page(cast.south_representative, width=360, java_script_enabled=False)
    page.goto(at("rate"))
    page.get_by_text("How it works").click()
    page.get_by_role("link", name="Practise first").click()
    page.get_by_role("button", name="End the practice").click()
    page.get_by_role("link", name="Begin").click()
    choose(page, "p1", "4")
    choose(page, "a", "yes")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Decision 2 of 2")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#p1 input:checked")).to_have_value("4")
    page.get_by_role("link", name="My answers").click()
    page.get_by_role("button", name="Submit my answers").click()
    page.get_by_role("link", name="Withdraw my answers").click()
    page.get_by_role("button", name="Delete my answers").click()
    expect(page.get_by_text("Your answers have been deleted. No one has been told.")).to_be_visible()
    assert not Rater.objects.exists()


def test_by_keyboard_alone(cast, at, new_page):
    page = new_page(cast.south_representative)
    page.goto(at("rate-decision", 1))
    page.locator("#p1 input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#p1 input:checked")).to_have_value("1")
    page.keyboard.press("Tab")
    expect(page.locator("#p2 input").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # the form's first button is “Save and continue”
    expect(page.get_by_text("Decision 2 of 2")).to_be_visible()
    wait_until(lambda: levels() == {1: 1, 2: 0}, what="both answers are saved")


@pytest.mark.parametrize("language", ["fr", "es", "pt", "nl", "ar"])
def test_what_goes_on_covers_nothing_however_long_its_words_are(cast, at, new_page, language):
    page = new_page(cast.south_representative, width=360)
    page.goto(at("rate-decision", 2) + f"?lang={language}")
    boxes = [button.bounding_box() for button in page.locator(".dock .btn").all()]
    assert max(box["y"] for box in boxes) < min(box["y"] + box["height"] for box in boxes), "one row"
    assert closely(page) == []


BROKEN = r"""row => {
  const broken = [];
  for (const span of row.querySelectorAll("label > span")) {
    const walker = document.createTreeWalker(span, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const word of walker.currentNode.data.matchAll(/[^\s-]+/g)) {
        const range = new Range();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@pytest.mark.parametrize("width", [360, 320])
@pytest.mark.parametrize("language", ["fr", "es", "pt", "nl", "ar"])
def test_whether_one_agrees_breaks_no_word(cast, at, new_page, language, width):
    page = new_page(cast.south_representative, width=width)
    page.goto(at("rate-decision", 2) + f"?lang={language}")
    assert page.locator("#a").evaluate(BROKEN) == []
    assert too_wide(page) == []
