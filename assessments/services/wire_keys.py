"""The short keys of what devices send and get, each with the word it stands for: every byte counts on a slow line.

Phones keep unsent answers under these keys for weeks, so that none of them may change its meaning.
"""

from collections.abc import Mapping
from typing import Any

COMMON = {"w": "membership", "m": "mutation", "d": "decision", "b": "base", "s": "sheet", "v": "version"}
# A private answer, and the receipt for it: the answer that stands where another one won.
ANSWER = COMMON | {
    "p": "partner",
    "l": "level",
    "a": "agree",
    "u": "use",
    "r": "reason",
    "t": "answered_at",
    "n": "sent_at",
    "won": "won",
}
HAND_IN = COMMON | {"tick": "tick"}
HAND_IN_RECEIPT = {"m": "mutation", "n": "answers", "c": "code", "at": "at"}
# A cell of a session that one laptop records, and the receipt for it, beside which `theirs` is what stands instead.
CELL = COMMON | {"c": "cell", "a": "answer", "won": "won", "error": "error"}


def readable(data: Any, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return a received object by its words, without what is no key of it; raise TypeError for anything else."""
    if not isinstance(data, dict):
        raise TypeError("an object is needed")
    return {keys[short]: value for short, value in data.items() if short in keys}


def shortened(data: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return an answer by its short keys; raise KeyError for a word that has none."""
    short = {word: key for key, word in keys.items()}
    return {short[word]: value for word, value in data.items()}
