"""What members will be able to see in each mode, in sentences, from the list of partners alone; one is proposed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import disclosure
from assessments.models import MODE_TITLES, Mode
from assessments.promises import promise
from partnerships.locales import listed
from partnerships.models import BOTH_SIDES, Partnership, Side

JOINT_ONLY = "joint_only"


@dataclass(frozen=True)
class Way:
    """One way to go about it: its name, the promise that people read, and what these partners can expect of it."""

    value: str
    title: str
    promise: list[str]
    lines: list[str]
    proposed: bool
    why: str = ""  # said of the proposed one


def why(side_words: dict[str, str], counts: dict[str, int]) -> str:
    """Say which list of partners a way fits."""
    there = listed(f"{side_words[side]}: {count}" for side, count in counts.items() if count)
    return _("This way of answering suits your list of partners (%(partners)s).") % {"partners": there}


def ways(partnership: Partnership, k: int) -> list[Way]:
    """Return the five ways in the order in which they are offered."""
    present = partnership.partners.filter(left_at__isnull=True)
    partners = [(pk, side) for pk, side in present.values_list("pk", "side") if side]
    preview, groups = disclosure.preview(partners, k), partnership.side_groups()
    counts = {side.value: sum(partner_side == side for _pk, partner_side in partners) for side in Side}
    lines: dict[str, list[str]] = {
        Mode.BY_SIDE: list(_by_side(preview, counts, groups, k)),
        Mode.ALL_TOGETHER: [_all_together(preview)],
        Mode.NAMED: [_named(preview["organisations"])],
        Mode.CAUCUS: list(_caucus(preview["caucus"], counts, groups)),
    }
    reason = why(partnership.side_words(), counts)
    said_to = None if counts[Side.OTHER] else Side.NORTH.value
    offered = [
        Way(mode, str(title), promise(mode, said_to), lines[mode], preview["proposed"] == mode, reason)
        for mode, title in MODE_TITLES.items()
    ]
    alone = _(
        "No one will answer before the joint session. All members will see the levels that the group agrees on in "
        "the session."
    )
    return [*offered, Way(JOINT_ONLY, joint_only(), [alone], [], preview["proposed"] == JOINT_ONLY, reason)]


def joint_only() -> str:
    return _("Joint session only")


def _by_side(preview: dict, counts: dict[str, int], groups: dict[str, str], k: int) -> Iterator[str]:
    shown = preview["by_side"]
    if shown["north"] == "never":
        yield _("Without partners on both sides, no gap can be calculated, and no side's view can be shown.")
    else:
        for side in BOTH_SIDES:
            yield from _one_side(side, shown, counts[side], groups, k)
    if "without_ticks" not in (shown["north"], shown["south"]):
        yield _fallback(preview["all_together"])
    if counts[Side.OTHER]:
        yield ngettext(
            "One partner belongs to neither side. Everyone rates this partner like all the others. Its own answers "
            "do not count in either side's view.",
            "%(count)d partners belong to neither side. Everyone rates these partners like all the others. Their own "
            "answers do not count in either side's view.",
            counts[Side.OTHER],
        ) % {"count": counts[Side.OTHER]}


def _one_side(side: str, shown: dict, count: int, groups: dict[str, str], k: int) -> Iterator[str]:
    other = "south" if side == "north" else "north"
    values = {"side": groups[side], "other": groups[other], "count": count, "k": k}
    if shown[side] == "without_ticks":
        yield (
            _("There are %(count)d %(side)s. Their view of a decision is shown if at least %(k)d of them answer.")
            % values
        )
        return
    yield (
        ngettext(
            "There is only one organisation among the %(side)s. It must agree before its view can be shown.",
            "There are %(count)d %(side)s. Their view can be shown only if all of those that answer agree.",
            count,
        )
        % values
    )
    if shown[other] == "without_ticks":
        yield (
            _("Otherwise, only the view of %(other)s is shown. The difference between the two sides is not shown.")
            % values
        )


def _fallback(group: bool) -> str:
    if group:
        return _("If no side can be shown, members see the middle answer of all organisations instead.")
    return _(
        "If no side can be shown, nothing is shown. At least five organisations are needed to show the middle answer "
        "of all organisations."
    )


def _all_together(preview: dict) -> str:
    if preview["all_together"]:
        return _(
            "For each partner and decision, members see the middle answer of all organisations: 0–1, 2 or 3–4. It is "
            "shown only where at least five organisations answered. No side's view is shown."
        )
    return ngettext(
        "With only one organisation, no answers can be shown. At least five organisations are needed.",
        "With only %(count)d organisations, no answers can be shown. At least five organisations are needed.",
        preview["organisations"],
    ) % {"count": preview["organisations"]}


def _named(count: int) -> str:
    return ngettext(
        "Answers are shown with the organisation's name only if the organisation first accepts this privately. "
        "Otherwise, answers are shown by side, and no reason is given.",
        "Answers are shown with the organisations' names only if all %(count)d organisations first accept this "
        "privately. Otherwise, answers are shown by side, and no reason is given.",
        count,
    ) % {"count": count}


def _caucus(sides: dict[str, str], counts: dict[str, int], groups: dict[str, str]) -> Iterator[str]:
    for side, there in sides.items():
        values = {"side": groups[side], "count": counts[side]}
        if there == "several":
            yield _("The %(count)d %(side)s agree on one answer.") % values
        elif there == "one":
            yield (
                _(
                    "There is only one organisation among the %(side)s. The side's answer is that organisation's own "
                    "answer, and everyone knows this."
                )
                % values
            )
    if "none" in (sides["north"], sides["south"]):
        yield _(
            "Without partners on both sides, no gap can be calculated, so the answers can be read but not compared."
        )
