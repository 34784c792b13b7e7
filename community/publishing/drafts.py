"""A draft from Word or Markdown as a title and parts: each of its highest headings begins one. Pure, but for pandoc."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from community.markdown import normalise, one_line, parser
from community.publishing.pandoc import Unreadable, convert

LARGEST = 5 * 1024 * 1024  # bytes of a file
MOST_UNPACKED = 40 * 1024 * 1024  # bytes of all that a Word file holds
MOST_ENTRIES = 1_000
MOST_PARTS = 80
MOST_WORDS = 60_000  # characters of one part
TITLE = 300
# A heading "Recommendation 2" or "Recommendation: …" in each language of the program.
WORDS = (
    "recommendation", "recommandation", "recomendaci[oó]n", "recomenda[cç][aã]o", "aanbeveling", "(?:ال)?توصي[ةه]"
)  # fmt: skip
RECOMMENDATION = re.compile(rf"^(?:{'|'.join(WORDS)})\s*(?:\d+\s*[.:)\-–—]*|[:\-–—])\s*(.*)$", re.I)


Head = tuple[int, int, int, str]  # first line, line after, level, words


class NotADraft(Exception):
    """Says in words for the reader why a file was not taken."""


@dataclass
class Part:
    title: str
    text: str = ""
    is_recommendation: bool = False


@dataclass
class PaperDraft:
    title: str = ""
    summary: str = ""
    parts: list[Part] = field(default_factory=list)


def parse_draft(data: bytes) -> PaperDraft:
    """Return the draft that a file holds; what kind it is, its content says."""
    if len(data) > LARGEST:
        raise NotADraft(_("This file is too large. Choose a file of at most 5 MB."))
    if data.startswith(b"PK\x03\x04"):
        check_package(data)
        return split(*from_word(data))
    return split(as_text(data))


def check_package(data: bytes) -> None:
    """Refuse what unpacks to too much: unpacked bit by bit and counted, since the sizes that a file states may lie."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if "word/document.xml" not in package.namelist():
                raise NotADraft(_("This is not a Word file (docx). Choose another file."))
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise NotADraft(_("This compressed file is too large. Choose a smaller file."))
            for entry in entries:
                with package.open(entry) as file:
                    while chunk := file.read(64 * 1024):
                        left -= len(chunk)
                        if left < 0:
                            raise NotADraft(_("This compressed file is too large. Choose a smaller file."))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise NotADraft(_("This file is damaged or password-protected. Choose another file.")) from error


def from_word(data: bytes) -> tuple[str, str]:
    """Return the text as Markdown, and the title, if the file has one in the style for titles."""
    try:
        target = "gfm-raw_html-footnotes+yaml_metadata_block"
        text = convert(data, "docx", target, "--wrap=none", "--standalone").decode()
    except Unreadable as error:
        raise NotADraft(
            _("We could not read this Word file. Save it again, or save it as Markdown, and then import it.")
        ) from error
    title = ""
    if front := re.match(r"---\n(.*?)\n---\n", text, re.DOTALL):
        text = text[front.end() :]
        title_line = re.search(r"^title: *(\"?)(.+)\1$", front[1], re.MULTILINE)
        title = title_line[2].replace('\\"', '"') if title_line else ""
    return re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", text), title  # pictures do not come along


def as_text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotADraft(
            _("This is neither a Word file (docx) nor a Markdown file in UTF-8. Choose another file.")
        ) from error
    if "\x00" in text:
        raise NotADraft(_("This is neither a Word file (docx) nor a Markdown file in UTF-8. Choose another file."))
    return text


def split(text: str, title: str = "") -> PaperDraft:
    """Cut a text at its highest headings. A single one at the top is the title, and the next level makes the parts."""
    text = normalise(text)
    lines, heads = text.split("\n"), headings(text)
    draft, first = PaperDraft(one_line(title)[:TITLE]), 0
    if not draft.title and is_title(heads, lines):
        _at, first, _level, draft.title = heads.pop(0)
        draft.title = draft.title[:TITLE]
    top = min((level for _at, _to, level, _words in heads), default=0)
    cuts = [head for head in heads if head[2] == top]
    draft.summary = "\n".join(lines[first : cuts[0][0] if cuts else len(lines)]).strip("\n")
    ends = [*(head[0] for head in cuts[1:]), len(lines)]
    for (_at, start, _level, heading), end in zip(cuts, ends, strict=False):
        draft.parts.append(_part(heading, "\n".join(lines[start:end]).strip("\n")))
    return _checked(draft)


def is_title(heads: list[Head], lines: list[str]) -> bool:
    """Say whether the first heading opens the text and is the only one of its level, above all others."""
    lower = heads[1:]
    return bool(lower) and not "".join(lines[: heads[0][0]]).strip() and heads[0][2] < min(head[2] for head in lower)


def headings(text: str) -> list[Head]:
    """Return the headings outside of lists, quotations and code."""
    tokens = parser().parse(text)
    heads = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            heading = one_line("".join(child.content or " " for child in tokens[place + 1].children or ()))
            level = len(token.markup) if token.markup.startswith("#") else 1 + (token.markup == "-")
            if heading:
                heads.append((token.map[0], token.map[1], level, heading))
    return heads


def _part(heading: str, text: str) -> Part:
    asked = RECOMMENDATION.match(heading)
    if asked:
        return Part((asked[1] or heading)[:TITLE], text, True)
    return Part(heading[:TITLE], text)


def _checked(draft: PaperDraft) -> PaperDraft:
    if not draft.parts and not draft.summary:
        raise NotADraft(_("This file contains no text. Choose another file."))
    if len(draft.parts) > MOST_PARTS:
        raise NotADraft(_("This draft has more than 80 parts. Divide it into several files, and import each file."))
    if any(len(part.text) > MOST_WORDS for part in [Part("", draft.summary), *draft.parts]):
        raise NotADraft(_("One part of this draft is too long. Add more headings to the file."))
    return draft
