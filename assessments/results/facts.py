"""Facts beside influence: rows as the frames that the method takes, and the shares that pages and files show (§6)."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import pandas as pd
from django.db.models import F, OuterRef, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import fact_list, numbers, sentences
from assessments.models import Assessment, AssessmentFact, Decision, FactValue, Matter, Participant
from assessments.results import frames
from assessments.results.names import names_of
from assessments.scoring import fact_shares, influence_by_domain
from assessments.scoring.facts import RATE, YES_NO
from assessments.scoring.levels import SIDES
from assessments.sentences import Said
from assessments.shapes import DomainInfluence, FactAnswer, FactsData, FactShare, Names
from assessments.workflow import guards
from partnerships.models import Partner, Side

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


def facts_of(assessment: Assessment) -> FactsData | None:
    """Return values, sides' shares and influence by domain, JSON-ready; None where facts are off."""
    chosen = list(assessment.facts.all())
    if not chosen:
        return None
    given = frame([assessment])
    domains = topics([assessment])
    used = {fact.domain for fact in chosen}
    waits = bool(given["side"].isna().any())  # of an imported partner: nothing by side before it is declared
    influence = [] if waits else frames.records(influence_by_domain(frames.agreed(assessment), domains))
    return {
        "shares": [] if waits else _shares(chosen, given),
        "influence": [cast(DomainInfluence, row) for row in influence if row["domain"] in used],
        "values": [
            cast(FactAnswer, row) for row in frames.records(given[["fact", "partner", "value"]].dropna(subset="value"))
        ],
    }


def about_decision(assessment: Assessment, decision: Decision) -> list[Said]:
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


def shown(fact: AssessmentFact, value: Any) -> str:
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


# --- beside influence, in results


def may_leave(assessment: Assessment) -> bool:
    """Say whether both sides let the sides' shares leave the assessment, in the report and in files."""
    return guards.decided(assessment, Matter.SHARE_FACTS)


def beside_influence(facts: FactsData | None, before: FactsData | None, names: Names) -> dict[str, Any] | None:
    """Return the part on facts: sentences and table rows by subject; None where facts are off or nobody answered."""
    if not facts or not any(row["n"] for row in facts["shares"]):
        return None
    said = sentences.facts_by_domain(facts, names)
    moved = changes(facts, before)
    used = [domain for domain in fact_list.DOMAINS if any(row["domain"] == domain for row in facts["shares"])]
    description = _(
        "For each subject: the share that each side has, and the share of decisions in which it decides or co-decides."
    )
    first = next((sentence for domain in used for sentence in said.get(domain, [])), "")
    return {
        "summary": f"{description} {first}".strip(),
        "subjects": [
            {
                "title": fact_list.DOMAINS[domain],
                "said": said.get(domain, []),
                "rows": [_row(row, moved.get(row["fact"])) for row in facts["shares"] if row["domain"] == domain],
                "decided": {side: _decided(facts, domain, side) for side in Side.values},
            }
            for domain in used
        ],
        "moved": bool(moved),
    }


def _row(row: FactShare, moved: dict[str, float] | None) -> dict[str, Any]:
    problem = sentences.problem_of(row)
    return {
        "words": fact_list.question_of(row["fact"], row["question"]),
        "sides": {side: _held(row, row[side]) for side in Side.values},  # type: ignore[literal-required]
        "moved": {side: _moved(row, value) for side, value in (moved or {}).items()},
        "n": row["n"],
        "problem": PROBLEMS.get(problem or ""),
    }


PROBLEMS = {
    "incomplete": gettext_lazy("not all partners answered"),
    "off_100": gettext_lazy("the percentages do not add up to 100"),
    "all_zero": gettext_lazy("all partners answered 0"),
}


def _held(row: FactShare, value: float | None) -> str:
    if row["kind"] != RATE or value is None:
        return numbers.share(value)
    number = numbers.level(value)
    return numbers.percentage(number) if row["unit"] == fact_list.PERCENT else f"{number} {_unit(row)}"


def _unit(row: FactShare) -> str:
    return fact_list.unit_words(row["unit"])


def _moved(row: FactShare, value: float) -> str:
    """Print a change: points of percent for shares, the fact's own unit for rates."""
    return numbers.signed(value if row["kind"] == RATE else value * 100)


def _decided(facts: FactsData, domain: str, side: str) -> str:
    found = next((row for row in facts["influence"] if (row["domain"], row["side"]) == (domain, side)), None)
    return _("%(k)d of %(n)d") % {"k": found["k"], "n": found["n"]} if found and found["n"] else "–"


def changes(now: FactsData, before: FactsData | None) -> dict[str, dict[str, float]]:
    """Return later − earlier by fact and side, only where both assessments are complete (METHOD §6).

    A fact in own words is the same fact if it was carried over as it was.
    """
    earlier = {_identity(row): row for row in before["shares"] if not row["missing"]} if before else {}
    found = {}
    for row in now["shares"]:
        then = earlier.get(_identity(row))
        if then and not row["missing"]:
            found[row["fact"]] = {
                side: row[side] - then[side]  # type: ignore[literal-required]
                for side in Side.values
                if None not in (row[side], then[side])  # type: ignore[literal-required]
            }
    return {fact: sides for fact, sides in found.items() if sides}


def _identity(row: FactShare) -> tuple[str, ...]:
    return (row["fact"], row["question"], row["kind"], row["unit"] if row["question"] else "")


def facts_before(assessment: Assessment) -> FactsData | None:
    """Return the facts that the assessment before closed with."""
    before = assessment.predecessor
    if before is None or before.partnership_id != assessment.partnership_id:
        return None
    scores: Any = before.agreed_results.order_by("-version").values_list("scores", flat=True).first() or {}
    return cast(FactsData | None, scores.get("facts"))
