"""What a screen asks of the person in front of it: clicks, pages, words, controls and height, as a browser shows them.

Browser tests and `bench.way` measure by the same functions, against the same goals.
"""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

MOST_CLICKS, MOST_PAGES = 25, 12  # from the landing page to open ratings
MOST_WORDS = 150  # before the first private answer; the rest is one tap away
MOST_CONTROLS = 30  # on a facilitator's screen, in one moment

# A control is a tab stop; a group of radio buttons is one.
CONTROLS = """() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0;
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => {
      const group = one.type === "radio" && `${[...document.forms].indexOf(one.form)} ${one.name}`;
      if (!seen(one) || groups.has(group)) return false;
      if (group) groups.add(group);
      return true;
    }).length;
}"""


def control_count(page: Page) -> int:
    """Return the number of controls that can be reached."""
    return page.evaluate(CONTROLS)


def height(page: Page) -> int:
    """Return the height of the whole page in CSS pixels."""
    return page.evaluate("document.documentElement.scrollHeight")


def spoken_before(page: Page, selector: str) -> list[str]:
    """Return the words of the page's main part that come before an element, without what is hidden."""
    return page.evaluate(
        r"""selector => {
            const range = new Range(), main = document.getElementById("main");
            range.setStart(main, 0);
            range.setEndBefore(document.querySelector(selector));
            const box = main.appendChild(document.createElement("div"));
            box.append(range.cloneContents());
            const words = box.innerText.split(/\s+/).filter(Boolean);
            box.remove();
            return words;
        }""",
        selector,
    )


@dataclass
class Counted:
    """A browser whose clicks and pages are counted, as WAY counts them: presses of links, buttons and ticks."""

    page: Page
    clicks: int = 0
    pages: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.saw()

    def saw(self) -> None:
        self.page.wait_for_load_state()
        self.pages.append(self.page.url)

    def tick(self, at: Locator) -> None:
        at.check()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).last.click()
        self.clicks += 1
        self.saw()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        self.clicks += 1
        self.saw()
