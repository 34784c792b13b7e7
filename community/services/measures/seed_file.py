"""What the inventory of measures begins with: a list with sources (CSV), and words and steps of the editors (TOML)."""

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
    """Who is reported to do it, and where that is written."""

    who: str
    where: str

    @property
    def link(self) -> str:
        """Return the address of the page that the list gives; a host alone is no page."""
        address = re.match(r"[a-z0-9.-]+\.[a-z]{2,}/\S*[^\s,;]", self.where)
        return f"https://{address[0]}" if address else ""

    @property
    def year(self) -> int | None:
        """Return the year that the list gives beside an address."""
        match = re.search(r"(?:^|[\s(])((?:19|20)\d\d)\b", self.where)
        return int(match[1]) if match else None


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


def read() -> list[Sown]:
    """Return all measures in the order of the list."""
    texts = tomllib.loads((HERE / "measures.toml").read_text(encoding="utf-8"))
    with (HERE / "measures.csv").open(encoding="utf-8", newline="") as file:
        topics = _topics()
        return [_sown(row, texts[row["slug"]], topics) for row in csv.DictReader(file)]


def _topics() -> dict[str, str]:
    """Return the topics by their English names, which the list uses."""
    with translation.override("en"):
        return {str(topic.label): topic.value for topic in Topic}


def _sown(row: dict[str, str], texts: dict, topic_by_name: dict[str, str]) -> Sown:
    topics = [topic_by_name[name] for name in row["topics"].split("; ")]
    return Sown(row["slug"], row["measure"], REPORTED[row["status"]], _sources(row), topics, texts)


def _sources(row: dict[str, str]) -> list[Source]:
    """Return one source for each place that is named; who and where go together if there are as many of both."""
    who, where = row["reported_in"].split("; "), row["where"].split("; ")
    if not row["where"]:
        return []
    if len(who) == len(where):
        return [Source(*pair) for pair in zip(who, where, strict=True)]
    return [Source(row["reported_in"], row["where"])]
