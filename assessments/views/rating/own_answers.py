"""A person's own answers as a table, alone or beside the release."""

from assessments import sentences
from assessments.models import Participant
from assessments.services.rating import private_answers
from partnerships.models import BOTH_SIDES, Side


def table(rater, decisions: dict[int, str], participants: list[Participant], release=None, sides=None) -> dict:
    """Return `columns` (partners by side) and `rows`, each with its `cells` of class, text and released band."""
    columns = sorted(participants, key=lambda partner: Side.order(partner.side, partner.number))
    sheet, released = private_answers.sheet(rater), Released(release, sides or {})
    rows = [
        {
            "number": number,
            "wording": wording,
            "cells": [
                (*_cell(sheet["levels"].get((number, partner.number))), released.band(number, partner.number))
                for partner in columns
            ],
            "agreement": sheet["agreements"].get(number),
            "seen": released.seen(number),
        }
        for number, wording in decisions.items()
    ]
    shown = {"by_side": [seen for row in rows for seen in row["seen"]], "all_together": [*released.bands.values()]}
    return {
        "columns": columns,
        "rows": rows,
        "empty": not (sheet["levels"] or sheet["agreements"]),
        "kind": released.kind,
        "reasons": [row for row in rows if row["agreement"] and row["agreement"].reason],
        "hidden": None in shown.get(released.kind, []),
    }


def _cell(answer: private_answers.Held | None) -> tuple[str, str]:
    if answer is None:
        return "", ""
    return ("lv-none", "?") if answer.level is None else (f"lv-{answer.level}", str(answer.level))


class Released:
    """What the release says of a decision or a cell, for the table of own answers."""

    def __init__(self, data: dict | None, sides: dict[str, str]) -> None:
        self.sides = sides
        self.kind = data["mode"] if data else ""
        cells = data["cells"] if data else []
        self.bands = {(row["decision"], row["partner"]): row["band"] for row in cells}
        self.decisions = {row["decision"]: row for row in data["decisions"]} if data else {}

    def band(self, decision: int, partner: int) -> str | None:
        return self.bands.get((decision, partner))

    def seen(self, decision: int) -> list[str | None]:
        """Return how big a gap each side finds, None where it is not shown."""
        row = self.decisions.get(decision, {})
        return [
            None if row.get(side) is None else sentences.short_view(row[side], {"sides": self.sides}).text
            for side in BOTH_SIDES
        ]
