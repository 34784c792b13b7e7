"""A sample of what others will see in each mode, above the first question: invented answers, the real rules."""

from functools import cache

import pandas as pd
from django.utils.translation import gettext_lazy as _

from assessments import disclosure, numbers, sentences
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import ReleaseData

DECISIONS = (_("Choosing the auditor"), _("Setting the dates of the annual meeting"))
# Names of no real organisation, three to a side.
PARTNERS = (("A", "north"), ("B", "north"), ("C", "north"), ("D", "south"), ("E", "south"), ("F", "south"))
# Per decision, the level that each of them (rows) gives each of them (columns).
INVENTED_LEVELS = (
    ("443210", "433221", "444211", "443100", "443110", "443111"),
    ("222333", "322333", "223332", "112443", "221434", "121344"),
)


@cache
def released(mode: str) -> ReleaseData:
    """Return the release of the invented answers in a mode."""
    rows = [
        (1, decision, partner, partner_side, rater, rater, rater_side, int(level))
        for decision, raters in enumerate(INVENTED_LEVELS)
        for (rater, rater_side), levels in zip(PARTNERS, raters, strict=True)
        for (partner, partner_side), level in zip(PARTNERS, levels, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=[*disclosure.RATING_KEYS, "level"])
    return disclosure.release(frame, set(), mode)


def sample(mode: str, sides: dict[str, str]) -> dict:
    """Return the sample as a page prints it: `rows` of a decision's words and the cells beside them, and `partners`."""
    data = released(mode)
    cells: list[list[str | None]]
    if data["mode"] == "by_side":
        cells = [
            [sentences.short_view(one[side], {"sides": sides}).text for side in BOTH_SIDES] for one in data["decisions"]
        ]
    elif data["mode"] == "all_together":
        cells = [
            [numbers.band(one["band"]) for one in data["cells"] if one["decision"] == d] for d in range(len(DECISIONS))
        ]
    else:
        medians = [one for one in data["medians"] if one["rater_partner"] == "D"]
        cells = [
            [numbers.level(one["level"]) for one in medians if one["decision"] == d] for d in range(len(DECISIONS))
        ]
    rows = [{"decision": words, "cells": row} for words, row in zip(DECISIONS, cells, strict=True)]
    return {"mode": data["mode"], "rows": rows, "partners": [name for name, _side in PARTNERS], "rater": "D"}
