"""One-laptop mode in a browser: opened once, the network cut, a session held, and everything on the server, once."""

import csv
import io
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import AgreedChange, AgreedLevel, LaptopReceipt, Outcome, SpokenWord
from assessments.services.session import joint
from partnerships.access import member_roles_of
from partnerships.models import Membership
from partnerships.services import memberships
from tests.assessments.making import in_session
from tests.assessments.test_offline import Phone, phone  # noqa: F401 (a fixture)
from tests.bad_line import Line, line  # noqa: F401 (a fixture)
from tests.browser import sign_in
from tests.factories import make_cast
from tests.security.test_found_shared_phone import assert_says_nothing, rows, signs_out
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def assessment(cast):
    Membership.objects.update(confirmed_at="2026-01-01T00:00:00Z")
    return in_session(cast)


@pytest.fixture
def laptop(cast, assessment, phone: Phone) -> Page:  # noqa: F811
    """The page, opened once with a network."""
    sign_in(phone.context, cast.north_facilitator, phone.url)
    phone.page.set_viewport_size({"width": 1280, "height": 900})
    phone.page.goto(reverse("assessments:laptop", args=[assessment.code]))
    expect(phone.page.locator("main[data-ready=yes]")).to_be_visible()
    return phone.page


def cell(page: Page, name: str):
    return page.locator(f"[data-cell={name}]")


MOMENTS = {"choice": "Level", "word": "Agree?", "desired": "Want", "route": "Do"}


def enter(page: Page, moment: str) -> None:
    page.locator(".moments button", has_text=moment).click()


def choose(page: Page, name: str, value: str, field: str = "choice") -> None:
    enter(page, MOMENTS[field])
    button = cell(page, name).locator(f"input[data-name={field}][value='{value}']")
    button.wait_for()  # some are shown once the answer before is on the disk
    button.locator("..").click()  # its label: a press waits until that stands still
    expect(button).to_be_checked()


def told(page: Page):
    return page.locator("#line")


def levels() -> dict:
    rows = AgreedLevel.objects.values_list("decision__number", "participant__number", "actual")
    return {(decision, partner): level for decision, partner, level in rows}


def test_the_page_says_that_it_loads_until_the_session_is_there(cast, assessment, line: Line, phone: Phone):  # noqa: F811
    sign_in(phone.context, cast.north_facilitator, phone.url)
    line.rule = lambda method, path: "held" if "/sheet/" in path else "through"
    phone.page.goto(reverse("assessments:laptop", args=[assessment.code]))
    loading = phone.page.get_by_text("The session is loading.")
    expect(loading).to_be_visible()
    line.release.set()
    expect(phone.page.get_by_role("heading", name="Dividing the budget")).to_be_visible()
    expect(loading).to_be_hidden()


def test_the_page_stops_loading_where_the_session_does_not_come(cast, assessment, line: Line, phone: Phone):  # noqa: F811
    sign_in(phone.context, cast.north_facilitator, phone.url)
    line.rule = lambda method, path: "502" if "/sheet/" in path else "through"
    phone.page.goto(reverse("assessments:laptop", args=[assessment.code]))
    expect(phone.page.get_by_role("heading", name="Open this page once while you are online")).to_be_visible()
    expect(phone.page.get_by_text("The session is loading.")).to_be_hidden()


def test_a_session_without_a_network_is_on_the_server_once_when_it_is_back(cast, assessment, line: Line, laptop):  # noqa: F811
    page = laptop
    expect(told(page)).to_contain_text("Everything has been saved")
    choose(page, "p1", "4")
    expect(cell(page, "p1").locator("output")).to_have_text("Saved")
    line.rule = line.cut
    choose(page, "p1", "3")
    choose(page, "p2", "differs")
    cell(page, "p2").get_by_label("One view").fill("We decide alone")
    cell(page, "p2").get_by_label("Another view").fill("You ask us")
    for number, word in enumerate(("yes", "yes", "no", "passes", "absent", "yes"), start=1):
        choose(page, f"w{number}", word, "word")
    expect(page.locator(".said")).to_have_text("no")
    choose(page, "p3", "4", "desired")
    enter(page, "Do")
    page.get_by_text("Plan an action", exact=True).click()
    page.get_by_role("textbox", name="Planned action").fill("Share the budget")
    page.get_by_label("Partner that will carry out the action").select_option("1")
    page.get_by_label("By when").fill("2027-03-01")
    page.get_by_role("button", name="Add this action").click()
    expect(told(page)).to_contain_text("10 changes on this computer have not been sent yet.")
    expect(cell(page, "p1").locator("output")).to_have_text("On this laptop")

    page.reload()  # without a network
    expect(told(page)).to_contain_text("10 changes on this computer have not been sent yet.")
    expect(cell(page, "p2").get_by_label("Another view")).to_have_value("You ask us")
    enter(page, "Do")
    expect(page.get_by_text("Share the budget")).to_be_visible()
    page.get_by_role("link", name="Next decision").click()
    expect(page.get_by_role("heading", name="Hiring the coordinator")).to_be_focused()
    choose(page, "p1", "2")
    choose(page, "w1", "no", "word")
    enter(page, "Want")
    page.get_by_label("No agreement on what we want").check()
    choose(page, "o", "trial", "route")
    expect(told(page)).to_contain_text("13 changes on this computer have not been sent yet.")
    assert levels() == {(1, 1): 4}
    saved_to_a_file(page)

    line.rule = lost_at_first(line)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(told(page)).to_contain_text("Everything has been saved on the server.")
    assert levels() == {(1, 1): 3, (1, 2): None, (1, 3): None, (2, 1): 2}
    differs = AgreedLevel.objects.get(state="differs")
    assert (differs.one_view, differs.other_view) == ("We decide alone", "You ask us")
    words = SpokenWord.objects.filter(decision__number=1).order_by("participant__number")
    assert list(words.values_list("word", flat=True)) == [
        "yes", "yes", "no", "passes", "absent", "yes",
    ]  # fmt: skip
    assert [(one.agree, one.route) for one in Outcome.objects.order_by("decision__number")] == [
        (False, ""),
        (False, "trial"),
    ]
    assert list(Outcome.objects.filter(no_common_wish=True).values_list("decision__number", flat=True)) == [2]
    assert assessment.actions.get().text == "Share the budget"
    assert LaptopReceipt.objects.count() == 14
    assert not AgreedChange.objects.filter(lost=True).exists()
    sent = [path for method, path, _fate in line.asked if method == "POST"]
    assert len(sent) > LaptopReceipt.objects.count()  # some came twice, and count once


def lost_at_first(line: Line):  # noqa: F811
    """Let each request arrive, and lose the first two answers."""
    lost: list[str] = []

    def rule(method: str, path: str) -> str:
        if method == "POST" and len(lost) < 2:
            lost.append(path)
            return "lost"
        return "through"

    return rule


def saved_to_a_file(page: Page) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download all entries").click()
    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))
    assert rows[0] == ["No.", "Decision", "Partner", "Recorded entry", "Where the entry is stored"]
    assert len(rows) == 1 + 13
    assert any("“We decide alone” / “You ask us”" in row[3] for row in rows)
    assert {row[4] for row in rows[1:]} == {"On this laptop"}


def test_what_another_facilitator_changed_meanwhile_is_shown_beside_ones_own(cast, assessment, line: Line, laptop):  # noqa: F811
    page, decision = laptop, assessment.decisions.get(number=1)
    choose(page, "p1", "4")
    expect(cell(page, "p1").locator("output")).to_have_text("Saved")
    line.rule = line.cut
    choose(page, "p1", "2")
    choose(page, "p2", "1")
    expect(told(page)).to_contain_text("2 changes on this computer have not been sent yet.")
    other = member_roles_of(cast.south_facilitator, cast.partnership)
    partner = assessment.participants.get(number=1)
    joint.record(assessment, other, decision, [joint.Entry(partner, 1, {"actual": 1})])
    line.asked.clear()
    line.rule = lambda method, path: "cut" if method == "POST" else "through"
    page.evaluate("dispatchEvent(new Event('online'))")  # the machine learns of it, and still sends nothing
    wait_until(lambda: any(method == "POST" for method, _path, _fate in line.asked), what="it tries to send")
    choose(page, "p1", "3")
    expect(told(page)).to_contain_text("2 changes on this computer have not been sent yet.")
    line.rule = line.through
    page.evaluate("dispatchEvent(new Event('online'))")
    both = cell(page, "p1").locator(".conflict")
    expect(both.locator("dd").first).to_have_text("1 informed only")
    expect(both.locator("dd").last).to_have_text("3 co-decides")
    expect(told(page)).to_contain_text("1 change could not be saved.")
    expect(cell(page, "p2").locator("output")).to_have_text("Saved")
    assert levels() == {(1, 1): 1, (1, 2): 1}
    page.reload()
    enter(page, "Level")
    both.get_by_role("button", name="Use my entry").click()
    expect(told(page)).to_contain_text("Everything has been saved on the server.")
    expect(both).to_have_count(0)
    assert levels() == {(1, 1): 3, (1, 2): 1}


def test_who_may_record_no_more_is_told_so_and_keeps_what_waits(cast, assessment, line: Line, laptop):  # noqa: F811
    page = laptop
    line.rule = line.cut
    choose(page, "p1", "4")
    expect(told(page)).to_contain_text("There is no connection.")
    memberships.void_membership(cast.membership(cast.north_facilitator), None)
    line.rule = line.through
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(told(page)).to_contain_text("The server could not save this change, but your text is still on this page")
    expect(told(page)).not_to_contain_text("connection")
    expect(told(page)).to_contain_text("1 change on this computer has not been sent yet.")
    assert levels() == {}


def test_clearing_asks_first_and_then_leaves_nothing(assessment, line: Line, laptop):  # noqa: F811
    page = laptop
    line.rule = line.cut
    choose(page, "p1", "4")
    expect(told(page)).to_contain_text("1 change on this computer has not been sent yet.")
    page.get_by_role("button", name="Clear this laptop's data").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "1 change on this computer has not been sent yet. If you clear this laptop's data, these entries will be lost."
    )
    page.get_by_role("button", name="Keep").click()
    names = page.evaluate("() => indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert set(names) == {"laptop", "signed-in"}
    page.get_by_role("button", name="Clear this laptop's data").click()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_role("heading", name="This laptop has been cleared")).to_be_focused()
    assert page.evaluate("() => indexedDB.databases()") == []
    assert page.evaluate("() => caches.keys()") == []
    wait_until(
        lambda: page.evaluate("() => navigator.serviceWorker.getRegistrations().then((a) => a.length)") == 0, 10, "gone"
    )
    assert levels() == {}


def test_what_is_on_the_machine_is_encrypted_and_sign_out_takes_the_rest(assessment, line: Line, laptop):  # noqa: F811
    page = laptop
    choose(page, "p1", "4")
    expect(cell(page, "p1").locator("output")).to_have_text("Saved")
    line.rule = lambda method, path: "cut" if path.endswith("/save/") else "through"
    choose(page, "p2", "differs")
    cell(page, "p2").get_by_label("One view").fill("We decide alone")
    expect(told(page)).to_contain_text("1 change on this computer has not been sent yet.")
    assert len(rows(page, "signed-in/sheets")) == 1
    assert_says_nothing(page, "We decide alone")
    signs_out(page)
    assert_says_nothing(page, "We decide alone")
    assert rows(page, "signed-in/sheets") == []
    assert len(rows(page, "laptop/queue")) == 1


def test_leaving_a_phone_says_that_a_session_waits_on_it_and_clears_that_as_well(assessment, line: Line, laptop):  # noqa: F811
    page = laptop
    line.rule = lambda method, path: "cut" if method == "POST" else "through"
    choose(page, "p1", "4")
    expect(told(page)).to_contain_text("1 change on this computer has not been sent yet.")
    page.goto(reverse("assessments:rater-leave"))
    expect(page.locator("#leave .others")).to_contain_text("1 unsent answer from another person")
    line.rule = line.through
    page.locator("#leave .others input").check()
    page.get_by_role("button", name="Leave and clear", exact=True).click()
    expect(page.get_by_role("heading", name="This phone has been cleared")).to_be_visible()
    assert page.evaluate("() => indexedDB.databases()") == []


def test_a_laptop_has_the_five_moments_with_clock_script_and_order(assessment, line: Line, laptop):  # noqa: F811
    page = laptop
    line.rule = line.cut
    expect(page.locator(".say-now :visible").first).to_contain_text("What happened the last time")
    expect(page.locator(".speakers .is-speaks")).to_have_text("South 1")
    page.get_by_role("button", name="Next speaker").click()
    expect(page.locator(".speakers .is-speaks")).to_have_text("South 2")
    page.get_by_role("button", name="Start the ten-minute timer").click()
    expect(page.locator(".clock-face")).to_contain_text("9:5")
    for moment, heading in (("Level", "How is each partner involved today?"), ("Agree?", "Do we agree?")):
        enter(page, moment)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    enter(page, "Want")
    expect(page.get_by_text("No one said “no”")).to_be_visible()
    page.get_by_text("Who is here?").click()
    page.get_by_role("checkbox", name="South 2").check()
    page.get_by_text("Ground rules").click()
    expect(page.locator(".ground-rules li")).to_have_count(6)
