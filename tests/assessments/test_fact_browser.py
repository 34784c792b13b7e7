"""A representative declares facts on a phone, and the connection fails in between."""

import pytest
from playwright.sync_api import expect

from assessments.models import FactValue
from tests.assessments.making import choose_fact, make_assessment
from tests.assessments.pages import url
from tests.browser import NewPage, Watch
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_facts_are_saved_once_the_phone_is_online_again(cast, new_page: NewPage, watch: Watch):
    fact = choose_fact(make_assessment(cast), "budget_spent")
    page = new_page(cast.south_representative, width=360, height=740)
    page.goto(url(fact.assessment, "facts-declare"))
    field, said = page.locator("#value-budget_spent"), page.locator("#fact-budget_spent .saved")
    save = page.get_by_role("button", name="Save this fact")

    page.context.set_offline(True)
    field.fill("150 000")
    save.click()
    expect(said).to_contain_text("Not saved yet: no connection.")
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
