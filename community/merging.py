"""Three-way merge by paragraph. Pure: texts in, pieces out; nothing that somebody wrote is ever dropped unasked."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.5  # from this ratio on, a changed paragraph counts as the same one
MOST_PARAGRAPHS = 1_000  # of one text; more is refused when it is saved
MOST_PAIRS = 2_500  # compared for likeness in one run; longer runs are paired by place


@dataclass(frozen=True)
class Conflict:
    """A paragraph that both changed: what it was, what is there now, what I wrote. Empty means deleted."""

    base: str
    theirs: str
    mine: str


Piece = str | Conflict


@dataclass(frozen=True)
class Edits:
    """One person's changes to a base: each paragraph as it became, and what was put in before each gap."""

    paragraphs: list[str]  # as many as the base has; "" where deleted
    inserted: list[list[str]]  # one more than the base has


def paragraphs(text: str) -> list[str]:
    """Split a text at its empty lines."""
    return [part for part in re.split(r"\n[ \t]*\n+", text.strip("\n")) if part.strip()]


def joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def merge(base: str, theirs: str, mine: str) -> list[Piece]:
    """Merge two changed texts of one base; what only one of them changed is taken, what both did is a conflict."""
    before = paragraphs(base)
    other, own = edits(before, paragraphs(theirs)), edits(before, paragraphs(mine))
    pieces: list[Piece] = []
    for place in range(len(before) + 1):
        pieces += _both(other.inserted[place], own.inserted[place])
        if place < len(before):
            pieces.append(_settle(before[place], other.paragraphs[place], own.paragraphs[place]))
    return [piece for piece in pieces if piece]


def conflicts(pieces: Iterable[Piece]) -> list[Conflict]:
    return [piece for piece in pieces if isinstance(piece, Conflict)]


def resolved(pieces: Iterable[Piece], answers: Sequence[str]) -> str:
    """Return the text with each conflict, in order, replaced by its answer."""
    left = iter(answers)
    return joined(piece if isinstance(piece, str) else next(left) for piece in pieces)


def merged_value(base: str, theirs: str, mine: str) -> Piece:
    """Merge a value that is taken whole, like a title."""
    return _settle(base, theirs, mine)


def edits(base: list[str], new: list[str]) -> Edits:
    """Say what became of each paragraph of the base."""
    became = Edits(list(base), [[] for _ in range(len(base) + 1)])
    matcher = SequenceMatcher(None, base, new)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            _replace(became, start, base[start:end], new[new_start:new_end])
    return became


def _settle(base: str, theirs: str, mine: str) -> Piece:
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else Conflict(base, theirs, mine)


def _both(theirs: list[str], mine: list[str]) -> list[str]:
    """Keep what each put in at one place, theirs first; the same paragraph once."""
    return [*theirs, *(part for part in mine if part not in theirs)]


def _replace(became: Edits, start: int, old: list[str], new: list[str]) -> None:
    """Note that a run of paragraphs became another one: the most alike are the same, in order; the rest is put in."""
    pairs = pair(old, new)
    for place in range(len(old)):
        became.paragraphs[start + place] = ""
    gap = start
    partner = {new_place: old_place for old_place, new_place in pairs}
    for place, text in enumerate(new):
        if place in partner:
            became.paragraphs[start + partner[place]] = text
            gap = start + partner[place] + 1
        else:
            became.inserted[gap].append(text)


def pair(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Pair the paragraphs of two runs, in order: by likeness, and those that are left between by their place."""
    if not old or not new:
        return []
    ratio, i, j = likest(old, new)
    if ratio < ALIKE:
        return list(zip(range(len(old)), range(len(new)), strict=False))
    after = [(i + 1 + left, j + 1 + right) for left, right in pair(old[i + 1 :], new[j + 1 :])]
    return [*pair(old[:i], new[:j]), (i, j), *after]


def likest(old: list[str], new: list[str]) -> tuple[float, int, int]:
    """Return the greatest likeness of two paragraphs, and where they stand."""
    if len(old) * len(new) > MOST_PAIRS:
        return 0.0, 0, 0
    bags, others = [Counter(text.split()) for text in old], [Counter(text.split()) for text in new]
    likenesses = ((alike(bag, other), -i, -j) for i, bag in enumerate(bags) for j, other in enumerate(others))
    ratio, i, j = max(likenesses)
    return ratio, -i, -j


def alike(left: Counter[str], right: Counter[str]) -> float:
    """Return the share of words that two paragraphs have in common, 0 to 1."""
    return 2 * (left & right).total() / ((left.total() + right.total()) or 1)
