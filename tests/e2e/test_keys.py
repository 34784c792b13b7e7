"""Hands with a keyboard alone fail where a thing cannot be reached, and where it takes the focus away with it."""

import pytest
from playwright.sync_api import Locator

from tests.e2e import keys
from tests.e2e.keys import by_keys  # noqa: F401 (a fixture)

PAGE = """
<p id="dead" onclick="1">Dead</p>
<button onclick="this.parentElement.replaceChild(document.createElement('hr'), this)">Gone</button>
<details><summary>More</summary><label><input type="checkbox">Yes</label></details>
<label><input type="radio" name="level" value="1">One</label>
<label><input type="radio" name="level" value="2">Two</label>
<label>Date <input type="date"></label> <label>Where <select><option>Here<option>There</select></label>
"""


def test_all_kinds_of_fields_are_used_from_wherever_the_focus_is(page):
    page.set_content(PAGE)
    keys.select_option(page.get_by_label("Where"), label="There")
    keys.fill(page.get_by_label("Date"), "2031-05-01")
    keys.check(page.get_by_label("Two"))
    keys.check(page.get_by_label("One"))
    keys.click(page.get_by_text("More"))
    keys.click(page.get_by_text("Yes"))
    values = page.evaluate("[...document.querySelectorAll('input, select')].map((one) => one.checked || one.value)")
    assert values == [True, True, "2", "2031-05-01", "There"]


def test_what_cannot_be_reached_or_loses_the_focus_fails(page, monkeypatch):
    monkeypatch.setattr(keys, "MOST", 12)
    page.set_content(PAGE)
    with pytest.raises(AssertionError, match="out of the keyboard's reach"):
        keys.click(page.locator("#dead"))
    keys.click(page.get_by_role("button", name="Gone"))
    with pytest.raises(AssertionError, match="the focus was lost"):
        keys.click(page.get_by_text("More"))


def test_the_mouse_is_taken_away(page, by_keys):  # noqa: F811
    assert Locator.click is keys.click
    page.set_content(PAGE)
    page.click("summary")
    assert page.evaluate("document.activeElement.localName") == "summary"
