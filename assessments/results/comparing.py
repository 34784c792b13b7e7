"""A closed assessment's own gaps beside the published ones, for the same kinds of decisions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assessments import sentences
from assessments.models import Assessment, Stage
from assessments.published_gaps import NO_TOPIC, PublishedGap, published_gaps
from assessments.results.presenters import Results


@dataclass(frozen=True)
class Compared:
    """One row: which decisions, the own gap and the published gap as sentences."""

    about: str
    own: str
    among: str


def gaps_beside(assessment: Assessment) -> list[PublishedGap]:
    """Return what every closed assessment is shown, whether it contributes or not; nothing for invented ones."""
    is_shown = assessment.stage == Stage.CLOSED and not assessment.partnership.is_demo
    return published_gaps() if is_shown else []


def compared(results: Results, published: Iterable[PublishedGap]) -> list[Compared]:
    """Return the published gaps of decisions for which this assessment has a gap of its own, beside it."""
    rows = results.scores.get("decisions", ())
    gaps = {row["decision"]: row["gap"] for row in rows if row["gap"] is not None}
    return list(_rows(results, gaps, published)) if gaps and published else []


def _rows(results: Results, gaps: dict[int, float], published: Iterable[PublishedGap]) -> Iterator[Compared]:
    for each in published:
        own = [gap for number, gap in gaps.items() if _is_about(results.topics.get(number), each)]
        if own:
            said = sentences.own_gap(sum(own) / len(own), results.names)
            yield Compared(each.about, said.text, sentences.published_gap(each.gap, each.at_least).text)


def _is_about(topic: str | None, published: PublishedGap) -> bool:
    return not published.topics or (topic or NO_TOPIC) in published.topics
