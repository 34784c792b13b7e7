"""After the joint session: what the group agreed on. Takes `AgreedResult.scores`."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assessments import numbers
from assessments.scoring.levels import BOTH_SIDES
from assessments.sentences.sentence import Sentence, Text, sentence_of
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
    """Say whether all stand at one level, at which no one has influence."""
    levels = levels_of(decision, scores)
    return len(levels) > 1 and len(set(levels)) == 1 and levels[0] <= 1


BALANCE: dict[str, Text] = {
    "undefined": _("The balance cannot be calculated because one side has no agreed level."),
    "equal_but_powerless": _("Both sides are equal, but no partner has influence."),
    "equal_without_say": _("Both sides are equal on average, but no partner decides or co-decides."),
    "equal": _("Both sides have the same average level."),
    "led_by_north": _("%(north)s have the higher average level."),
    "led_by_south": _("%(south)s have the higher average level."),
}


def balance_label(row: dict[str, Any], scores: AgreedData, names: Names) -> Sentence:
    """Say what the balance of a decision hides: two sides can be equal because no one has influence."""
    return sentence_of(BALANCE, _balance_case(row, scores), names["groups"])


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
        "%(count)d partner has the level “decides”.",
        "%(count)d partners have the level “decides”. Does each of them really decide alone?",
        "count",
    ),
    "decides_beside_co_decides": ngettext_lazy(
        "A partner decides, and %(count)d other partner co-decides. Who takes the final decision?",
        "A partner decides, and %(count)d other partners co-decide. Who takes the final decision?",
        "count",
    ),
}


def warnings(decision: int, scores: AgreedData) -> list[Sentence]:
    """Return what hardly fits together in a decision: two that decide, or one beside another that co-decides."""
    levels = Counter(levels_of(decision, scores))
    sentences = []
    if levels[4] > 1:
        sentences.append(sentence_of(WARNINGS, "several_decide", {}, levels[4]))
    if levels[4] and levels[3]:
        sentences.append(sentence_of(WARNINGS, "decides_beside_co_decides", {}, levels[3]))
    return sentences


STATES: dict[str, Text] = {
    "unknown": ngettext_lazy(
        "The group recorded %(count)d level as unknown.",
        "The group recorded %(count)d levels as unknown.",
        "count",
    ),
    "differs": ngettext_lazy(
        "Partners see %(count)d level differently.",
        "Partners see %(count)d levels differently.",
        "count",
    ),
}


def states(scores: AgreedData) -> list[Sentence]:
    """Say how many levels nobody knows, and how many are seen differently; nothing where there is none."""
    counts = Counter(cell["state"] for cell in scores["cells"])
    return [sentence_of(STATES, state, {}, counts[state]) for state in STATES if counts[state]]


AGREEMENT: dict[str, Text] = {
    "undefined": _("The group has not yet said whether it agrees with how partners are involved."),
    "all": ngettext_lazy(
        "The group agrees with how partners are involved in the only decision that has an answer.",
        "The group agrees with how partners are involved in all %(count)d decisions that have an answer.",
        "count",
    ),
    "none": ngettext_lazy(
        "Not everyone agrees with how partners are involved in the only decision that has an answer.",
        "In each of the %(count)d decisions that have an answer, not everyone agrees with how partners are involved.",
        "count",
    ),
    "some": ngettext_lazy(
        "In %(agree)d of %(count)d decision that has an answer, everyone agrees with how partners are involved.",
        "In %(agree)d of the %(count)d decisions that have an answer, everyone agrees with how partners are involved.",
        "count",
    ),
}


def agreement(scores: AgreedData) -> Sentence:
    """Say on how many decisions the group agrees with how partners are involved."""
    answers = [outcome["agree"] for outcome in scores["outcomes"] if outcome["agree"] is not None]
    yes = sum(answers)
    case = "undefined" if not answers else "all" if yes == len(answers) else "some" if yes else "none"
    return sentence_of(AGREEMENT, case, {"agree": yes}, len(answers))


AGREED_CHART: dict[str, Text] = {
    "undefined": _("No decision has agreed levels for both sides yet."),
    "equal": ngettext_lazy(
        "In the %(count)d decision with agreed levels for both sides, both have the same average level.",
        "In all %(count)d decisions with agreed levels for both sides, both have the same average level.",
        "count",
    ),
    "north_widest": ngettext_lazy(
        "On “%(decision)s”, the average level is %(at_north)s for %(north)s and %(at_south)s for %(south)s.",
        "Of %(count)d decisions, “%(decision)s” has the widest gap. The average level is %(at_north)s for %(north)s "
        "and %(at_south)s for %(south)s.",
        "count",
    ),
    "south_widest": ngettext_lazy(
        "On “%(decision)s”, the average level is %(at_south)s for %(south)s and %(at_north)s for %(north)s.",
        "Of %(count)d decisions, “%(decision)s” has the widest gap. The average level is %(at_south)s for %(south)s "
        "and %(at_north)s for %(north)s.",
        "count",
    ),
}


def agreed_chart(scores: AgreedData, names: Names) -> Sentence:
    """Say the North–South chart of agreed levels in words, by its numbers."""
    rows = [row for row in scores["decisions"] if row["gap"] is not None]
    if not rows:
        return sentence_of(AGREED_CHART, "undefined", {})
    widest = max(rows, key=lambda row: abs(row["gap"] or 0))
    gap = widest["gap"] or 0
    if numbers.tied(gap):
        return sentence_of(AGREED_CHART, "equal", {}, len(rows))
    values = {
        **names["groups"],
        "decision": names["decisions"].get(widest["decision"], ""),
        "at_north": numbers.level(widest["north"]),
        "at_south": numbers.level(widest["south"]),
    }
    return sentence_of(AGREED_CHART, "north_widest" if gap > 0 else "south_widest", values, len(rows))


DESIRED_CHART: dict[str, Text] = {
    "undefined": _("No desired levels have been recorded."),
    "nothing": _("The desired levels are the same as today's levels."),
    "south_up": ngettext_lazy(
        "The group wants a higher average level for %(south)s in %(count)d decision.",
        "The group wants a higher average level for %(south)s in %(count)d decisions.",
        "count",
    ),
    "north_up": ngettext_lazy(
        "The group wants a higher average level for %(north)s in %(count)d decision.",
        "The group wants a higher average level for %(north)s in %(count)d decisions.",
        "count",
    ),
    "other": ngettext_lazy(
        "The group wants to change levels in %(count)d decision.",
        "The group wants to change levels in %(count)d decisions.",
        "count",
    ),
}


def desired_chart(scores: AgreedData, names: Names) -> Sentence:
    """Say in words what the group wants: whose level is to rise, on how many decisions."""
    rows = [row for row in scores["decisions"] if row["level_desired"] is not None and row["level"] is not None]
    if not rows:
        return sentence_of(DESIRED_CHART, "undefined", {})
    up: dict[str, int] = {side: sum(_rises(row, side) for row in rows) for side in BOTH_SIDES}
    case = "south" if up["south"] >= up["north"] else "north"
    if up[case]:
        return sentence_of(DESIRED_CHART, f"{case}_up", names["groups"], up[case])
    changed = len(wanting(scores) & {row["decision"] for row in rows})
    return sentence_of(DESIRED_CHART, "other" if changed else "nothing", names["groups"], changed)


def _rises(row: Mapping[str, Any], side: str) -> bool:
    now, wanted = row[side], row[f"{side}_desired"]
    return now is not None and wanted is not None and wanted - now > numbers.TIE
