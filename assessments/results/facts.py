"""Facts: rows as the frames that the method takes, the shares that results keep, and values in words (METHOD §6)."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import pandas as pd
from django.db.models import F, OuterRef, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments import fact_list, numbers, sentences
from assessments.models import Assessment, AssessmentFact, Decision, FactValue, Participant
from assessments.results import frames
from assessments.results.names import names_of
from assessments.scoring import fact_shares, influence_by_domain
from assessments.scoring.facts import YES_NO
from assessments.scoring.levels import SIDES
from assessments.sentences import Sentence
from assessments.shapes import DomainInfluence, FactAnswer, FactsData, FactShare
from partnerships.models import Partner

COLUMNS = ("assessment", "fact", "kind", "partner", "side", "value")
OFF = 0.5  # so far may percentages of one whole be from 100


# --- frames and numbers


def frame(assessments: Iterable[Assessment]) -> pd.DataFrame:
    """Return a row per participant and fact of some assessments, in one query; NaN where nothing is open."""
    open_value = FactValue.objects.open().filter(fact=OuterRef("pk"), partner=OuterRef("taking_part"))
    rows = (
        AssessmentFact.objects.filter(assessment__in=[each.pk for each in assessments])
        .annotate(taking_part=F("assessment__participants__partner"), given=Subquery(open_value.values("value")))
        .filter(taking_part__isnull=False)
        .order_by("assessment", "position", "pk", "assessment__participants__number")
        .values_list(
            "assessment_id",
            "key",
            "kind",
            "assessment__participants__number",
            "assessment__participants__side",
            "given",
        )
    )
    found = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return found.assign(value=found["value"].astype("float64"))


def topics(assessments: Iterable[Assessment]) -> pd.DataFrame:
    """Return the domain of each decision that has a topic."""
    rows = (
        Decision.objects.active()
        .filter(assessment__in=[each.pk for each in assessments], number__isnull=False)
        .exclude(topic="")
        .order_by("assessment", "number")
        .values_list("assessment_id", "number", "topic")
    )
    found = [(assessment, number, fact_list.DOMAIN_OF_TOPIC[topic]) for assessment, number, topic in rows]
    return pd.DataFrame(found, columns=["assessment", "decision", "domain"])


def facts_of(assessment: Assessment, agreed: pd.DataFrame) -> FactsData | None:
    """Return values, sides' shares and influence by domain, JSON-ready; None where facts are off."""
    chosen = list(assessment.facts.all())
    if not chosen:
        return None
    given = frame([assessment])
    domains = topics([assessment])
    used = {fact.domain for fact in chosen}
    waits = bool(given["side"].isna().any())  # of an imported partner: nothing by side before it is declared
    influence = [] if waits else frames.records(influence_by_domain(agreed, domains))
    return {
        "shares": [] if waits else _shares(chosen, given),
        "influence": [cast(DomainInfluence, row) for row in influence if row["domain"] in used],
        "values": [
            cast(FactAnswer, row) for row in frames.records(given[["fact", "partner", "value"]].dropna(subset="value"))
        ],
    }


def about_decision(assessment: Assessment, decision: Decision) -> list[Sentence]:
    """Return what the sides hold on a decision's subject, for the talk about it; nothing where facts are off."""
    domain = fact_list.DOMAIN_OF_TOPIC.get(decision.topic)
    chosen = list(assessment.facts.filter(domain=domain)) if domain else []
    given = frame([assessment]) if chosen else None
    if given is None or given["side"].isna().any():
        return []
    return sentences.shares_of(_shares(chosen, given), names_of(assessment))


def _shares(chosen: Sequence[AssessmentFact], given: pd.DataFrame) -> list[FactShare]:
    """Return the shares of each fact, in their order; those of percentages that do not add up to 100 wait."""
    sums = given.groupby("fact")["value"].sum().to_dict()
    found = {row["fact"]: row for row in frames.records(fact_shares(given))}
    return [_share(fact, found[fact.key], sums[fact.key]) for fact in chosen if fact.key in found]


def _share(fact: AssessmentFact, row: dict[str, Any], total: float) -> FactShare:
    off = fact.adds_to_100 and not row["missing"] and abs(total - 100) > OFF
    sides = {side: None if off else row[side] for side in SIDES}
    about = {name: getattr(fact, name) for name in ("question", "kind", "unit", "domain")}
    return cast(
        FactShare,
        {"fact": fact.key, **about, **sides, "n": row["n"], "missing": row["missing"], "off_100": off},
    )


# --- what pages show


def value_in_words(fact: AssessmentFact, value: Any) -> str:
    """Return a value in words: a number with its unit, yes or no, or that it is missing."""
    if value is None:
        return _("not answered")
    number = shown_number(fact, value)
    return number if fact.kind == YES_NO or fact.unit == fact_list.PERCENT else f"{number} {unit_of(fact)}"


def shown_number(fact: AssessmentFact, value: Any) -> str:
    """Return a value without its unit, which a table says once."""
    if fact.kind == YES_NO:
        return _("yes") if value else _("no")
    number = number_format(float(value), decimal_pos=0 if value == int(value) else None, force_grouping=True)
    return numbers.percentage(number) if fact.unit == fact_list.PERCENT else number


def typed(fact: AssessmentFact, value: Any) -> str:
    """Return a value as it stands in its field, without grouping and with a decimal point."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else str(value.normalize())


def help_of(fact: AssessmentFact) -> str:
    return "" if fact.is_own else str(fact_list.BY_KEY[fact.key].help)


def unit_of(fact: AssessmentFact) -> str:
    return fact_list.unit_words(fact.unit)


def open_table(assessment: Assessment) -> dict[str, Any]:
    """Return the facts by partner as all members may read them, with the unit of each fact."""
    partners = _partners(assessment)
    rows = FactValue.objects.open().filter(fact__assessment=assessment).values_list("fact_id", "partner_id", "value")
    given = {(fact, partner): value for fact, partner, value in rows}
    return {
        "partners": partners,
        "rows": [
            {
                "fact": fact,
                "cells": [_cell(fact, given.get((fact.pk, partner["pk"]))) for partner in partners],
                "domain": fact_list.DOMAINS[fact.domain],
                "unit": unit_of(fact),
            }
            for fact in assessment.facts.all()
        ],
    }


def _cell(fact: AssessmentFact, value: Any) -> str:
    return "–" if value is None else shown_number(fact, value)


def _partners(assessment: Assessment) -> list[dict[str, Any]]:
    """Return those who take part, by side; before they are fixed, the partners that are there."""
    fixed = Participant.objects.filter(assessment=assessment).in_order()
    found = list(fixed.values("partner_id", "name", "acronym", "side"))
    if found:
        return [{**row, "pk": row["partner_id"]} for row in found]
    there = Partner.objects.filter(partnership=assessment.partnership, left_at__isnull=True)
    return [{**row} for row in there.values("pk", "name", "acronym", "side")]
