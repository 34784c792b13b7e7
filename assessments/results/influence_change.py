"""What each organisation says of its own say since last time, beside how its agreed levels moved."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from assessments import numbers
from assessments.models import Assessment, InfluenceChange, Participant
from assessments.results.shift import before_of
from partnerships.locales import isolated


def column_texts() -> dict[str, str]:
    """Return the texts that go with the answers, the same on the page and in the report."""
    return {
        "title": _("Change in influence since last time, according to each organisation"),
        "organisation": _("Organisation"),
        "said": _("Organisation's answer"),
        "computed": _("Organisation's average agreed level"),
        "by": _("Answered by"),
        "explained": _(
            "Each organisation has said openly whether its influence has grown, stayed the same or fallen since last "
            "time. You can also see how its agreed levels have changed. The answer and the levels may not match. "
            "People rate more strictly once they know the ladder well, so a level can fall even though influence has "
            "grown. Talk about the organisations whose answers and levels do not match."
        ),
    }


def statements_of(assessment: Assessment, compared: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return a row per organisation that took part both times, in their fixed order, in two statements."""
    before = before_of(assessment)
    if before is None:
        return []
    there = assessment.participants.filter(partner__in=before.participants.values("partner"))
    by_participant: dict[int, dict[int | None, InfluenceChange]] = {}
    rows = InfluenceChange.objects.filter(participant__assessment=assessment).select_related("decision", "by")
    for row in rows.order_by("decision__number"):
        by_participant.setdefault(row.participant_id, {})[row.decision.number if row.decision else None] = row
    cells = compared["cells"] if compared else []
    return [_row(partner, by_participant.get(partner.pk, {}), cells) for partner in there]


def _row(
    partner: Participant, by_decision: dict[int | None, InfluenceChange], cells: list[dict[str, Any]]
) -> dict[str, Any]:
    own = [cell for cell in cells if cell["partner"] == partner.number]
    overall = by_decision.get(None)
    moves = {cell["decision"]: cell for cell in own}
    return {
        "number": partner.number,
        "name": partner.name,
        "side": partner.side,
        "answer": overall.answer if overall else None,
        "said": str(overall.get_answer_display()) if overall else None,
        "by": overall.said_by if overall else None,
        "computed": numbers.signed(_mean(cell["after"] - cell["before"] for cell in own)),
        "decisions": [_decision_row(row, moves.get(number)) for number, row in by_decision.items() if row.decision],
    }


def _decision_row(row: InfluenceChange, cell: dict[str, Any] | None) -> dict[str, Any]:
    assert row.decision is not None  # noqa: S101 (for the type checker)
    moved = numbers.change(numbers.level(cell["before"]), numbers.level(cell["after"])) if cell else "–"
    return {
        "label": f"{row.decision.number}. {isolated(row.decision.wording_for_reader)}",
        "said": str(row.get_answer_display()),
        "computed": moved,
    }


def _mean(values: Iterable[float]) -> float | None:
    finite = list(values)
    return sum(finite) / len(finite) if finite else None
