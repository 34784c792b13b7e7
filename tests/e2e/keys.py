"""Hands that have only a keyboard: what a test clicks, ticks, chooses and writes is reached by Tab and arrow keys from
where the focus is, and done by Enter, Space and letters. What cannot be reached, or loses the focus, fails."""

import pytest
from playwright.sync_api import ElementHandle, Locator, Page, expect

MOST = 250  # steps until a stop counts as out of reach

# What takes the focus for a thing: the field of a label, the link or button around a word.
CONTROL = """one => {
  const label = one.closest("label");
  return label && label.control || one.closest("a, button, summary, input, select, textarea") || one;
}"""
# Where the focus is, seen from a control: on it, on a radio of its group, before it, or behind it.
WHERE = """one => {
  const now = document.activeElement;
  if (now === one) return "here";
  if (one.type === "radio" && now.type === "radio" && now.name === one.name && now.form === one.form) return "group";
  return now.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING ? "behind" : "before";
}"""
LOST = "() => document.activeElement === document.body && window.handled === document.URL"
STEPS = {"before": "Tab", "behind": "Shift+Tab"}


def reach(locator: Locator) -> ElementHandle:
    """Bring the focus to what a locator finds, step by step, and return it."""
    expect(locator).to_be_attached()
    page = locator.page
    assert not page.evaluate(LOST), f"the focus was lost before {locator}"
    control = locator.evaluate_handle(CONTROL).as_element()
    assert control
    for _step in range(MOST):
        where = control.evaluate(WHERE)
        if where == "here":
            return control
        if where == "group":
            page.keyboard.press("ArrowDown")
            continue
        page.keyboard.press(STEPS[where])
    raise AssertionError(f"{locator} is out of the keyboard's reach: {control.evaluate('one => one.outerHTML')}")


def press(control: ElementHandle, page: Page, key: str) -> None:
    """Press a key on what has the focus, and remember that this page had it."""
    page.evaluate("window.handled = document.URL")
    page.keyboard.press(key)


def click(self: Locator, **_options) -> None:
    control, page = reach(self), self.page
    kind = control.evaluate("one => one.type || one.localName")
    if kind == "radio":
        tick(control, page)
    else:
        press(control, page, "Space" if kind in ("checkbox", "summary") else "Enter")


def tick(control: ElementHandle, page: Page) -> None:
    """A radio that arrow keys led to is chosen already; the first of a group that has no choice is not."""
    if not control.is_checked():
        press(control, page, "Space")


def check(self: Locator, **_options) -> None:
    control, page = reach(self), self.page
    tick(control, page)
    expect(self).to_be_checked()


def fill(self: Locator, value: str, **_options) -> None:
    control, page = reach(self), self.page
    if control.get_attribute("type") == "date":
        return fill_date(control, page, value)
    page.keyboard.press("Control+A")
    return page.keyboard.type(value)


def fill_date(control: ElementHandle, page: Page, value: str) -> None:
    """A date has a stop for each of its parts, in the order of the browser's own language."""
    year, month, day = value.split("-")
    for written in (f"{month}{day}{year}", f"{day}{month}{year}"):
        while control.evaluate(WHERE) == "here":
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(written)
        if control.input_value() == value:
            return
    raise AssertionError(f"{value} was taken as {control.input_value()}")


def select_option(self: Locator, value: str | None = None, *, label: str | None = None, **_options) -> None:
    control, page = reach(self), self.page
    at, now = control.evaluate(
        """(one, [value, label]) => [[...one.options].findIndex((each) =>
          value === null ? each.label === label : each.value === value), one.selectedIndex]""",
        [value, label],
    )
    assert at >= 0, f"{self} has no option {value or label}"
    for _step in range(abs(at - now)):
        page.keyboard.press("ArrowDown" if at > now else "ArrowUp")
    assert control.evaluate("one => one.selectedIndex") == at


@pytest.fixture
def by_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the mouse away from everybody in a test."""
    for act in (click, check, fill, select_option):
        monkeypatch.setattr(Locator, act.__name__, act)

        def on_page(self: Page, selector: str, *args, act=act, **options) -> None:
            act(self.locator(selector), *args, **options)

        monkeypatch.setattr(Page, act.__name__, on_page)
