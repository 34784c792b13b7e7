"""Between two assessments: "since", never "because of"."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments import numbers
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import Names

SHIFT: dict[str, Text] = {
    "undefined": _("The two assessments have no levels that can be compared."),
    "unchanged": _("The levels that can be compared are the same as in the earlier assessment."),
    "south_up_north_down": _(
        "Since the earlier assessment, the average level of %(south)s has risen by %(by_south)s. The average level "
        "of %(north)s has fallen by %(by_north)s."
    ),
    "south_up_north_same": _(
        "Since the earlier assessment, the average level of %(south)s has risen by %(by_south)s. The average level "
        "of %(north)s has not changed."
    ),
    "south_up_north_up": _(
        "Since the earlier assessment, the average levels of both sides have risen: %(south)s by %(by_south)s, "
        "%(north)s by %(by_north)s."
    ),
    "south_same_north_up": _(
        "Since the earlier assessment, the average level of %(north)s has risen by %(by_north)s. The average level "
        "of %(south)s has not changed."
    ),
    "south_same_north_down": _(
        "Since the earlier assessment, the average level of %(north)s has fallen by %(by_north)s. The average level "
        "of %(south)s has not changed."
    ),
    "south_same_north_same": _(
        "Some levels have risen and others have fallen. The average levels of both sides have not changed."
    ),
    "south_down_north_up": _(
        "Since the earlier assessment, the average level of %(north)s has risen by %(by_north)s. The average level "
        "of %(south)s has fallen by %(by_south)s."
    ),
    "south_down_north_same": _(
        "Since the earlier assessment, the average level of %(south)s has fallen by %(by_south)s. The average level "
        "of %(north)s has not changed."
    ),
    "south_down_north_down": _(
        "Since the earlier assessment, the average levels of both sides have fallen: %(south)s by %(by_south)s, "
        "%(north)s by %(by_north)s."
    ),
    "south_up": _("Since the earlier assessment, the average level of %(south)s has risen by %(by_south)s."),
    "south_down": _("Since the earlier assessment, the average level of %(south)s has fallen by %(by_south)s."),
    "south_same": _("The average level of %(south)s has not changed."),
    "north_up": _("Since the earlier assessment, the average level of %(north)s has risen by %(by_north)s."),
    "north_down": _("Since the earlier assessment, the average level of %(north)s has fallen by %(by_north)s."),
    "north_same": _("The average level of %(north)s has not changed."),
}


def shift(sides: dict[str, Any], names: Names) -> Sentence:
    """Say what moved between two assessments; `sides` holds {north, south: {n, mean, up, down, …}}."""
    there = {side: sides[side] for side in ("south", "north") if sides[side]["n"]}
    values = {**names["groups"]} | {f"by_{side}": numbers.steps(change["mean"] or 0) for side, change in there.items()}
    if not there:
        case = "undefined"
    elif len(there) == 2 and not any(change["up"] or change["down"] for change in there.values()):
        case = "unchanged"
    else:
        case = "_".join(f"{side}_{_direction(change['mean'])}" for side, change in there.items())
    return sentence_of(SHIFT, case, values)


def _direction(mean: float) -> str:
    return "same" if round(abs(mean), 1) == 0 else "up" if mean > 0 else "down"


PROGRESS: dict[str, Text] = {
    "undefined": _("The earlier assessment recorded no desired change that can be compared with the new levels."),
    "all_the_way": _("The change desired in the earlier assessment has been fully achieved."),
    "towards": _("%(percent)s%% of the change that partners wanted in the earlier assessment has been achieved."),
    "none": _("On the whole, the levels are no closer to the levels that partners wanted in the earlier assessment."),
    "away": _(
        "On the whole, the levels have moved away from the levels that partners wanted in the earlier assessment."
    ),
}


def progress(value: float | None) -> Sentence:
    """Say how far the levels came towards those that were desired before (−∞..; 1 is all the way)."""
    if value is None:
        return sentence_of(PROGRESS, "undefined", {})
    percent = round(100 * value)
    case = "all_the_way" if percent >= 100 else "towards" if percent > 0 else "none" if percent == 0 else "away"
    return sentence_of(PROGRESS, case, {"percent": numbers.whole(percent)})


MOVES: dict[str, Text] = {
    "undefined": _("None of the levels of %(side)s can be compared with those in the earlier assessment."),
    "counted": ngettext_lazy(
        "%(count)d level of %(side)s can be compared: %(up)d higher than before, %(same)d the same, %(down)d lower.",
        "%(count)d levels of %(side)s can be compared: %(up)d higher than before, %(same)d the same, %(down)d lower.",
        "count",
    ),
}


def moves(side: str, change: dict[str, Any], names: Names) -> Sentence:
    """Say for one side how many levels are higher, the same and lower than before: its chart in words."""
    values = {"side": names["groups"][side], **{key: change[key] for key in ("up", "same", "down")}}
    return sentence_of(MOVES, "counted" if change["n"] else "undefined", values, change["n"])
