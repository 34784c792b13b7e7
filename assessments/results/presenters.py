"""What pages and the report show of an assessment: the Release and the latest agreed result, as rows of tables.

Only released numbers and agreed levels pass through here, the same for every viewer.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments import numbers, sentences
from assessments.charts.perception import has_views
from assessments.ladder import LEVELS, NOT_SHOWN
from assessments.models import Action, AgreedResult, Assessment, Mode, Release
from assessments.results import shift
from assessments.results.names import names_of, partner_name
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import AgreedData, Names, PartnerNames, ReleasedDecision
from partnerships.models import Side

DENSE = 12  # from so many partners on, column heads stand upright


@dataclass(frozen=True)
class Results:
    """The rows that were computed, and the names that go with their numbers."""

    assessment: Assessment
    names: Names
    release: Release | None
    agreed: AgreedResult | None

    @property
    def partners(self) -> list[dict[str, Any]]:
        """Return the partners by side: North, South, other; inside a side in their fixed order."""
        partners = [{"number": number, **partner} for number, partner in self.names["partners"].items()]
        return sorted(partners, key=lambda partner: Side.order(partner["side"], partner["number"]))

    @property
    def data(self) -> Any:
        return self.release.data if self.release else {}

    @property
    def scores(self) -> Any:
        return self.agreed.scores if self.agreed else {}

    @cached_property
    def compared(self) -> dict[str, Any] | None:
        """Return the comparison with the assessment before; None without one, or before a level is agreed."""
        return shift.compare(self.assessment, self.scores) if self.agreed else None

    @cached_property
    def actions(self) -> list[Action]:
        """Return the actions that were not dropped, in their order."""
        kept = self.assessment.actions.exclude(status=Action.Status.DROPPED)
        return list(kept.select_related("decision", "owner"))

    @cached_property
    def topics(self) -> dict[int, str]:
        """Return the topic of each decision, by number; empty where none was chosen."""
        numbered = self.assessment.decisions.active().filter(number__isnull=False)
        return {number or 0: topic for number, topic in numbered.values_list("number", "topic")}

    @cached_property
    def acted_on(self) -> set[int]:
        """Return the numbers of the decisions that have an action."""
        return {action.decision.number for action in self.actions if action.decision.number}

    @cached_property
    def routed(self) -> set[int]:
        """Return the numbers of the decisions that will be decided in another way."""
        return {outcome["decision"] for outcome in self.scores.get("outcomes", ()) if outcome["route"]}


def results_of(assessment: Assessment) -> Results:
    release = Release.objects.filter(assessment=assessment).defer("basis", "figures").first()
    agreed = assessment.agreed_results.order_by("-version").defer("figures").first()
    return Results(assessment, names_of(assessment), release, agreed)


def figures_of(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Return the figures by chart, in the reader's language or in English: large, so pages ask for them afterwards."""
    drawn = Coalesce(F(f"figures__{get_language() or 'en'}"), F("figures__en"))
    rows = (Release.objects.filter(assessment=assessment), assessment.agreed_results.order_by("-version"))
    figures: dict[str, dict[str, Any]] = {}
    for row in rows:
        figures |= row.values_list(drawn, flat=True).first() or {}
    return figures


# The private ratings, as far as they were released


def perception(results: Results) -> dict[str, Any] | None:
    """Return the part on private ratings: its sentences, a row per decision, or bands where all stand together."""
    if results.release is None or results.release.mode == Mode.CAUCUS:
        return None
    data, names = results.data, results.names
    together = data["mode"] == "all_together"
    return {
        "mode": data["mode"],
        "together": together,
        "said": sentences.perception(data, names),
        "summary": sentences.perception_chart(data, names),
        "answered": sentences.answered(data, names),
        "agreement": _shown_number(data["assessment"]["agreement"]),
        "overall": None if together else sentences.views(data["assessment"], names),
        "rows": [] if together else [_perception_row(row, results) for row in data["decisions"]],
        "bands": _bands(results) if together else [],
        "drawn": has_views(data),
        "self_gaps": _self_gaps(results),
        "agreements": _agreements(results),
    }


def _shown_number(value: float | None) -> str | None:
    return None if value is None else numbers.level(value)


def _perception_row(row: ReleasedDecision, results: Results) -> dict[str, Any]:
    raw = {side: row[side] for side in BOTH_SIDES}
    return {**_decision(row["decision"], results.names), **sentences.views(row, results.names), "raw": raw}


def _decision(number: int, names: Names) -> dict[str, Any]:
    # As text: a template would ask for each number how the reader's language writes it.
    return {"number": str(number), "wording": names["decisions"].get(number, "")}


def _bands(results: Results) -> list[dict[str, Any]]:
    """Return a row per decision with each partner's band, in the order of `partners`; None is hidden."""
    bands = {(cell["decision"], cell["partner"]): cell["band"] for cell in results.data["cells"]}
    css: dict[str | None, str] = {"0–1": "lv-1", "2": "lv-2", "3–4": "lv-3"}
    return [
        {
            **_decision(number, results.names),
            "cells": [
                {
                    "text": numbers.band(bands.get((number, p["number"]))) or "·",
                    "css": css.get(bands.get((number, p["number"])), ""),
                }
                for p in results.partners
            ],
        }
        for number in results.names["decisions"]
    ]


def _self_gaps(results: Results) -> list[dict[str, Any]]:
    """Return, in named mode, own level minus the others' median per partner: in the fixed order, nobody is ranked."""
    gap_by_partner = {row["partner"]: row["self_gap"] for row in results.data.get("self_gaps", [])}
    return [
        {**p, "self_gap": _shown_number(gap_by_partner[p["number"]])}
        for p in results.partners
        if p["number"] in gap_by_partner
    ]


def _agreements(results: Results) -> list[dict[str, Any]]:
    """Return what was released of the private agree / don't agree, with the reasons that were given to the group."""
    if results.release is None:
        return []
    texts = {"all agree": _("All who answered agree"), "not all agree": _("Not all of those who answered agree")}
    reasons = results.release.reasons
    unsigned = {row["decision"]: row["reasons"] for row in reasons.get("unsigned", [])}
    signed: dict[int, list[dict[str, Any]]] = {}
    for reason in reasons.get("signed", []):
        name = partner_name(results.names, reason["partner"])
        signed.setdefault(reason["decision"], []).append({**reason, "partner": name})
    return [
        {
            **_decision(row["decision"], results.names),
            "agree": texts.get(row["agree"], NOT_SHOWN),
            "hidden": row["agree"] is None,
            "unsigned": unsigned.get(row["decision"], []),
            "signed": signed.get(row["decision"], []),
        }
        for row in results.release.agreements
    ]


def named_answers(results: Results, number: int) -> list[dict[str, Any]]:
    """Return, in named mode, a row per partner with each organisation's median for one decision."""
    medians = results.data.get("medians", [])
    levels = {(m["partner"], m["rater_partner"]): m["level"] for m in medians if m["decision"] == number}
    raters = sorted({rater for _partner, rater in levels})
    return [
        {**partner, "cells": [_median(levels.get((partner["number"], rater))) for rater in raters]}
        for partner in results.partners
    ]


def rater_columns(results: Results, number: int) -> list[PartnerNames]:
    medians = results.data.get("medians", [])
    raters = sorted({m["rater_partner"] for m in medians if m["decision"] == number})
    return [results.names["partners"][rater] for rater in raters if rater in results.names["partners"]]


def _median(level: float | None) -> dict[str, Any]:
    if level is None:
        return {"text": "–", "css": ""}
    return {"text": numbers.level(level), "css": f"lv-{math.floor(level)}"}


# The agreed levels


def agreed(results: Results) -> dict[str, Any] | None:
    """Return the part on agreed levels, or None before anything was discussed."""
    if results.agreed is None:
        return None
    scores, names = results.scores, results.names
    if not sentences.discussed(scores):
        return None
    groups = sentences.groups_by_decision(scores, names)
    rows = [_agreed_row(row, groups, scores, names) | _plan(row["decision"], results) for row in scores["decisions"]]
    waits = sentences.waits(names)
    return {
        "waits": waits,
        "summary": waits or sentences.agreed_chart(scores, names),
        "states": sentences.states(scores),
        "agreement": sentences.agreement(scores),
        "rows": rows,
        "holding": sentences.holder_counts(groups.values(), names),
        "balance": _shown_number(scores["assessment"]["balance"]),
        "matrix": _matrix(results),
        "dense": len(results.partners) >= DENSE,
        "partners": _influence(results),
        "desired": [row for row in rows if row["north_desired"] or row["south_desired"]],
        "desired_summary": waits or sentences.desired_chart(scores, names),
        "differs": _cells_where(scores, names, "differs"),
        "unknown": _cells_where(scores, names, "unknown"),
    }


def _agreed_row(
    row: dict[str, Any], groups: dict[int, frozenset[str]], scores: AgreedData, names: Names
) -> dict[str, Any]:
    outcome = next((o for o in scores["outcomes"] if o["decision"] == row["decision"]), None)
    return {
        **_decision(row["decision"], names),
        "north": numbers.level(row["north"]),
        "south": numbers.level(row["south"]),
        "north_desired": "" if row["north_desired"] is None else numbers.level(row["north_desired"]),
        "south_desired": "" if row["south_desired"] is None else numbers.level(row["south_desired"]),
        "level": _shown_number(row["level"]),
        "word": "" if row["level"] is None else nearest(row["level"]),
        "holder": "" if sentences.undeclared(names) else sentences.holder(groups.get(row["decision"]), names),
        "label": sentences.balance_label(row, scores, names),
        "balance": _balance(row["balance"]),
        "warnings": sentences.warnings(row["decision"], scores),
        "agree": outcome["agree"] if outcome else None,
        "no_common_wish": bool(outcome and outcome.get("no_common_wish")),
        "raw": {name: row[name] for name in ("north", "south", "north_desired", "south_desired")},
        "at": {side: half_step(row[side]) for side in BOTH_SIDES},
    }


def _plan(number: int, results: Results) -> dict[str, Any]:
    """Return whether anything is planned for a decision, and its topic, by which measures are found."""
    is_planned = number in results.acted_on or number in results.routed
    return {"planned": is_planned, "topic": results.topics.get(number, "")}


def _balance(balance: float | None) -> str:
    if balance is None:
        return ""
    return _("balance: %(balance)s out of 100") % {"balance": numbers.whole(round(balance))}


def half_step(level: float | None) -> str:
    """Return the class of a mark on the ladder's track, nine half steps wide."""
    return "" if level is None else f"at-{round(level * 2) * 5:02d}"


def nearest(level: float) -> str:
    """Return the ladder's word nearest to a mean level; half-way between two it is the lower one."""
    return str(LEVELS[max(0, math.ceil(level - 0.5))])


def _matrix(results: Results) -> list[dict[str, Any]]:
    cells = {(cell["decision"], cell["partner"]): cell for cell in results.scores["cells"]}
    return [
        {
            **_decision(number, results.names),
            "cells": [_cell(cells.get((number, partner["number"]))) for partner in results.partners],
        }
        for number in results.names["decisions"]
    ]


def _cell(cell: dict[str, Any] | None) -> dict[str, Any]:
    """Return a cell of the matrix: its sign, its class, and the desired level where it is another one."""
    if cell is None:
        return {"text": "–", "css": "", "level": None, "want": None}
    wanted = None if cell["desired"] in (cell["actual"], None) else str(cell["desired"])
    if cell["state"] == "level":
        css = "" if cell["actual"] is None else f"lv-{cell['actual']}"
        text = "–" if cell["actual"] is None else str(cell["actual"])
        return {"text": text, "css": css, "level": cell["actual"], "want": wanted}
    sign = {"differs": ("≠", "lv-differs"), "unknown": ("?", "lv-none")}[cell["state"]]
    return {"text": sign[0], "css": sign[1], "level": None, "want": wanted}


def _influence(results: Results) -> list[dict[str, Any]]:
    """Return each partner's mean level in words of the ladder, highest first; the rank is small print."""
    mean_by_partner = {row["partner"]: row for row in results.scores["partners"] if row["level"] is not None}
    listed = [
        {**partner, **_mean(mean_by_partner[partner["number"]])}
        for partner in results.partners
        if partner["number"] in mean_by_partner
    ]
    return sorted(listed, key=lambda partner: (partner["rank"], partner["number"]))


def _mean(row: dict[str, Any]) -> dict[str, Any]:
    level = row["level"]
    return {
        "level": numbers.level(level),
        "word": nearest(level),
        "digit": str(max(0, math.ceil(level - 0.5))),
        "rank": int(row["rank"]),
    }


def _cells_where(scores: AgreedData, names: Names, state: str) -> list[dict[str, Any]]:
    return [
        {
            **_decision(cell["decision"], names),
            "partner": partner_name(names, cell["partner"]),
            "one_view": cell["one_view"],
            "other_view": cell["other_view"],
        }
        for cell in scores["cells"]
        if cell["state"] == state
    ]
