"""The results in short: the sentences that a director can repeat, and what comes next."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from assessments import sentences
from assessments.models import Action, Assessment
from assessments.results.presenters import Results

OPEN = (Action.Status.PLANNED, Action.Status.STARTED)


@dataclass(frozen=True)
class InShort:
    """`headline` and `lines` are sentences; `open_decisions` want change and have no plan; `next_due` is an action."""

    headline: str
    lines: list[str]
    open_decisions: list[dict[str, Any]] = field(default_factory=list)
    next_due: Action | None = None


def in_short(results: Results) -> InShort | None:
    """Return the agreed results in short; None before the group discussed anything."""
    if not results.scores or not sentences.discussed(results.scores):
        return None
    scores, names = results.scores, results.names
    acted_on, routed = results.acted_on, results.routed
    lines = [
        sentences.who_decides(scores, names),
        sentences.change_wanted(scores, acted_on, routed),
        *changes(results),
    ]
    return InShort(
        str(sentences.headline(scores, names)),
        [str(sentence) for sentence in lines if sentence],
        _named(sentences.without_action(scores, acted_on, routed), results),
        next((action for action in results.actions if action.status in OPEN), None),
    )


def changes(results: Results) -> list[sentences.Sentence]:
    """Say what changed since the last assessment; nothing without one."""
    before = results.assessment.predecessor
    return sentences.since(results.compared, _when(before), results.names) if results.compared and before else []


def _when(before: Assessment) -> str:
    moment = before.closed_at or before.created_at
    return date_format(timezone.localdate(moment), "F Y")


def _named(numbers: list[int], results: Results) -> list[dict[str, Any]]:
    """Return number, wording and code of decisions."""
    return [
        {
            "number": number,
            "wording": results.names["decisions"].get(number, ""),
            "topic": results.topics.get(number, ""),
        }
        for number in numbers
    ]
