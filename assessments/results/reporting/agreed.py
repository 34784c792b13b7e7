"""Agreed levels in the report: rows, matrix, influence of each partner, warnings and open levels."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import numbers
from assessments.results.presenters import Results
from assessments.results.reporting.formats import label, matrix_cell
from partnerships.locales import listed
from partnerships.models import Side


def agreed_content(agreed: dict[str, Any], results: Results) -> dict[str, Any]:
    return {
        "summary": agreed["summary"].text,
        "rows": [_gap_row(row) for row in agreed["rows"] if row["level"] is not None and not agreed["waits"]],
        "warnings": _warnings(agreed["rows"]),
        "matrix": [
            {"label": label(row), "cells": [matrix_cell(cell) for cell in row["cells"]]} for row in agreed["matrix"]
        ],
        "influence": [
            {
                **{key: partner[key] for key in ("name", "side", "level", "word")},
                "side_word": results.names["sides"][partner["side"]],
            }
            for partner in sorted(agreed["partners"], key=lambda p: Side.order(p["side"], p["number"]))
        ],
        "agreement": agreed["agreement"].text,
        "answers": [
            {"label": label(row), "answer": _answer(row)} for row in agreed["rows"] if row["agree"] is not None
        ],
        "desired": [_desired_row(row) for row in agreed["desired"]],
        "desired_summary": agreed["desired_summary"].text,
        "open": [_open(cell) for cell in agreed["differs"]]
        + [_open(cell, is_known=False) for cell in agreed["unknown"]],
    }


def _answer(row: dict[str, Any]) -> str:
    if row["agree"]:
        return _("Yes, all of us")
    return _("No") if row["planned"] else _("No, and no plan yet")


def _gap_row(row: dict[str, Any]) -> dict[str, Any]:
    gap = {key: row[key] for key in ("raw", "north", "south", "at")}
    return {"label": label(row), "holder": row["holder"], **gap}


def _warnings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what deserves a second look, each once, with the numbers of its decisions."""
    places_by_warning: dict[str, list[str]] = {}
    for row in rows:
        hollow = [row["label"]] if row["label"].case in ("equal_but_powerless", "equal_without_say") else []
        for warning in (*row["warnings"], *hollow):
            places_by_warning.setdefault(warning.text, []).append(str(row["number"]))
    return [{"text": text, "where": _where(places)} for text, places in places_by_warning.items()]


def _where(places: list[str]) -> str:
    template = ngettext("Decision %(numbers)s.", "Decisions %(numbers)s.", len(places))
    return template % {"numbers": listed(places)}


def _desired_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": label(row),
        "raw": row["raw"],
        "north_change": numbers.change(row["north"], row["north_desired"] or "–"),
        "south_change": numbers.change(row["south"], row["south_desired"] or "–"),
    }


def _open(cell: dict[str, Any], is_known: bool = True) -> dict[str, Any]:
    views = {"one": cell["one_view"] or "–", "other": cell["other_view"] or "–"}
    text = _("different views: “%(one)s” and “%(other)s”") % views if is_known else _("no one knows")
    return {"label": label(cell), "partner": cell["partner"], "text": text}
