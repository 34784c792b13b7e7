"""Check English texts and docs against the rules of writing: `python -m supply.voice` (part of `make lint`).

A text that must break a rule is named in `voice_exceptions.txt`, with the reason.
"""

import html
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

HOME = Path(__file__).resolve().parent.parent
CATALOGUE = HOME / "locale" / "fr" / "LC_MESSAGES" / "django.po"
EXCEPTIONS, WORDS = HOME / "supply" / "voice_exceptions.txt", HOME / "supply" / "voice_words.txt"
WORDS_OF_A_SENTENCE, WORDS_OF_DOCS, LINE = 20, 28, 120
APOSTROPHE = "['’]"
CONTRACTION = re.compile(
    rf"\b(?:\w+n{APOSTROPHE}t|(?:it|that|what|there|here|who|let|he|she|where|how){APOSTROPHE}s"
    rf"|\w+{APOSTROPHE}(?:re|ve|ll|m|d))\b",
    re.I,
)
PRONOUN = re.compile(r"\b(?:s?he|her|hers|herself|his|him|himself)\b", re.I)
NOT_WORDS = {"–", "—", "·", "→", "=", "+", "|", "×", "-", "/"}


class Text(NamedTuple):
    """A text that somebody reads: where it is, and how many words its sentences may have (none for a line)."""

    place: str
    words: str
    limit: int | None


class Fault(NamedTuple):
    """A rule that a text breaks, and what to write instead."""

    rule: str
    instead: str


def main() -> int:
    """Print what fails, and return 1 if something does."""
    named = exceptions()
    lines = [*broken_rules(named), *needless(named)]
    for line in lines:
        print(f"Voice: {line}")
    return 1 if lines else 0


def exceptions() -> tuple[str, ...]:
    """Return how the texts start that may break a rule, from the data file."""
    return tuple(line.split(" > ")[0] for line in data_lines(EXCEPTIONS))


def broken_rules(named: tuple[str, ...]) -> Iterator[str]:
    """Return a line for each rule that a text breaks without being an exception."""
    for text in texts():
        if not text.words.startswith(named):
            yield from (f"{text.place}: {fault.rule}: {fault.instead}" for fault in faults(text))


def needless(named: tuple[str, ...]) -> Iterator[str]:
    """Return a line for each exception of which no text breaks a rule."""
    broken = [text.words for text in texts() if faults(text)]
    for start in named:
        if not any(words.startswith(start) for words in broken):
            yield f'{EXCEPTIONS.name}: no text that starts with "{start}" breaks a rule'


# What is read


def texts() -> Iterator[Text]:
    """Return every English text of the catalogue, then every sentence of the docs."""
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            yield from of_message(message)
    for path in documents():
        yield from of_document(str(path.relative_to(HOME)), path.read_text())


def documents() -> list[Path]:
    """Return the docs. Glossaries are left out: they name the words that are not used."""
    found = [*HOME.glob("*.md"), *HOME.glob("docs/**/*.md")]
    return sorted(path for path in found if path.parent.name != "glossary")


def of_message(message: Message) -> Iterator[Text]:
    """Return the forms of one text of the catalogue."""
    place = message.locations[0][0] if message.locations else CATALOGUE.name
    forms = [message.id] if isinstance(message.id, str) else message.id
    for words in filter(None, forms):
        start = " ".join(words.split())[:50]
        yield Text(f'{place} "{start}"', words, WORDS_OF_A_SENTENCE)


def of_document(name: str, markdown: str) -> Iterator[Text]:
    """Return the sentences of a page of docs, and its lines that are too long."""
    for number, block in blocks(markdown):
        for sentence in sentences(prose(block)):
            yield Text(f"{name}:{number}", sentence, WORDS_OF_DOCS)
    for number, line in outside_code(markdown):
        if len(line) > LINE and not line.startswith("|"):
            yield Text(f"{name}:{number}", line, None)


def outside_code(markdown: str) -> Iterator[tuple[int, str]]:
    """Return the numbered lines that are in no block of code."""
    inside = False
    for number, line in enumerate(markdown.splitlines(), 1):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            yield number, line


def blocks(markdown: str) -> Iterator[tuple[int, str]]:
    """Return paragraphs, items, headings and cells, each with the number of its first line."""
    start = 0
    lines: list[str] = []
    for number, line in [*outside_code(markdown), (0, "")]:
        begins = bool(re.match(r"\s*(?:[-*#|>]|\d+\.)", line)) or not line.strip()
        if begins and lines:
            yield start, " ".join(lines)
            lines = []
        if line.startswith("|"):
            yield from ((number, cell) for cell in line.split("|"))
        elif line.strip():
            start, lines = (start if lines else number), [*lines, line.strip()]


def prose(markdown: str) -> str:
    """Return Markdown without its marks; code counts as one word."""
    text = re.sub(r"`[^`]+`", "code", markdown)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"^(?:[-*#>]+|\d+\.)\s+|\*\*|<[^>]+>", "", text)


# The rules


def faults(text: Text) -> list[Fault]:
    """Return every rule that a text breaks."""
    if text.limit is None:
        return [Fault(f"a line of {len(text.words)} characters", f"at most {LINE}")]
    plain = without_markup(text.words)
    return [*too_long(plain, text.limit), *marks(plain), *pronouns(plain), *forbidden(plain)]


def without_markup(text: str) -> str:
    """Return a text as it is read: no tags, and one word for each value put in."""
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"%\(\w+\)\w|%[sd]|\{\w*\}", "N", text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line of its own is one as well."""
    parts = re.split(r"(?<=[.!?])[\"”’)*]*\s+(?=[\"“‘(*]*[A-Z0-9])|\n\s*[-•\n]\s*", text)
    return [part.strip() for part in parts if part.strip()]


def too_long(text: str, limit: int) -> Iterator[Fault]:
    """Return the sentences that have more words than they may."""
    for sentence in sentences(text):
        count = len([word for word in sentence.split() if word not in NOT_WORDS])
        if count > limit:
            yield Fault(f"a sentence of {count} words", f'at most {limit}, in "{sentence[:60]} …"')


def marks(text: str) -> Iterator[Fault]:
    """Return semicolons and contractions."""
    if ";" in text:
        yield Fault("a semicolon", "two sentences")
    for found in CONTRACTION.findall(text):
        yield Fault(f'the contraction "{found}"', "both words in full")


def pronouns(text: str) -> Iterator[Fault]:
    """Return "she" and "he" for a person who may be anyone."""
    for found in sorted({word.lower() for word in PRONOUN.findall(text)}):
        yield Fault(f'"{found}"', "they, them, their")


def forbidden(text: str) -> Iterator[Fault]:
    """Return the words that we do not use."""
    for pattern, instead in words():
        if found := pattern.search(text):
            yield Fault(f'"{found[0]}"', instead)


@cache
def words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the forbidden words and what we write instead, from the data file."""
    pairs = [line.split(" > ") for line in data_lines(WORDS)]
    return tuple((re.compile(rf"\b(?:{found})(?!\w)", re.I), instead) for found, instead in pairs)


def data_lines(path: Path) -> list[str]:
    """Return the lines of a data file; lines that start with # are comments."""
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


if __name__ == "__main__":
    sys.exit(main())
