"""Before the joint session: how the two views differ. Takes `Release.data`."""

from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assessments import numbers
from assessments.ladder import NOT_SHOWN
from assessments.scoring.levels import BOTH_SIDES
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import CaucusDecision, Names, ReleaseData, ReleasedViews, SideNames

PERCEPTION: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "all_together": _(
        "The private answers are shown for all organisations together. You see the middle answer, never the "
        "answers of one side."
    ),
    "same_level": _("Both sides see %(north)s and %(south)s at the same level on average."),
    "same_north_ahead": _("Both sides see %(north)s as %(by_north)s levels higher than %(south)s."),
    "same_south_ahead": _("Both sides see %(south)s as %(by_north)s levels higher than %(north)s."),
    "north_ahead_south_sees_more": _(
        "Both sides see %(north)s at a higher level than %(south)s. %(south)s see a gap of %(by_south)s levels, and "
        "%(north)s see a gap of %(by_north)s levels."
    ),
    "north_ahead_north_sees_more": _(
        "Both sides see %(north)s at a higher level than %(south)s. %(north)s see a gap of %(by_north)s levels, and "
        "%(south)s see a gap of %(by_south)s levels."
    ),
    "south_ahead_north_sees_more": _(
        "Both sides see %(south)s at a higher level than %(north)s. %(north)s see a gap of %(by_north)s levels, and "
        "%(south)s see a gap of %(by_south)s levels."
    ),
    "south_ahead_south_sees_more": _(
        "Both sides see %(south)s at a higher level than %(north)s. %(south)s see a gap of %(by_south)s levels, and "
        "%(north)s see a gap of %(by_north)s levels."
    ),
    "each_sees_itself_ahead": _(
        "Each side sees itself as higher than the other side: %(north)s by %(by_north)s levels and %(south)s "
        "by %(by_south)s levels."
    ),
    "each_sees_the_other_ahead": _(
        "Each side sees the other side as higher than itself: %(north)s by %(by_north)s levels and %(south)s "
        "by %(by_south)s levels."
    ),
    "only_north_sees_north_ahead": _(
        "%(north)s see themselves as %(by_north)s levels higher than %(south)s. %(south)s see both sides at the same "
        "level."
    ),
    "only_north_sees_south_ahead": _(
        "%(north)s see %(south)s as %(by_north)s levels higher than themselves. %(south)s see both sides at the same "
        "level."
    ),
    "only_south_sees_north_ahead": _(
        "%(south)s see %(north)s as %(by_south)s levels higher than themselves. %(north)s see both sides at the same "
        "level."
    ),
    "only_south_sees_south_ahead": _(
        "%(south)s see themselves as %(by_south)s levels higher than %(north)s. %(north)s see both sides at the same "
        "level."
    ),
    "north_shown_north_ahead": _("%(north)s see themselves as %(by_north)s levels higher than the other side."),
    "north_shown_south_ahead": _("%(north)s see %(south)s as %(by_north)s levels higher than themselves."),
    "north_shown_same_level": _("%(north)s see both sides at the same level."),
    "south_shown_north_ahead": _("%(south)s see %(north)s as %(by_south)s levels higher than themselves."),
    "south_shown_south_ahead": _("%(south)s see themselves as %(by_south)s levels higher than the other side."),
    "south_shown_same_level": _("%(south)s see both sides at the same level."),
}


def perception(data: ReleaseData, names: Names) -> Sentence:
    """Say how the two views differ over all decisions; the opening sentence before levels are agreed."""
    north, south = data["assessment"]["north"], data["assessment"]["south"]
    return sentence_of(PERCEPTION, _case(data, north, south), _by(north, south, names))


def _case(data: ReleaseData, north: float | None, south: float | None) -> str:
    if data["mode"] == "all_together":
        return "all_together" if any(cell["band"] for cell in data["cells"]) else "hidden"
    return views_case(north, south)


def views_case(north: float | None, south: float | None) -> str:
    """Return which case two views are, or the one that is shown."""
    if north is not None and south is not None:
        return _two_views(north, south)
    if north is not None:
        return f"north_shown_{ahead(north)}"
    return "hidden" if south is None else f"south_shown_{ahead(south)}"


def _two_views(north: float, south: float) -> str:
    by_north, by_south = ahead(north), ahead(south)
    if by_north == by_south:
        if numbers.tied(north - south):
            return "same_level" if by_north == "same_level" else f"same_{by_north}"
        return f"{by_north}_{'north' if abs(north) > abs(south) else 'south'}_sees_more"
    if by_south == "same_level":
        return f"only_north_sees_{by_north}"
    if by_north == "same_level":
        return f"only_south_sees_{by_south}"
    return "each_sees_itself_ahead" if north > 0 else "each_sees_the_other_ahead"


def ahead(gap: float) -> str:
    return "same_level" if numbers.tied(gap) else "north_ahead" if gap > 0 else "south_ahead"


def _by(north: float | None, south: float | None, names: Names) -> dict[str, Any]:
    return {
        **names["groups"],
        "by_north": "" if north is None else numbers.seen(north),
        "by_south": "" if south is None else numbers.seen(south),
    }


VIEWS: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "same_level": _("same level"),
    "north_ahead": _("%(north)s %(by)s levels higher"),
    "south_ahead": _("%(south)s %(by)s levels higher"),
}


def view(gap: float | None, names: SideNames) -> Sentence:
    """Say one side's view of one decision, as a table shows it: "North 1.5 levels higher"."""
    case = "hidden" if gap is None else ahead(gap)
    return sentence_of(VIEWS, case, {**names["sides"], "by": "" if gap is None else numbers.seen(gap)})


SHORT_VIEWS: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "same_level": _("no gap"),
    "ahead": _("%(side)s %(levels)s"),
    "cut": _("%(side)s %(levels)s or more"),
}


def short_view(gap: float | None, names: SideNames) -> Sentence:
    """Say one side's view of one decision where there is little room, as beside own answers: "North +1.5"."""
    if gap is None:
        return sentence_of(SHORT_VIEWS, "hidden", {})
    if numbers.tied(gap):
        return sentence_of(SHORT_VIEWS, "same_level", {})
    side = names["sides"]["north" if gap > 0 else "south"]
    if numbers.cut(gap):
        return sentence_of(SHORT_VIEWS, "cut", {"side": side, "levels": numbers.left_to_right("+3")})
    return sentence_of(SHORT_VIEWS, "ahead", {"side": side, "levels": numbers.signed(abs(gap))})


DIFFERENCE: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "same": _("the same view"),
    "both_cut": _("both see a gap of %(by)s levels"),
    "apart": _("%(by)s levels apart"),
}


def difference(row: ReleasedViews) -> Sentence:
    """Say how far the two shown views of a row are apart: "1.5 levels apart"."""
    value = row["difference"]
    if value is None:
        return sentence_of(DIFFERENCE, "hidden", {})
    if not numbers.tied(value):
        return sentence_of(DIFFERENCE, "apart", {"by": steps_apart(row)})
    # What both sides see as "3 or more" need not be the same gap.
    case = "both_cut" if all(numbers.cut(row[side] or 0) for side in BOTH_SIDES) else "same"
    return sentence_of(DIFFERENCE, case, {"by": numbers.seen(row["north"] or 0)})


def steps_apart(row: ReleasedViews | CaucusDecision) -> str:
    """Print how far two views are apart; where one of them reads "3 or more", so does the difference."""
    steps = numbers.steps(row["difference"] or 0)
    cut = any(numbers.cut(row[side] or 0) for side in BOTH_SIDES)
    return gettext("%(number)s or more") % {"number": steps} if cut else steps


def views(row: ReleasedViews, names: SideNames) -> dict[str, Sentence]:
    """Say what each side sees, and how far the two views are apart: the words of released gaps on every surface."""
    return {side: view(row[side], names) for side in BOTH_SIDES} | {"difference": difference(row)}


PERCEPTION_CHART: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "one_side": ngettext_lazy(
        "For %(count)d decision, only one side's view is shown.",
        "For %(count)d decisions, only one side's view is shown.",
        "count",
    ),
    "same": ngettext_lazy(
        "The views of both sides are shown for %(count)d decision. The views are the same.",
        "The views of both sides are shown for %(count)d decisions. The views are the same in each decision.",
        "count",
    ),
    "apart": ngettext_lazy(
        "The views of both sides are shown for %(count)d decision, “%(decision)s”. %(north)s see: %(by_north)s. "
        "%(south)s see: %(by_south)s.",
        "The views of both sides are shown for %(count)d decisions. They differ most on “%(decision)s”. %(north)s "
        "see: %(by_north)s. %(south)s see: %(by_south)s.",
        "count",
    ),
}


def perception_chart(data: ReleaseData, names: Names) -> Sentence:
    """Say the perception chart in words, by its numbers."""
    both = [row for row in data["decisions"] if row["difference"] is not None]
    shown = [row for row in data["decisions"] if row["north"] is not None or row["south"] is not None]
    if not both:
        return sentence_of(PERCEPTION_CHART, "one_side" if shown else "hidden", {}, len(shown))
    widest = max(both, key=lambda row: abs(row["difference"] or 0))
    if numbers.tied(widest["difference"] or 0):
        return sentence_of(PERCEPTION_CHART, "same", {}, len(both))
    values = {
        **names["groups"],
        "decision": names["decisions"].get(widest["decision"], ""),
        "by_north": view(widest["north"], names).text,
        "by_south": view(widest["south"], names).text,
    }
    return sentence_of(PERCEPTION_CHART, "apart", values, len(both))


ANSWERED: dict[str, Text] = {
    "all": ngettext_lazy("%(count)d organisation answered.", "%(count)d organisations answered.", "count"),
    "north": ngettext_lazy(
        "%(north)s: %(count)d organisation answered.",
        "%(north)s: %(count)d organisations answered.",
        "count",
    ),
    "south": ngettext_lazy(
        "%(south)s: %(count)d organisation answered.",
        "%(south)s: %(count)d organisations answered.",
        "count",
    ),
}


def answered(data: ReleaseData, names: Names) -> list[Sentence]:
    """Say how many organisations answered, as far as it is shown."""
    counts = data["assessment"]["answered"]
    return [sentence_of(ANSWERED, who, names["groups"], count) for who, count in counts.items() if count is not None]
