"""A person's own answers as a table, alone or beside the release."""

from assessments import sentences
from assessments.models import Participant
from assessments.services.rating import private_answers
from partnerships.models import BOTH_SIDES, Side


def table(rater, decisions: dict[int, str], participants: list[Participant], release=None, sides=None) -> dict:
    """Return `columns` (partners by side) and `rows`, each with its `cells` of class, text and released band."""
    columns = sorted(participants, key=order)
    held, released = private_answers.sheet(rater), Released(release, sides or {})
    rows = [
        {
            "number": number,
            "wording": wording,
            "cells": [
                (*_cell(held["levels"].get((number, one.number))), released.band(number, one.number)) for one in columns
            ],
            "agreement": held["agreements"].get(number),
            "seen": released.seen(number),
        }
        for number, wording in decisions.items()
    ]
    shown = {"by_side": [seen for row in rows for seen in row["seen"]], "all_together": [*released.bands.values()]}
    return {
        "columns": columns,
        "rows": rows,
        "empty": not (held["levels"] or held["agreements"]),
        "kind": released.kind,
        "reasons": [row for row in rows if row["agreement"] and row["agreement"].reason],
        "hidden": None in shown.get(released.kind, []),
    }


def order(one: Participant) -> tuple[int, int]:
    """Return what sorts partners by side: North, South, other."""
    return Side.position(one.side), one.number


def _cell(held: private_answers.Held | None) -> tuple[str, str]:
    if held is None:
        return "", ""
    return ("lv-none", "?") if held.level is None else (f"lv-{held.level}", str(held.level))


class Released:
    """What the release says of a decision or a cell, for the table of own answers."""

    def __init__(self, data: dict | None, sides: dict[str, str]) -> None:
        self.sides = sides
        self.kind = data["mode"] if data else ""
        cells = data["cells"] if data else []
        self.bands = {(one["decision"], one["partner"]): one["band"] for one in cells}
        self.decisions = {one["decision"]: one for one in data["decisions"]} if data else {}

    def band(self, decision: int, partner: int) -> str | None:
        return self.bands.get((decision, partner))

    def seen(self, decision: int) -> list[str | None]:
        """Return how big a gap each side finds, None where it is not shown."""
        one = self.decisions.get(decision, {})
        return [
            None if one.get(side) is None else sentences.short_view(one[side], {"sides": self.sides}).text
            for side in BOTH_SIDES
        ]
