"""One assessment's rows as the frames that the method and disclosure take (METHOD §2). Keys are the printed numbers."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Q, QuerySet

from assessments.caucus import AGREEMENT_COLUMNS, LEVEL_COLUMNS
from assessments.models import AgreedLevel, Assessment
from assessments.models.caucus import CaucusAgreement, CaucusLevel
from assessments.models.private import PrivateAgreement, Rater, Rating

RATINGS = ("assessment", "decision", "partner", "partner_side", "rater", "rater_partner", "rater_side", "level")
VOTES = ("assessment", "decision", "rater", "rater_partner", "agree")
AGREED = ("assessment", "decision", "partner", "partner_side", "actual", "desired")


def handed_in(assessment: Assessment) -> QuerySet[Rater]:
    """Return the sheets that count: handed in, and by a confirmed membership where they were not imported.

    The end of a membership changes nothing: the answers stay that person's, and count unless withdrawn.
    """
    counts = Q(membership__isnull=True) | Q(membership__admitted_at__isnull=False)
    return Rater.objects.filter(counts, assessment=assessment, submitted_at__isnull=False)


def ratings(assessment: Assessment) -> pd.DataFrame:
    """Return the handed-in private ratings, with a row for every cell that was offered: level NaN where missing."""
    levels = {
        (rater, decision, partner): level
        for rater, decision, partner, level in Rating.objects.filter(rater__in=handed_in(assessment)).values_list(
            "rater_id", "decision__number", "participant__number", "level"
        )
    }
    raters = list(handed_in(assessment).order_by("pk").values_list("pk", "participant__number", "participant__side"))
    decisions = list(assessment.decisions.active().order_by("number").values_list("number", flat=True))
    partners = list(assessment.participants.values_list("number", "side"))
    rows = [
        (
            assessment.pk,
            decision,
            partner,
            side,
            rater,
            organisation,
            own_side,
            levels.get((rater, decision, partner)),
        )
        for rater, organisation, own_side in raters
        for decision in decisions
        for partner, side in partners
    ]
    return _frame(rows, RATINGS, levels=("level",))


def ticks(assessment: Assessment) -> set[int]:
    """Return the organisations all of whose representatives ticked "show our side even if it is small"."""
    choices: dict[int, list[bool]] = {}
    for organisation, ticked in handed_in(assessment).values_list("participant__number", "show_small_side"):
        choices.setdefault(organisation, []).append(ticked)
    return {organisation for organisation, ticked in choices.items() if all(ticked)}


def votes(assessment: Assessment) -> pd.DataFrame:
    """Return the private agree / don't agree of the sheets that count, a row for each question, missing if unanswered.

    With rows of answers alone, the list of decisions in the Release would tell which nobody had answered.
    """
    rows = PrivateAgreement.objects.filter(rater__in=handed_in(assessment))
    agrees = {(rater, decision): agree for rater, decision, agree in rows.values_list("rater", "decision", "agree")}
    decisions = list(assessment.decisions.active().order_by("number").values_list("pk", "number"))
    raters = list(handed_in(assessment).order_by("pk").values_list("pk", "participant__number"))
    asked = [
        (assessment.pk, number, rater, organisation, agrees.get((rater, decision)))
        for decision, number in decisions
        for rater, organisation in raters
    ]
    return _frame(asked, VOTES)


def caucus(assessment: Assessment) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the sides answered together, a row for every cell that a side was offered; nobody's name is in it."""
    decisions = list(assessment.decisions.active().order_by("number").values_list("pk", "number"))
    partners = list(assessment.participants.values_list("pk", "number", "side"))
    rows = {"decision__assessment": assessment}
    levels = CaucusLevel.objects.filter(**rows).values_list("decision_id", "side", "participant_id", "level")
    agreements = CaucusAgreement.objects.filter(**rows).values_list("decision_id", "side", "agree")
    level_by_cell = {tuple(cell): level for *cell, level in levels}
    agree_by_question = {tuple(place): agree for *place, agree in agreements}
    sides = sorted({side for _pk, _number, side in partners if side})
    offered = [
        (assessment.pk, decision, partner, partner_side, side, level_by_cell.get((pk, side, participant)))
        for pk, decision in decisions
        for side in sides
        for participant, partner, partner_side in partners
    ]
    asked = [
        (assessment.pk, number, side, agree_by_question.get((pk, side))) for pk, number in decisions for side in sides
    ]
    return _frame(offered, LEVEL_COLUMNS, levels=("level",)), _frame(asked, AGREEMENT_COLUMNS)


def shared_reasons(assessment: Assessment) -> tuple[list[tuple[int | None, int, str]], list[dict[str, Any]]]:
    """Return the reasons that their writers gave to the group: unsigned (decision, organisation, text), and signed."""
    rows = PrivateAgreement.objects.filter(rater__in=handed_in(assessment)).exclude(reason="")
    unsigned = rows.filter(reason_use="group").values_list("decision__number", "rater__participant__number", "reason")
    signed = [
        {
            "decision": row.decision.number,
            "partner": row.rater.participant.number,
            "name": row.rater.membership.user.get_full_name() if row.rater.membership else "",
            "reason": row.reason,
        }
        for row in rows.filter(reason_use="signed")
        .select_related("decision", "rater__participant", "rater__membership__user")
        .order_by("decision__number", "rater__participant__number", "pk")
    ]
    return list(unsigned), signed


def agreed(assessment: Assessment) -> pd.DataFrame:
    """Return a row per cell of the session, NaN where no level is agreed."""
    cells = {
        (decision, partner): (actual, desired)
        for decision, partner, actual, desired in AgreedLevel.objects.filter(
            decision__assessment=assessment
        ).values_list("decision__number", "participant__number", "actual", "desired")
    }
    rows = [
        (assessment.pk, decision, partner, side, *cells.get((decision, partner), (None, None)))
        for decision in assessment.decisions.active().order_by("number").values_list("number", flat=True)
        for partner, side in assessment.participants.values_list("number", "side")
    ]
    return _frame(rows, AGREED, levels=("actual", "desired"))


def _frame(rows: Sequence[tuple[Any, ...]], columns: tuple[str, ...], levels: tuple[str, ...] = ()) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    for column in levels:
        frame[column] = frame[column].astype("float64")
    return frame


def plain(value: Any) -> Any:
    """Return a value of a frame as JSON has it: NaN and missing are None."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as JSON-ready dicts, without the assessment's column."""
    columns = [column for column in frame.columns if column != "assessment"]
    return [{c: plain(v) for c, v in zip(columns, row, strict=True)} for row in frame[columns].itertuples(index=False)]


def digest(*frames: pd.DataFrame, extra: str = "") -> str:
    """Return a SHA-256 over the frames as CSV, so that a result names the input it came from."""
    text = "\n".join([*(frame.drop(columns="assessment").to_csv(index=False) for frame in frames), extra])
    return hashlib.sha256(text.encode()).hexdigest()
