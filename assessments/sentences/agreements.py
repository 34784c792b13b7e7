"""After the joint session: what the group agreed on. Takes `AgreedResult.scores`."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments import numbers
from assessments.scoring.levels import BOTH_SIDES
from assessments.sentences.sentence import Said, Text, say
from assessments.shapes import AgreedCell, AgreedData, Names


def discussed(scores: AgreedData) -> set[int]:
    """Return the decisions that the group said anything about."""
    return {cell["decision"] for cell in scores["cells"] if _says_something(cell)} | {
        outcome["decision"] for outcome in scores["outcomes"] if outcome["agree"] is not None
    }


def _says_something(cell: AgreedCell) -> bool:
    return cell["state"] != "level" or cell["actual"] is not None or cell["desired"] is not None


def wanting(scores: AgreedData) -> set[int]:
    """Return the decisions on which somebody wants another way: one said no, or another level is desired."""
    return {outcome["decision"] for outcome in scores["outcomes"] if outcome["agree"] is False} | {
        cell["decision"]
        for cell in scores["cells"]
        if cell["desired"] is not None and cell["actual"] is not None and cell["desired"] != cell["actual"]
    }


def levels_of(decision: int, scores: AgreedData) -> list[int]:
    return [c["actual"] for c in scores["cells"] if c["decision"] == decision and c["actual"] is not None]


def powerless(decision: int, scores: AgreedData) -> bool:
    """Say whether all stand at one level, at which nobody has a say."""
    levels = levels_of(decision, scores)
    return len(levels) > 1 and len(set(levels)) == 1 and levels[0] <= 1


BALANCE: dict[str, Text] = {
    "undefined": _("Not defined: a side has no agreed level."),
    "equal_but_powerless": _("Equal, but nobody has a say."),
    "equal_without_say": _("Equal on average, but nobody decides or co-decides."),
    "equal": _("Both sides stand at the same level."),
    "led_by_north": _("The %(north)s side stands higher."),
    "led_by_south": _("The %(south)s side stands higher."),
}


def balance_label(row: dict[str, Any], scores: AgreedData, names: Names) -> Said:
    """Say what the balance of a decision hides: two sides can be equal because nobody has a say."""
    return say(BALANCE, _balance_case(row, scores), names["sides"])


def _balance_case(row: dict[str, Any], scores: AgreedData) -> str:
    if row["gap"] is None:
        return "undefined"
    if not numbers.tied(row["gap"]):
        return "led_by_north" if row["gap"] > 0 else "led_by_south"
    if powerless(row["decision"], scores):
        return "equal_but_powerless"
    return "equal_without_say" if row["holders"] == "none" else "equal"


WARNINGS: dict[str, Text] = {
    "several_decide": ngettext_lazy(
        "%(count)d partner stands at “decides”.",
        "%(count)d partners stand at “decides”: is it really each of them alone?",
        "count",
    ),
    "decides_beside_co_decides": ngettext_lazy(
        "A partner stands at “decides” and %(count)d at “co-decides”: who has the last word?",
        "A partner stands at “decides” and %(count)d at “co-decides”: who has the last word?",
        "count",
    ),
}


def warnings(decision: int, scores: AgreedData) -> list[Said]:
    """Return what hardly fits together in a decision: two that decide, or one beside another that co-decides."""
    levels = Counter(levels_of(decision, scores))
    sentences = []
    if levels[4] > 1:
        sentences.append(say(WARNINGS, "several_decide", {}, levels[4]))
    if levels[4] and levels[3]:
        sentences.append(say(WARNINGS, "decides_beside_co_decides", {}, levels[3]))
    return sentences


STATES: dict[str, Text] = {
    "unknown": ngettext_lazy(
        "For %(count)d cell the group recorded that nobody knows.",
        "For %(count)d cells the group recorded that nobody knows.",
        "count",
    ),
    "differs": ngettext_lazy(
        "%(count)d level is seen differently within the group.",
        "%(count)d levels are seen differently within the group.",
        "count",
    ),
}


def states(scores: AgreedData) -> list[Said]:
    """Say how many levels nobody knows, and how many are seen differently; nothing where there is none."""
    counts = Counter(cell["state"] for cell in scores["cells"])
    return [say(STATES, state, {}, counts[state]) for state in STATES if counts[state]]


AGREEMENT: dict[str, Text] = {
    "undefined": _("The group has not said yet on which decisions it agrees with how partners are involved."),
    "all": ngettext_lazy(
        "The group agrees with how partners are involved on the decision it took up.",
        "The group agrees with how partners are involved on all %(count)d decisions it took up.",
        "count",
    ),
    "none": ngettext_lazy(
        "On the decision it took up, not everybody agrees with how partners are involved.",
        "On none of the %(count)d decisions it took up does everybody agree with how partners are involved.",
        "count",
    ),
    "some": ngettext_lazy(
        "Of %(count)d decision taken up, %(agree)d is agreed by everybody.",
        "On %(agree)d of %(count)d decisions taken up everybody agrees with how partners are involved.",
        "count",
    ),
}


def agreement(scores: AgreedData) -> Said:
    """Say on how many decisions the group agrees with how partners are involved."""
    answers = [outcome["agree"] for outcome in scores["outcomes"] if outcome["agree"] is not None]
    yes = sum(answers)
    case = "undefined" if not answers else "all" if yes == len(answers) else "some" if yes else "none"
    return say(AGREEMENT, case, {"agree": yes}, len(answers))


AGREED_CHART: dict[str, Text] = {
    "undefined": _("No decision has an agreed level on both sides yet."),
    "equal": ngettext_lazy(
        "On the %(count)d decision with levels on both sides, they stand at the same level.",
        "On all %(count)d decisions with levels on both sides, they stand at the same level.",
        "count",
    ),
    "north_widest": ngettext_lazy(
        "On “%(decision)s” the %(north)s side stands at %(at_north)s, the %(south)s side at %(at_south)s.",
        "Of %(count)d decisions the gap is widest on “%(decision)s”: the %(north)s side stands at %(at_north)s, "
        "the %(south)s side at %(at_south)s.",
        "count",
    ),
    "south_widest": ngettext_lazy(
        "On “%(decision)s” the %(south)s side stands at %(at_south)s, the %(north)s side at %(at_north)s.",
        "Of %(count)d decisions the gap is widest on “%(decision)s”: the %(south)s side stands at %(at_south)s, "
        "the %(north)s side at %(at_north)s.",
        "count",
    ),
}


def agreed_chart(scores: AgreedData, names: Names) -> Said:
    """Say the North–South chart of agreed levels in words, by its numbers."""
    rows = [row for row in scores["decisions"] if row["gap"] is not None]
    if not rows:
        return say(AGREED_CHART, "undefined", {})
    widest = max(rows, key=lambda row: abs(row["gap"] or 0))
    gap = widest["gap"] or 0
    if numbers.tied(gap):
        return say(AGREED_CHART, "equal", {}, len(rows))
    values = {
        **names["sides"],
        "decision": names["decisions"].get(widest["decision"], ""),
        "at_north": numbers.level(widest["north"]),
        "at_south": numbers.level(widest["south"]),
    }
    return say(AGREED_CHART, "north_widest" if gap > 0 else "south_widest", values, len(rows))


DESIRED_CHART: dict[str, Text] = {
    "undefined": _("No desired levels are recorded."),
    "nothing": _("The desired levels are the levels of today."),
    "south_up": ngettext_lazy(
        "On %(count)d decision the group wants the %(south)s side to stand higher than today.",
        "On %(count)d decisions the group wants the %(south)s side to stand higher than today.",
        "count",
    ),
    "north_up": ngettext_lazy(
        "On %(count)d decision the group wants the %(north)s side to stand higher than today.",
        "On %(count)d decisions the group wants the %(north)s side to stand higher than today.",
        "count",
    ),
    "other": ngettext_lazy(
        "On %(count)d decision the group wants other levels than today's.",
        "On %(count)d decisions the group wants other levels than today's.",
        "count",
    ),
}


def desired_chart(scores: AgreedData, names: Names) -> Said:
    """Say in words what the group wants: whose level is to rise, on how many decisions."""
    rows = [row for row in scores["decisions"] if row["level_desired"] is not None and row["level"] is not None]
    if not rows:
        return say(DESIRED_CHART, "undefined", {})
    up: dict[str, int] = {side: sum(_rises(row, side) for row in rows) for side in BOTH_SIDES}
    case = "south" if up["south"] >= up["north"] else "north"
    if up[case]:
        return say(DESIRED_CHART, f"{case}_up", names["sides"], up[case])
    changed = len(wanting(scores) & {row["decision"] for row in rows})
    return say(DESIRED_CHART, "other" if changed else "nothing", names["sides"], changed)


def _rises(row: Mapping[str, Any], side: str) -> bool:
    now, wanted = row[side], row[f"{side}_desired"]
    return now is not None and wanted is not None and wanted - now > numbers.TIE
