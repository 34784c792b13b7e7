"""What changed between two texts, for reading: paragraph by paragraph, inside them word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from community.merging import edits, paragraphs

Mark = Literal["same", "ins", "del"]
MANY_WORDS = 2_000  # above, a paragraph is compared as a whole, so that no text makes the page slow


@dataclass(frozen=True)
class Span:
    mark: Mark
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph: untouched, put in, taken out, or changed inside."""

    mark: Literal["same", "ins", "del", "changed"]
    spans: list[Span]


def compare(before: str, after: str) -> list[Block]:
    """Return the paragraphs of both texts in reading order."""
    old = paragraphs(before)
    changes = edits(old, paragraphs(after))
    blocks: list[Block] = []
    for place in range(len(old) + 1):
        blocks += [whole("ins", text) for text in changes.inserted[place]]
        if place < len(old):
            blocks.append(_block(old[place], changes.paragraphs[place]))
    return blocks


def whole(mark: Mark, text: str) -> Block:
    return Block(mark, [Span(mark, text)])


def compare_words(before: str, after: str) -> list[Span]:
    """Return the words of both texts, marked as kept, deleted or inserted."""
    old, new = (re.findall(r"\w+\s*|[^\w\s]\s*|\s+", text) for text in (before, after))
    if max(len(old), len(new)) > MANY_WORDS:
        return [Span("del", before), Span("ins", after)]
    spans: list[Span] = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            spans.append(Span("same", "".join(old[start:end])))
        else:
            spans.append(Span("del", "".join(old[start:end])))
            spans.append(Span("ins", "".join(new[new_start:new_end])))
    return [span for span in spans if span.text]


def _block(old: str, new: str) -> Block:
    if old == new:
        return whole("same", old)
    return Block("changed", compare_words(old, new)) if new else whole("del", old)
