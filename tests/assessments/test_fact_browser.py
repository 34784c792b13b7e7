"""A representative declares facts on a phone, and the connection fails in between."""

import pytest
from playwright.sync_api import Page, expect

from assessments.models import FactValue
from tests.assessments.making import choose_fact, declare_fact, make_assessment
from tests.assessments.pages import url
from tests.browser import NewPage, Watch, sign_in
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def ready_offline(page: Page) -> None:
    """Wait until the page of facts and what it needs are kept on the phone."""
    expect(page.locator("main[data-ready=yes]")).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready.then((one) => one.active.state)")
    page.wait_for_function("() => caches.keys().then((names) => names.length === 2)")


def save_unsent(page: Page, watch: Watch, value: str, fault: str = "ERR_INTERNET_DISCONNECTED") -> None:
    """Save a fact that does not reach the server: the phone keeps it, and says so."""
    page.locator("#value-budget_spent").fill(value)
    page.get_by_role("button", name="Save this fact").click()
    expect(page.locator("#fact-budget_spent .saved")).to_contain_text("It is kept on this device.")
    watch.expect(fault)


def test_facts_are_saved_once_the_phone_is_online_again(cast, new_page: NewPage, watch: Watch):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative, width=360, height=740)
    page.goto(url(fact.assessment, "facts-declare"))
    ready_offline(page)
    field, said = page.locator("#value-budget_spent"), page.locator("#fact-budget_spent .saved")
    save = page.get_by_role("button", name="Save this fact")

    page.context.set_offline(True)
    field.fill("150 000")
    save.click()
    expect(said).to_contain_text("Your entry has not been saved yet because there is no connection.")
    watch.expect("ERR_INTERNET_DISCONNECTED")
    assert not FactValue.objects.exists()
    page.context.set_offline(False)
    expect(said).to_have_text("Saved")
    assert fact.values.get().value == 150_000

    field.fill("160000")
    save.click()
    wait_until(lambda: fact.values.get().value == 160_000, what="the second value is saved")
    field.fill("-5")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be negative")
    expect(field).to_have_value("-5")
    watch.expect("422")
    assert fact.values.get().version == 2


def test_a_fact_is_saved_when_the_page_was_closed_before_it_was_sent(cast, new_page: NewPage, watch: Watch):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    address = url(fact.assessment, "facts-declare")
    page = new_page(cast.south_representative, width=360, height=740)
    page.goto(address)
    ready_offline(page)
    page.context.set_offline(True)
    save_unsent(page, watch, "150 000")
    context = page.context
    page.goto("about:blank")  # a page that is being closed is told that it is online again, and sends
    page.close()
    context.set_offline(False)
    assert not FactValue.objects.exists()

    again = context.new_page()
    again.goto(address)
    expect(again.locator("#fact-budget_spent .saved")).to_have_text("Saved")
    expect(again.locator("#value-budget_spent")).to_have_value("150 000")
    assert fact.values.get().value == 150_000
    again.reload()
    expect(again.locator("#value-budget_spent")).to_have_value("150000")
    assert fact.values.get().version == 1, "it is sent once"


def test_a_fact_that_waits_does_not_replace_a_newer_one(cast, new_page: NewPage, watch: Watch):
    """A colleague has saved another value while it waited: both are shown."""
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative)
    page.goto(url(fact.assessment, "facts-declare"))
    ready_offline(page)
    page.context.set_offline(True)
    save_unsent(page, watch, "150000")
    declare_fact(fact, cast.partners["s1"], 99)
    page.context.set_offline(False)
    expect(page.get_by_text("Someone else has saved a different value.")).to_be_visible()
    watch.expect("422")
    expect(page.locator("#fact-budget_spent .callout-warn")).to_contain_text("150000")
    assert fact.values.get().value == 99
    page.get_by_role("button", name="Save my entry").click()
    wait_until(lambda: fact.values.get().value == 150_000, what="the own entry is saved")


def waiting_on(page: Page, watch: Watch, fact) -> None:
    """Save a fact that does not reach the server, and go to the page on which the phone is cleared."""
    page.goto(url(fact.assessment, "facts-declare"))
    page.route("**/facts/own/*/", lambda route: route.abort())
    save_unsent(page, watch, "150000", "ERR_FAILED")
    page.goto("/assessments/rater/leave/")


def test_leaving_a_phone_sends_facts_that_wait(cast, new_page: NewPage, watch: Watch):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative)
    waiting_on(page, watch, fact)
    expect(page.get_by_text("1 answer on this device has not been sent yet.")).to_be_visible()
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Send answers now").click()
    page.unroute_all()
    watch.expect("ERR_FAILED")
    assert not FactValue.objects.exists()
    page.get_by_role("button", name="Send answers now").click()
    expect(page.locator(".unsent")).to_be_hidden()
    assert fact.values.get().value == 150_000
    expect(page.locator(".others")).to_be_hidden()


def test_leaving_a_phone_sends_nobody_elses_facts(cast, new_page: NewPage, watch: Watch, live_server):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative)
    waiting_on(page, watch, fact)
    page.unroute_all()
    FactValue.objects.all().delete()
    sign_in(page.context, cast.north_representative, live_server.url)
    with page.expect_response("**/facts/own/"):
        page.reload()
    expect(page.locator(".others")).to_be_visible()
    expect(page.get_by_role("button", name="Send answers now")).to_be_hidden()
    assert not FactValue.objects.exists()


def test_the_page_of_facts_opens_without_a_connection(cast, new_page: NewPage, watch: Watch):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative, width=360, height=740)
    page.goto(url(fact.assessment, "facts-declare"))
    field, said = page.locator("#value-budget_spent"), page.locator("#fact-budget_spent .saved")
    field.fill("120000")
    page.get_by_role("button", name="Save this fact").click()
    expect(said).to_have_text("Saved")
    ready_offline(page)

    page.context.set_offline(True)
    page.reload()
    expect(field).to_have_value("120000")
    save_unsent(page, watch, "150 000")
    page.reload()
    expect(field).to_have_value("150 000")
    assert fact.values.get().value == 120_000
    page.context.set_offline(False)
    expect(said).to_have_text("Saved")
    assert (fact.values.get().value, fact.values.get().version) == (150_000, 2)

    page.context.set_offline(True)
    page.reload()
    expect(field).to_have_value("150 000")
    save_unsent(page, watch, "160000")
    page.context.set_offline(False)
    expect(said).to_have_text("Saved")
    assert (fact.values.get().value, fact.values.get().version) == (160_000, 3), "the kept page knew its own version"


def test_the_kept_page_of_facts_opens_for_nobody_else(cast, new_page: NewPage, watch: Watch, live_server):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative)
    page.goto(url(fact.assessment, "facts-declare"))
    ready_offline(page)
    sign_in(page.context, cast.north_representative, live_server.url)
    page.goto("/")
    page.context.set_offline(True)
    page.goto(url(fact.assessment, "facts-declare"))
    expect(page.get_by_role("heading", name="This page needs a connection")).to_be_visible()
    expect(page.locator("#value-budget_spent")).to_have_count(0)
    page.context.set_offline(False)
