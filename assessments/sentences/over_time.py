"""Over all assessments of a partnership: from the first to the last, and what the means count."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments import numbers
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import Names

MOVED: dict[str, Text] = {
    "both": _(
        "Between %(first)s and %(last)s, the average level of %(south)s moved from %(south_then)s to %(south_now)s. "
        "The average level of %(north)s moved from %(north_then)s to %(north_now)s."
    ),
    "south": _(
        "Between %(first)s and %(last)s, the average level of %(south)s moved from %(south_then)s to %(south_now)s."
    ),
    "north": _(
        "Between %(first)s and %(last)s, the average level of %(north)s moved from %(north_then)s to %(north_now)s."
    ),
}
COUNTED: dict[str, Text] = {
    "all": ngettext_lazy(
        "These are average levels in the %(count)d decision that all %(assessments)d assessments share.",
        "These are average levels in the %(count)d decisions that all %(assessments)d assessments share.",
        "count",
    ),
    "some": ngettext_lazy(
        "These are average levels in the decision that all %(assessments)d assessments share (%(count)d of %(of)d "
        "decisions).",
        "These are average levels in the decisions that all %(assessments)d assessments share (%(count)d of %(of)d "
        "decisions).",
        "count",
    ),
}


def moved(line: Mapping[str, Any], names: Names) -> Sentence:
    """Say where each side's mean level was in the first assessment, and where it is in the last."""
    first, last = line["points"][0], line["points"][-1]
    there = [side for side in ("south", "north") if first[side] is not None]
    values = {"first": month(first["day"]), "last": month(last["day"]), **names["groups"]}
    for side in there:
        values |= {f"{side}_then": numbers.level(first[side]), f"{side}_now": numbers.level(last[side])}
    return sentence_of(MOVED, "both" if len(there) == 2 else there[0], values)


def counted(line: Mapping[str, Any]) -> Sentence:
    """Say in how many decisions the levels are compared: only in those that all assessments share."""
    case = "all" if line["decisions"] == line["of"] else "some"
    values = {"of": line["of"], "assessments": len(line["points"])}
    return sentence_of(COUNTED, case, values, line["decisions"])


def moment(point: Mapping[str, Any]) -> str:
    """Return how an assessment of the line is called: its phase and its month."""
    return f"{point['phase']}, {month(point['day'])}"


def month(day: date) -> str:
    return date_format(day, "F Y")
