"""What pages and the report show of a caucus: each side's levels, its own gap, and how far the two are apart."""

from typing import Any

from django.utils.translation import gettext as _

from assessments import sentences
from assessments.models import Mode
from assessments.results.presenters import Results
from assessments.scoring.levels import BOTH_SIDES, SIDES
from assessments.shapes import Names


def of_sides(results: Results) -> dict[str, Any] | None:
    """Return the part on the sides' answers, or None where there is no release of such."""
    if results.release is None or results.release.mode != Mode.CAUCUS:
        return None
    data, names = results.data, results.names
    there = [side for side in SIDES if any(partner["side"] == side for partner in results.partners)]
    return {
        "said": sentences.caucus_finding(data, names),
        "sides": [{"side": side, "word": names["groups"][side]} for side in there],
        "rows": [_row(row, results, there) for row in data["decisions"]],
        "overall": _views(data["assessment"], names, there),
        "matrices": [{"side": side, "word": names["groups"][side], "rows": _matrix(results, side)} for side in there],
        "alone": [
            partner for partner in results.partners if sum(p["side"] == partner["side"] for p in results.partners) == 1
        ],
    }


def _row(row: dict[str, Any], results: Results, there: list[str]) -> dict[str, Any]:
    number, names = row["decision"], results.names
    agrees: dict[str, Any] = next((each for each in results.data["agreements"] if each["decision"] == number), {})
    return {
        "number": number,
        "wording": names["decisions"].get(number, ""),
        "raw": {side: row[side] for side in BOTH_SIDES},
        "agrees": [
            {"side": side, "word": names["sides"][side], "text": str(sentences.caucus_agrees(agrees.get(side)))}
            for side in there
        ],
        **_views(row, names, there),
    }


def _views(row: dict[str, Any], names: Names, there: list[str]) -> dict[str, Any]:
    return {
        "views": [{"side": side, "said": sentences.caucus_view(row[side], names)} for side in there],
        "difference": sentences.caucus_difference(row["difference"]),
    }


def _matrix(results: Results, side: str) -> list[dict[str, Any]]:
    """Return a row per decision with the level that a side gives each partner, in the order of every table."""
    levels = {(c["decision"], c["partner"]): c["level"] for c in results.data["cells"] if c["side"] == side}
    return [
        {
            "number": number,
            "wording": wording,
            "cells": [_cell(levels.get((number, partner["number"]))) for partner in results.partners],
        }
        for number, wording in results.names["decisions"].items()
    ]


def _cell(level: int | None) -> dict[str, Any]:
    return {"text": "–" if level is None else level, "css": f"lv-{'none' if level is None else level}", "level": level}


def for_report(part: dict[str, Any]) -> dict[str, Any]:
    """Return the part as the report has it: plain text in the active language."""
    return {
        "said": part["said"].text,
        "explained": _(
            "On each side, the organisations' representatives agreed on one answer. They knew that everyone would "
            "see the answer. A side's gap is the average level that it gives Northern partners minus the average "
            "that it gives Southern partners. Who said what within a side is not stored."
        ),
        "columns": [_("Gap according to %(side)s") % {"side": side["word"]} for side in part["sides"]],
        "rows": [
            {
                "label": _label(row),
                "views": [view["said"].text for view in row["views"]],
                "difference": row["difference"].text,
                "agrees": " · ".join(f"{side['word']}: {side['text']}" for side in row["agrees"]),
            }
            for row in part["rows"]
        ],
        "matrices": [
            {
                "title": _("All levels according to %(side)s") % {"side": matrix["word"]},
                "rows": [
                    {
                        "label": _label(row),
                        "cells": [{**cell, "text": str(cell["text"]), "want": None} for cell in row["cells"]],
                    }
                    for row in matrix["rows"]
                ],
            }
            for matrix in part["matrices"]
        ],
    }


def _label(row: dict[str, Any]) -> str:
    return f"{row['number']}. {row['wording']}"
