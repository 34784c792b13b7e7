"""A person who has no mouse: what tests click, check, choose and fill is reached by Tab and done by keys.

Nothing is focused from outside: an element that Tab does not reach fails the test, and so does a focus that is lost.
"""

import pytest
from playwright.sync_api import Locator, Page

FARTHEST = 400  # presses of Tab
# Whether the focus is on the element, or, of radio buttons, somewhere in its group: arrows do the rest.
THERE = """(element) => {
  const control = element.tagName === "LABEL" ? element.control : element, here = document.activeElement;
  const group = (one) => one.type === "radio" && [one.name, one.form && one.form.id].join();
  return here === control || (!!group(control) && group(here) === group(control));
}"""
CHECKED = "(element) => (element.tagName === 'LABEL' ? element.control : element).checked"
KIND = """(element) => {
  const control = element.tagName === "LABEL" && element.control ? element.control : element;
  return control.tagName === "INPUT" ? control.type : control.tagName.toLowerCase();
}"""

PLACE = """(list, [value, label]) =>
  [...list.options].findIndex((one) => (value === null ? one.label === label : one.value === value))"""


def reach(locator: Locator) -> None:
    """Press Tab until the focus is there."""
    locator.wait_for(state="attached")
    for _press in range(FARTHEST):
        if locator.evaluate(THERE):
            return
        locator.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {locator}")


def press(locator: Locator, **_options) -> None:
    """Do what a click would do."""
    kind = locator.evaluate(KIND)
    if kind in ("radio", "checkbox"):
        return choose(locator)
    reach(locator)
    return locator.page.keyboard.press("Enter")


def choose(locator: Locator, **_options) -> None:
    """Tick a box, or go to a radio button by arrows."""
    reach(locator)
    keyboard = locator.page.keyboard
    if locator.evaluate(KIND) == "checkbox":
        if not locator.evaluate(CHECKED):
            keyboard.press("Space")
    elif not locator.evaluate(CHECKED):
        keyboard.press("Space")
        for _press in range(12):
            if locator.evaluate(CHECKED):
                break
            keyboard.press("ArrowDown")
    assert locator.evaluate(CHECKED), f"{locator} was not chosen by keys"


def write(locator: Locator, text: str, **_options) -> None:
    """Type into a field, in the place of what stands there; a date as its parts."""
    reach(locator)
    keyboard = locator.page.keyboard
    if locator.evaluate(KIND) == "date":
        year, month, day = text.split("-")
        keyboard.type(day + month + year)
    else:
        keyboard.press("Control+A")
        keyboard.type(text)
    assert locator.input_value() == text


def pick(locator: Locator, value: str | None = None, *, label: str | None = None, **_options) -> None:
    """Go through the options of a closed list by arrows."""
    reach(locator)
    goal = locator.evaluate(PLACE, [value, label])
    assert goal >= 0, f"{locator} has no {value or label}"
    locator.page.keyboard.press("Home")
    for _press in range(goal):
        locator.page.keyboard.press("ArrowDown")
    assert locator.evaluate("(list) => list.selectedIndex") == goal


def take_away_the_mouse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever a test asks of a page be done by keys."""
    for name, done in (("click", press), ("check", choose), ("fill", write), ("select_option", pick)):
        monkeypatch.setattr(Locator, name, done)
        on_page = lambda page, selector, *args, done=done, **options: done(page.locator(selector), *args, **options)  # noqa: E731
        monkeypatch.setattr(Page, name, on_page)
