"""What the report says of the private answers that were released."""

from typing import Any

from django.utils.translation import gettext as _

from assessments import numbers
from assessments.disclosure import SMALLEST_GROUP
from assessments.results.reporting.formats import label, matrix_cell


def perception_content(perception: dict[str, Any], sides: dict[str, Any]) -> dict[str, Any]:
    agreement = perception["agreement"]
    return {
        "said": perception["said"].text,
        "answered": [sentence.text for sentence in perception["answered"]],
        "explained": explained(perception["together"]),
        "ticks": [
            [-3, _("%(side)s\nhigher") % {"side": sides["south"]}],
            [0, _("same level")],
            [3, _("%(side)s\nhigher") % {"side": sides["north"]}],
        ],
        "rows": [
            {
                "label": label(row),
                "raw": row["raw"],
                **{side: row[side].text for side in ("north", "south", "difference")},
            }
            for row in perception["rows"]
        ],
        "bands": [
            {
                "label": label(row),
                "cells": [matrix_cell({**cell, "level": None, "want": None}) for cell in row["cells"]],
            }
            for row in perception["bands"]
        ],
        "agreement": ""
        if agreement is None
        else _(
            "Agreement among the answers that are shown: %(value)s. A value of 1 means that everyone sees the same "
            "gaps. A value of 0 means that there is no more agreement than would occur by chance."
        )
        % {"value": agreement},
    }


def explained(together: bool) -> str:
    if together:
        return _(
            "Working alone, each representative rated every partner in every decision. Where at least %(least)s "
            "organisations answered, you can see which part of the ladder contains the middle of all answers."
        ) % {"least": numbers.whole(SMALLEST_GROUP)}
    return _(
        "Working alone, each representative rated every partner in every decision. You can see how much higher, on "
        "average, each side rates Northern partners than Southern partners. The difference is shown in half levels. "
        "To the left of the middle line, Southern partners are rated higher. To the right, Northern partners are "
        "rated higher."
    )
