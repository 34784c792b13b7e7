"""A language in which each marked text stands in ⟦ ⟧, and what a page says outside of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import available_timezones

import allauth
import django
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import override_settings
from django.utils.translation import trans_real
from playwright.sync_api import BrowserContext, Page

from assessments.models import Assessment, Stage
from assessments.models.private import HandIn
from assessments.services.rating.fieldwork import code_of
from community.models import Language
from partnerships.models import Invitation
from partnerships.templatetags import frame
from tests.e2e.stored import stored_lines

LANGUAGE = "nl"  # its formats stay, its words go, and come back for the looks at Dutch pages
OPEN, CLOSE = "⟦", "⟧"
# Names and signs that are the same in every language. Whoever adds one here has thought of Arabic.
SAME = {
    "PDF", "CSV", "JSON", "ODT", "DOCX", "XLSX", "Word", "OpenDocument", "Markdown", "Excel", "Kobo", "ODK", "Atom",
    "p", "ISO", "UTF", "DOI", "SHA", "UTC", "KB", "MB", "bytes", "PNG", "PPTX", "WhatsApp",
}  # fmt: skip
# In the crawl's mail, in a concern, which lies sealed, and an organisation of the settings.
WRITTEN = {"A long link:", "The budget was changed.", "Oxfam"}
ADDRESS = r"https?://\S+|localhost:\d+/\S+|\S+@\S+|@[\w-]+"
# With a digit; or grouped as a join code, which by chance may have none.
CODE = r"\b(?:(?=[\w-]*\d)[0-9a-hjkmnp-tv-z]{4,}(?:-[0-9a-hjkmnp-tv-z]{4,})+|[a-hjkmnp-tv-z]{4}-[a-hjkmnp-tv-z]{8})\b"


def collected() -> Catalog:
    """Return the texts of the catalogue, which are those in the code (tests/test_catalogues.py), and the libraries'."""
    with (settings.BASE_DIR / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po").open("rb") as file:
        texts = read_po(file)
    contrib = Path(django.__file__).parent.glob(f"c*/**/locale/{LANGUAGE}/LC_MESSAGES/django.mo")
    for library in (*contrib, *Path(allauth.__file__).parent.glob(f"locale/{LANGUAGE}/LC_MESSAGES/django.mo")):
        with library.open("rb") as compiled:
            for message in read_mo(compiled):
                context = message.context.decode() if isinstance(message.context, bytes) else message.context
                if message.id and texts.get(message.id, context) is None:
                    texts.add(message.id, context=context)
    return texts


def pseudo(texts: Catalog) -> Catalog:
    """Return a catalogue in which each text is itself in ⟦ ⟧."""
    made = Catalog(locale=LANGUAGE)
    for message in texts:
        if not message.id:
            continue
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        marked = [f"{OPEN}{form}{CLOSE}" for form in forms]
        made.add(message.id, marked[0] if isinstance(message.id, str) else tuple(marked), context=message.context)
    return made


def marked_words(folder: Path) -> trans_real.DjangoTranslation:
    """Return the words of the marked language, read from a file that is written to this folder."""
    path = folder / LANGUAGE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, pseudo(collected()))
    with override_settings(LOCALE_PATHS=[folder]):
        return trans_real.translation(LANGUAGE)


@contextmanager
def saying(words: trans_real.DjangoTranslation) -> Iterator[trans_real.DjangoTranslation]:
    """Let the language have these words for a while, also in what the frame of pages keeps; yield those it had."""
    before = trans_real.translation(LANGUAGE)
    speak(words)
    try:
        yield before
    finally:
        speak(before)


def speak(words: trans_real.DjangoTranslation) -> None:
    trans_real._translations[LANGUAGE] = words
    frame.rendered.cache_clear()


def ask_for(context: BrowserContext) -> None:
    """Let the browser of a person ask the site for the marked language."""
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": LANGUAGE, "domain": "localhost", "path": "/"}
    context.add_cookies([cookie])


# Texts in the order of the page; a mark that is opened in one node may be closed in the next, but within its block.
SPOKEN = """() => {
  const found = [];
  const clean = (text, open) => {
    let left = "";
    for (const sign of text) {
      if (sign === "⟦") open += 1;
      else if (sign === "⟧") open = Math.max(0, open - 1);
      else left += open ? "⟦" : sign;
    }
    return [left.replace(/⟦+/g, "⟦"), open];
  };
  const keep = (where, left) => {
    if (/\\p{L}/u.test(left)) found.push([where, left.replace(/\\s+/g, " ").trim()]);
  };
  const block = (element) => {
    const inside = (one) => one.parentElement && getComputedStyle(one).display.startsWith("inline");
    while (inside(element)) element = element.parentElement;
    return element;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let last = null, open = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (parent.closest("script, style, template, svg, noscript, code, kbd")) continue;
    if (block(parent) !== last) [last, open] = [block(parent), 0];
    let left;
    [left, open] = clean(node.data, open);
    if (parent.closest("time")) continue;
    const seen = parent.closest("option, details") || parent.getClientRects().length;
    if (seen) keep(parent.tagName.toLowerCase(), left);
  }
  const names = ["aria-label", "title", "alt", "placeholder", "data-confirm", "data-confirm-yes", "data-done"];
  for (const name of names)
    for (const element of document.querySelectorAll(`[${name}]:not(time)`))
      keep(`${element.tagName.toLowerCase()} ${name}`, clean(element.getAttribute(name), 0)[0]);
  keep("title", clean(document.title, 0)[0]);
  return found;
}"""


def unmarked(page: Page, known: set[str]) -> list[str]:
    """Return what a page says in no language. Pass over known texts, and add to them those that may be said."""
    found = {(where, text) for where, text in page.evaluate(SPOKEN) if text not in known}
    data = written() if found else []
    wrong = {(where, text) for where, text in found if not allowed(text, data)}
    known |= {text for _where, text in found - wrong}
    return sorted(f"{where}: {text}" for where, text in wrong)


def allowed(text: str, data: list[str]) -> bool:
    """Say whether nothing is left of a text without what people wrote, addresses, and names that are the same."""
    text = re.sub(f"{ADDRESS}|{CODE}", " ", text)
    for piece in text.split("⟦"):
        piece = piece.strip(" …\u2066\u2067\u2068\u2069")
        if any(piece in one for one in data if len(one) > len(piece) > 3):
            continue  # words of somebody that were cut short
        for one in data:
            piece = piece.replace(one, " ")
        if any(word not in SAME and not word.isdigit() for word in re.findall(r"[^\W\d_][\w'’-]*", piece)):
            return False
    return True


def written() -> list[str]:
    """Return what people wrote, longest first, codes as they are shown, and names that Babel and the settings hold."""
    found = {str(name) for _code, name in settings.LANGUAGES} | {str(one.label) for one in Language}
    locale = Locale(LANGUAGE)
    found |= set(locale.months["format"]["wide"].values())
    found |= (
        set(locale.territories.values())
        | set(locale.languages.values())
        | set(locale.currencies)
        | set(locale.currencies.values())
        | {str(settings.OPERATOR_NAME)}
        | WRITTEN
    )
    found |= {receipt.grouped for receipt in HandIn.objects.all()}
    rating = Assessment.objects.filter(stage=Stage.RATING)
    found |= {code_of(one, own) for one in rating for own in one.partnership.memberships.representatives()}
    found |= {f"{code[:4]}-{code[4:]}" for code in Invitation.objects.values_list("code", flat=True)}
    lines = found | available_timezones() | stored_lines()
    return sorted((line for line in lines if len(line) > 1), key=len, reverse=True)
