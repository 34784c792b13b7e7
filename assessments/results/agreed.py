"""The scores of the agreed levels, new with every change of the session and final at closing."""

from typing import cast

import pandas as pd
from django.conf import settings
from django.db import transaction
from django.utils import translation

from assessments import charts
from assessments.models import AgreedLevel, AgreedResult, Assessment, Outcome, Stage
from assessments.results import frames, shift
from assessments.results.facts import facts_of
from assessments.results.names import names_of
from assessments.results.over_time import over_time
from assessments.scoring import METHOD_VERSION, AgreedScores, score_agreed
from assessments.shapes import (
    AgreedCell,
    AgreedData,
    AgreedDecision,
    AgreedOutcome,
    AgreedOverall,
    AgreedPartner,
    Figures,
)


@transaction.atomic
def make_agreed_result(assessment: Assessment) -> AgreedResult:
    """Score the session as it stands; the same version twice is one result, and older drafts go."""
    assessment = Assessment.objects.select_related("partnership").get(pk=assessment.pk)
    frame = frames.agreed(assessment)
    scores = scores_of(assessment, frame)
    result, _created = AgreedResult.objects.update_or_create(
        assessment=assessment,
        version=assessment.joint_version,
        defaults={
            "final": assessment.stage == Stage.CLOSED,
            "sides_declared": _sides_were_declared(assessment),
            "scores": scores,
            "figures": figures(assessment, scores),
            "method_version": METHOD_VERSION,
            "input_digest": frames.digest(frame),
        },
    )
    assessment.agreed_results.filter(final=False, version__lt=result.version).delete()
    return result


def _sides_were_declared(assessment: Assessment) -> bool:
    """Say whether this result follows a final one, which only the last declared side of an import allows."""
    return assessment.agreed_results.filter(final=True, version__lt=assessment.joint_version).exists()


def _score(frame: pd.DataFrame) -> AgreedScores:
    """Score the agreed levels; while a side is not declared, without what rests on sides."""
    if frame["partner_side"].notna().all():
        return score_agreed(frame)
    scores = score_agreed(frame.assign(partner_side="other"))
    return AgreedScores(
        scores.decisions.assign(holders=None, holders_desired=None),
        scores.assessments,
        scores.partners.drop(columns="side")
        .merge(frame[["partner", "partner_side"]].drop_duplicates(), on="partner")
        .rename(columns={"partner_side": "side"}),
    )


def scores_of(assessment: Assessment, frame: pd.DataFrame) -> AgreedData:
    """Return the agreed scores, JSON-ready: decisions, assessment, partners, cells and outcomes, keyed by numbers."""
    scores = _score(frame)
    overall = frames.records(scores.assessments)
    found: AgreedData = {
        "decisions": cast(list[AgreedDecision], frames.records(scores.decisions)),
        "assessment": cast(AgreedOverall, overall[0] if overall else {"gap": None, "balance": None}),
        "partners": cast(list[AgreedPartner], frames.records(scores.partners)),
        "cells": cells(assessment),
        "outcomes": outcomes(assessment),
    }
    if facts := facts_of(assessment, frame):
        found["facts"] = facts
    return found


def cells(assessment: Assessment) -> list[AgreedCell]:
    rows = AgreedLevel.objects.filter(decision__assessment=assessment).select_related("decision", "participant")
    return [
        {
            "decision": row.decision.number or 0,
            "partner": row.participant.number,
            "state": row.state,
            "actual": row.actual,
            "desired": row.desired,
            "one_view": row.one_view,
            "other_view": row.other_view,
        }
        for row in rows.order_by("decision__number", "participant__number")
    ]


def outcomes(assessment: Assessment) -> list[AgreedOutcome]:
    rows = Outcome.objects.filter(decision__assessment=assessment).select_related("decision")
    return [
        {
            "decision": row.decision.number or 0,
            "agree": row.agree,
            "note": row.note,
            "no_common_wish": row.no_common_wish,
            "route": row.route,
            "review_on": row.review_on.isoformat() if row.review_on else None,
        }
        for row in rows.order_by("decision__number")
    ]


def figures(assessment: Assessment, scores: AgreedData) -> dict[str, Figures]:
    """Draw the agreed levels' charts in every language of the site: {language: {chart: figure}}."""
    compared, line, drawn = shift.compare(assessment, scores), over_time(assessment, scores), {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names = names_of(assessment)
            drawn[language] = charts.agreed_figures(scores, names)
            if compared:
                moved = charts.shift_figures(compared, names)
                drawn[language] |= {f"shift_{chart}": figure for chart, figure in moved.items()}
            if line:
                drawn[language]["over_time"] = charts.over_time_figure(line["points"], names)
    return drawn
