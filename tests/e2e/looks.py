"""How a page is looked at once it was opened: in its language and direction, on a desk and a phone, dark, printed,
enlarged, without movement, and by keys. Each check returns what is wrong, in words.

A page is looked at in one of the six languages, light on a phone and dark on a desk or the other way round: always the
same for this page and others for other pages, and each state of a page in one of its own. So each language has a sixth
of the pages for what is too long for its place and for what is left in English, and the marked language hears on all
pages what no language can translate.
"""

import zlib
from functools import cache
from typing import Literal

from babel.messages.pofile import read_po
from django.conf import settings
from playwright.sync_api import Page

from tests.e2e.stored import stored_lines

LANGUAGES = [code for code, _name in settings.LANGUAGES]
Scheme = Literal["light", "dark"]
PHONE, DESK = 360, 1280
ENLARGED = (640, 320)  # CSS px that are left of a desk's 1280 at 200 % and at 400 % (WCAG 1.4.4, 1.4.10)


def language_of(page: str) -> str:
    """Return the language in which this page is looked at: always the same, another one for other pages."""
    return LANGUAGES[zlib.crc32(page.encode()) % len(LANGUAGES)]


def schemes_of(page: str) -> tuple[Scheme, Scheme]:
    """Return the colour schemes in which this page is looked at on a phone and on a desk."""
    return ("light", "dark") if zlib.crc32(page.encode()) // len(LANGUAGES) % 2 else ("dark", "light")


@cache
def untranslated(language: str) -> frozenset[str]:
    """Return the English texts that are no text of this language in any case, as "Comment" is a French one."""
    with (settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [one for one in read_po(file) if one.id]
    texts = [form for one in messages for form in ([one.string] if isinstance(one.string, str) else one.string)]
    said = {text.casefold() for text in texts}
    return frozenset(one.id for one in messages if isinstance(one.id, str) and one.id.casefold() not in said)


# Tables may be wider than the page where they scroll by themselves; the page never is.
WIDTH = "document.documentElement.scrollWidth"

# What is left on paper although nobody can press it, and tables of which only the seen part would be printed.
PRINTED = """() => {
  const seen = (one) => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden";
  const name = (one) => one.outerHTML.slice(0, 80);
  const pressed = [...document.querySelectorAll("nav, .skip, .languages, .btn, .dock, [role=search]")].filter(seen);
  const cut = [...document.querySelectorAll(".table-scroll, main table")].filter(seen).filter((one) =>
    ["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)
    || getComputedStyle(one).maxHeight !== "none");
  return [...pressed.map((one) => `printed: ${name(one)}`), ...cut.map((one) => `cut on paper: ${name(one)}`)];
}"""

# Whatever moves although the reader asked for stillness. What follows the reader's own scrolling does not.
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0.01);
  return one.getClientRects().length && (lasts(style.transitionDuration)
    || (style.animationName !== "none" && style.animationTimeline === "auto") || style.scrollBehavior === "smooth");
}).map((one) => `moves: ${one.outerHTML.slice(0, 80)}`)"""

# Tab stops whose focus cannot be seen: nothing changes on or around them, or something that sticks lies over them.
FOCUSED = """() => {
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => !one.disabled && one.type !== "hidden" && one.tabIndex >= 0 && one.getClientRects().length
      && getComputedStyle(one).visibility !== "hidden");
  const look = (one) => [one, one.nextElementSibling, one.parentElement].filter(Boolean).map((part) => {
    const style = getComputedStyle(part);
    const outline = style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1 ? "" : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor, style.insetBlockStart].join();
  }).join("|");
  const faults = [];
  for (const one of stops) {
    document.activeElement.blur();
    const before = look(one);
    one.focus();
    if (document.activeElement !== one) continue;
    const name = one.outerHTML.slice(0, 80);
    if (look(one) === before) faults.push(`focus is not seen: ${name}`);
    const box = one.getBoundingClientRect(), corners = [];
    for (const x of [0.1, 0.5, 0.9]) for (const y of [0.1, 0.5, 0.9]) {
      const point = [box.left + box.width * x, box.top + box.height * y];
      if (point[0] >= 0 && point[0] < innerWidth && point[1] >= 0 && point[1] < innerHeight) corners.push(point);
    }
    const covers = (over) => over && !over.contains(one) && !one.contains(over) && sticks(over);
    if (!corners.length) faults.push(`focus is outside of the window: ${name}`);
    else if (corners.every(([x, y]) => covers(document.elementFromPoint(x, y))))
      faults.push(`focus is covered: ${name}`);
  }
  function sticks(over) {
    for (let one = over; one; one = one.parentElement)
      if (["sticky", "fixed"].includes(getComputedStyle(one).position)) return true;
    return false;
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return faults;
}"""

# Numbers that a chart prints beside its marks and the words and table around it do not say; a chart without a number in
# words. On an axis with two directions 0 is said in words: the same level.
WORDLESS = r"""async () => (await Promise.all([...document.querySelectorAll("[data-chart]")].map(async (area) => {
  const { source, chart } = area.dataset, figure = area.closest("figure");
  const beside = () => JSON.parse(figure.querySelector("script").textContent);
  const given = source ? (await (await fetch(source)).json())[chart] : beside();
  if (!given) return [];
  const { data, layout } = given, around = (area.closest("section") || figure).cloneNode(true);
  for (const one of around.querySelectorAll("script, [data-chart]")) one.remove();
  const texts = document.createTreeWalker(around, NodeFilter.SHOW_TEXT), told = [];
  while (texts.nextNode()) told.push(...(texts.currentNode.data.match(/\d+([.,]\d+)?/g) || []));
  const printed = data.flatMap((trace) => trace.text || []).filter((text) => /^\d+([.,]\d+)?$/.test(text));
  const both = layout && layout.xaxis && layout.xaxis.range && layout.xaxis.range[0] < -1;
  const words = area.getAttribute("aria-label");
  return [...(/\d/.test(words) ? [] : [`chart without numbers in words: ${words}`]),
    ...printed.filter((text) => !told.includes(text) && !(both && text === "0"))
      .map((text) => `only drawn: ${text} in ${figure.id}`)];
}))).flat()"""


# What a document says, without what is in another language on purpose. A facilitator's laptop first draws the session
# that it keeps, in the language in which it was kept.
SAID = """() => {
  const SILENT = "script, style, template, svg, noscript, [lang]:not(html), #decision.session-main, .ground-rules";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), said = [document.title];
  while (texts.nextNode())
    if (!texts.currentNode.parentElement.closest(SILENT))
      said.push(texts.currentNode.data.replace(/\\s+/g, " ").trim());
  return said;
}"""


def english(page: Page, language: str) -> list[str]:
    """Return what the page says in English although the language has words of its own, and nobody wrote it."""
    if language == "en":
        return []
    found = untranslated(language).intersection(page.evaluate(SAID))
    return [f"in English: {text}" for text in sorted(found - stored_lines())] if found else []


def speaks(page: Page, language: str) -> list[str]:
    """Return what is wrong with the language and the direction of the page that stands there."""
    said = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    return [] if said == [language, "rtl" if language == "ar" else "ltr"] else [f"speaks {said}"]


def too_wide(page: Page) -> list[str]:
    width, most = page.evaluate(f"[{WIDTH}, innerWidth]")
    return [f"{width} px wide of {most}"] if width > most else []


def closely(page: Page) -> list[str]:
    """Look at the page that stands there by keys, enlarged, without movement and on paper, and leave it so."""
    faults = by_keys(page) + enlarged(page)
    page.emulate_media(reduced_motion="reduce")
    return faults + still_and_printed(page)


def by_keys(page: Page) -> list[str]:
    """Look at the stops of the focus, and at charts as somebody hears them."""
    return [*page.evaluate(WORDLESS), *page.evaluate(FOCUSED)]


def enlarged(page: Page) -> list[str]:
    """Look at the page at 200 % and at 400 %, and leave it so."""
    faults = []
    for width in ENLARGED:
        page.set_viewport_size({"width": width, "height": 512})
        faults += too_wide(page)
    return faults


def still_and_printed(page: Page) -> list[str]:
    """Look at the page without movement, which it is asked for already, and on paper, and leave it so."""
    faults = page.evaluate(MOVING)
    page.emulate_media(media="print", reduced_motion="null")
    return [*faults, *page.evaluate(PRINTED)]
