"""What the files to share contain: plain data, in one language, made from the Release and the agreed result only."""

from typing import Any, NotRequired, TypedDict


class Picture(TypedDict):
    """One chart: `drawing` names it in the typst template, `data` are its rows; `note` stands below it."""

    name: str
    drawing: str
    title: str
    note: str
    alternative: str  # the chart in words, by its numbers
    data: dict[str, Any]


class Content(TypedDict):
    """The results in short, the pictures, and what comes next."""

    language: str
    rtl: bool
    title: str
    partnership: str
    phase: str
    headline: str
    lines: list[str]
    pictures: list[Picture]
    next_title: str
    next_steps: list[str]
    stamp: str
    words: dict[str, str]
    sides: dict[str, str]
    ladder: list[str]
    perceived: NotRequired[str]
    facts_title: NotRequired[str]
    facts: NotRequired[list[str]]  # sentences, where both sides let facts leave the assessment
