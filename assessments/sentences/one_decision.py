"""What a Release says of one decision, as the session's screens say it."""

from django.utils.translation import gettext_lazy as _

from assessments import numbers
from assessments.ladder import NOT_SHOWN
from assessments.sentences.perceptions import ahead
from assessments.sentences.sentence import Said, Text, say

SEES: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "same_level": _("%(side)s sees both sides at the same level."),
    "north_ahead": _("%(side)s sees %(north)s %(by)s higher."),
    "south_ahead": _("%(side)s sees %(south)s %(by)s higher."),
}


def sees(side: str, gap: float | None, sides: dict[str, str]) -> Said:
    """Say how far one side sees the two sides apart in one decision."""
    case = "hidden" if gap is None else ahead(gap)
    return say(SEES, case, {**sides, "side": sides[side], "by": "" if gap is None else numbers.seen(gap)})


APART: dict[str, Text] = {
    "same": _("Both sides see the same difference."),
    "apart": _("The two views are %(by)s levels apart."),
}


def views_apart(north: float | None, south: float | None) -> Said | None:
    """Say how far two shown views are apart; None where that cannot be said of what is shown."""
    if north is None or south is None:
        return None
    cut = numbers.cut(north) or numbers.cut(south)
    if numbers.tied(north - south):
        return None if cut else say(APART, "same", {})
    by = numbers.steps(north - south)
    return say(APART, "apart", {"by": numbers.at_least(by) if cut else by})
