"""What the inventory of measures begins with: a list and its sources (CSV), and words and steps (TOML)."""

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.utils import translation

from assessments.models import Topic
from community.models import Maturity, Reported

HERE = Path(__file__).parents[2] / "seed"
# The status column, in the words of the inventory. Where nobody is known to have tried it, it is proposed.
REPORTED = {
    "tried": Reported.TRIED,
    "committed": Reported.COMMITTED,
    "recommended by a source": Reported.RECOMMENDED,
    "prototype": Reported.PROTOTYPE,
    "proposed": Reported.PROPOSED,
}


@dataclass(frozen=True)
class Source:
    """Who is reported to do it, and where that is written: a page, or a document without one in words alone."""

    who: str
    says: str
    title: str
    publisher: str
    date: str  # 2022, 2022-02 or 2022-02-28; empty where the source has none
    page: str

    def __post_init__(self) -> None:
        """Refuse a source that nobody could look up: without a title or publisher, or a host in place of a page."""
        if not (self.title and self.publisher):
            raise ValueError(f"a source has a title and a publisher: {self}")
        if self.page and not re.fullmatch(r"https://[a-z0-9.-]+/\S*[^/\s]\S*", self.page):
            raise ValueError(f"a source is a page and no bare host: {self.page}")

    @property
    def year(self) -> int | None:
        return int(self.date[:4]) if self.date else None


@dataclass(frozen=True)
class Sown:
    """One measure of the list."""

    slug: str
    title: str
    reported: Reported
    sources: list[Source]
    topics: list[str]
    words: dict

    @property
    def maturity(self) -> Maturity:
        return Maturity.TRIED if self.reported == Reported.TRIED else Maturity.PROPOSED


def load_measures() -> list[Sown]:
    """Return all measures in the order of the list."""
    texts = tomllib.loads((HERE / "measures.toml").read_text(encoding="utf-8"))
    sources, topics = _sources(), _topics()
    return [_sown(row, texts[row["slug"]], sources.get(row["slug"], []), topics) for row in _rows("measures.csv")]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _topics() -> dict[str, str]:
    """Return the topics by their English names, which the list uses."""
    with translation.override("en"):
        return {str(topic.label): topic.value for topic in Topic}


def _sources() -> dict[str, list[Source]]:
    """Return the sources of each measure, by its slug."""
    found: dict[str, list[Source]] = {}
    for row in _rows("sources.csv"):
        found.setdefault(row.pop("slug"), []).append(Source(**row))
    return found


def _sown(row: dict[str, str], texts: dict, sources: list[Source], topic_by_name: dict[str, str]) -> Sown:
    topics = [topic_by_name[name] for name in row["topics"].split("; ")]
    return Sown(row["slug"], row["measure"], REPORTED[row["status"]], sources, topics, texts)
