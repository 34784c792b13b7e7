"""Between two assessments: "since", never "because of"."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments import numbers
from assessments.sentences.sentence import Said, Text, say
from assessments.shapes import Names

SHIFT: dict[str, Text] = {
    "undefined": _("No level of the two assessments can be compared."),
    "unchanged": _("The levels that can be compared are the same as before."),
    "south_up_north_down": _(
        "Since the earlier assessment the %(south)s side rose by %(by_south)s on average, "
        "and the %(north)s side came down by %(by_north)s."
    ),
    "south_up_north_same": _(
        "Since the earlier assessment the %(south)s side rose by %(by_south)s on average; "
        "the %(north)s side stands where it stood."
    ),
    "south_up_north_up": _(
        "Since the earlier assessment both sides rose: the %(south)s side by %(by_south)s on average, "
        "the %(north)s side by %(by_north)s."
    ),
    "south_same_north_up": _(
        "Since the earlier assessment the %(north)s side rose by %(by_north)s on average; "
        "the %(south)s side stands where it stood."
    ),
    "south_same_north_down": _(
        "Since the earlier assessment the %(north)s side came down by %(by_north)s on average; "
        "the %(south)s side stands where it stood."
    ),
    "south_same_north_same": _(
        "Some partners rose and others came down; on average both sides stand where they stood."
    ),
    "south_down_north_up": _(
        "Since the earlier assessment the %(north)s side rose by %(by_north)s on average, "
        "and the %(south)s side came down by %(by_south)s."
    ),
    "south_down_north_same": _(
        "Since the earlier assessment the %(south)s side came down by %(by_south)s on average; "
        "the %(north)s side stands where it stood."
    ),
    "south_down_north_down": _(
        "Since the earlier assessment both sides came down: the %(south)s side by %(by_south)s on average, "
        "the %(north)s side by %(by_north)s."
    ),
    "south_up": _("Since the earlier assessment the %(south)s side rose by %(by_south)s on average."),
    "south_down": _("Since the earlier assessment the %(south)s side came down by %(by_south)s on average."),
    "south_same": _("On average the %(south)s side stands where it stood."),
    "north_up": _("Since the earlier assessment the %(north)s side rose by %(by_north)s on average."),
    "north_down": _("Since the earlier assessment the %(north)s side came down by %(by_north)s on average."),
    "north_same": _("On average the %(north)s side stands where it stood."),
}


def shift(sides: dict[str, Any], names: Names) -> Said:
    """Say what moved between two assessments; `sides` holds {north, south: {n, mean, up, down, …}}."""
    there = {side: sides[side] for side in ("south", "north") if sides[side]["n"]}
    values = {**names["sides"]} | {f"by_{side}": numbers.steps(change["mean"] or 0) for side, change in there.items()}
    if not there:
        case = "undefined"
    elif len(there) == 2 and not any(change["up"] or change["down"] for change in there.values()):
        case = "unchanged"
    else:
        case = "_".join(f"{side}_{_direction(change['mean'])}" for side, change in there.items())
    return say(SHIFT, case, values)


def _direction(mean: float) -> str:
    return "same" if round(abs(mean), 1) == 0 else "up" if mean > 0 else "down"


PROGRESS: dict[str, Text] = {
    "undefined": _("The earlier assessment wished for no change that can be compared."),
    "all_the_way": _("Measured by what was wished for then, the levels are where they were to be."),
    "towards": _("Of the way to the levels that were wished for then, %(percent)s %% is covered."),
    "none": _("Measured by what was wished for then, the levels have not come closer on the whole."),
    "away": _("On the whole the levels moved away from what was wished for then."),
}


def progress(value: float | None) -> Said:
    """Say how far the levels came towards those that were desired before (−∞..; 1 is all the way)."""
    if value is None:
        return say(PROGRESS, "undefined", {})
    percent = round(100 * value)
    case = "all_the_way" if percent >= 100 else "towards" if percent > 0 else "none" if percent == 0 else "away"
    return say(PROGRESS, case, {"percent": numbers.whole(percent)})


MOVES: dict[str, Text] = {
    "undefined": _("No level of the %(side)s side can be compared."),
    "counted": ngettext_lazy(
        "%(count)d level of the %(side)s side can be compared: %(up)d higher than before, %(same)d the same, "
        "%(down)d lower.",
        "%(count)d levels of the %(side)s side can be compared: %(up)d higher than before, %(same)d the same, "
        "%(down)d lower.",
        "count",
    ),
}


def moves(side: str, change: dict[str, Any], names: Names) -> Said:
    """Say for one side how many levels are higher, the same and lower than before: its chart in words."""
    values = {"side": names["sides"][side], **{key: change[key] for key in ("up", "same", "down")}}
    return say(MOVES, "counted" if change["n"] else "undefined", values, change["n"])
