"""The results in short: who decides, what the group wants and does about it, what changed. Counts name who.

Two counts in one sentence are about the same decisions, or the sentence says so. Takes `AgreedResult.scores`, and names
with `groups` (the words for the partners of a side) and, per partner, whether its kind is donor.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assessments import numbers, scoring
from assessments.scoring.levels import CO_DECIDES
from assessments.sentences.agreements import discussed, powerless, wanting
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.sentences.undeclared import undeclared, waits
from assessments.shapes import AgreedData, Names, PartnerNames
from partnerships.locales import listed

Group = frozenset[str]  # of "north", "south", "donor", "other": who decides or co-decides in one decision
ORDER = ("north", "south", "donor", "other")


def groups_by_decision(scores: AgreedData, names: Names) -> dict[int, Group]:
    """Return per decision with an agreed level who decides or co-decides (METHOD §3, `holding`).

    A partner on neither side is a donor where its kind says so, else another partner. While a side is not declared,
    no decision has a group.
    """
    if undeclared(names):
        return {}
    levels: dict[int, list[tuple[int, int]]] = {}
    for cell in scores["cells"]:
        if cell["actual"] is not None:
            levels.setdefault(cell["decision"], []).append((cell["partner"], cell["actual"]))
    return {decision: _groups(cells, names["partners"]) for decision, cells in sorted(levels.items())}


def _groups(cells: list[tuple[int, int]], partners: dict[int, PartnerNames]) -> Group:
    sides = scoring.holding([level for _, level in cells], [str(partners[number]["side"]) for number, _ in cells])
    neither = {
        "donor" if partners[number]["donor"] else "other"
        for number, level in cells
        if partners[number]["side"] == "other" and level >= CO_DECIDES
    }
    return frozenset((sides or frozenset()) - {"other"} | neither)


SOUTH: dict[str, Text] = {
    "all_have_levels": ngettext_lazy(
        "%(south)s decide or co-decide in %(k)d of %(count)d decision.",
        "%(south)s decide or co-decide in %(k)d of %(count)d decisions.",
        "count",
    ),
    "some_have_levels": ngettext_lazy(
        "%(south)s decide or co-decide in %(k)d of the %(count)d decision that has agreed levels.",
        "%(south)s decide or co-decide in %(k)d of the %(count)d decisions that have agreed levels.",
        "count",
    ),
    "undefined": _("No level has been agreed yet."),
}


def headline(scores: AgreedData, names: Names) -> Sentence:
    """Say in how many decisions partners of the Southern side decide or co-decide."""
    if waiting := waits(names):
        return waiting
    groups = groups_by_decision(scores, names)
    if not groups:
        return sentence_of(SOUTH, "undefined", {})
    case = "all_have_levels" if set(groups) >= set(names["decisions"]) else "some_have_levels"
    values = {"south": names["groups"]["south"], "k": sum("south" in group for group in groups.values())}
    return sentence_of(SOUTH, case, values, len(groups))


HOLDERS: dict[Group, Text] = {
    frozenset(): _("no partner"),
    frozenset({"north"}): _("only %(north)s"),
    frozenset({"south"}): _("only %(south)s"),
    frozenset({"donor"}): _("only a donor"),
    frozenset({"other"}): _("only other partners"),
    frozenset({"north", "south"}): _("%(north)s and %(south)s"),
    frozenset({"north", "donor"}): _("%(north)s and a donor"),
    frozenset({"north", "other"}): _("%(north)s and other partners"),
    frozenset({"south", "donor"}): _("%(south)s and a donor"),
    frozenset({"south", "other"}): _("%(south)s and other partners"),
    frozenset({"donor", "other"}): _("a donor and other partners"),
    frozenset({"north", "south", "donor"}): _("%(north)s, %(south)s and a donor"),
    frozenset({"north", "south", "other"}): _("%(north)s, %(south)s and other partners"),
    frozenset({"north", "donor", "other"}): _("%(north)s, a donor and other partners"),
    frozenset({"south", "donor", "other"}): _("%(south)s, a donor and other partners"),
    frozenset(ORDER): _("%(north)s, %(south)s, a donor and other partners"),
}


def holder(group: Group | None, names: Names) -> str:
    """Say who decides or co-decides in one decision; None where no level is agreed."""
    return gettext("no level agreed") if group is None else str(HOLDERS[group] % names["groups"])


def holder_code(group: Group | None) -> str | None:
    """Return who decides or co-decides as a code, such as "north+donor" or "none"; None where no level is agreed."""
    if group is None:
        return None
    return "+".join(one for one in ORDER if one in group) or "none"


def holder_counts(groups: Collection[Group], names: Names) -> list[dict[str, Any]]:
    """Return `who` and `count` per answer that occurs, the most frequent first."""
    counts = sorted(Counter(groups).items(), key=lambda item: (-item[1], [side not in item[0] for side in ORDER]))
    return [{"who": holder(group, names), "count": count} for group, count in counts]


def who_decides(scores: AgreedData, names: Names) -> Sentence | None:
    """Say who decides or co-decides today, and in how many decisions each; None without an agreed level."""
    groups = groups_by_decision(scores, names)
    if not groups:
        return None
    counts = holder_counts(groups.values(), names)
    if all(powerless(decision, scores) for decision in groups):
        return Sentence(
            "equal_but_powerless", gettext("All partners have the same low level. No partner has influence.")
        )
    clauses = [gettext("%(who)s in %(count)d") % line for line in counts]
    return Sentence("counted", gettext("Who decides or co-decides today: %(list)s.") % {"list": listed(clauses)})


WANTED: dict[str, Text] = {
    "none": ngettext_lazy(
        "No partner asks for change in the %(count)d decision that the group discussed.",
        "No partner asks for change in the %(count)d decisions that the group discussed.",
        "count",
    ),
    "some": ngettext_lazy(
        "Partners want change in %(wanted)d of %(count)d decision: %(list)s.",
        "Partners want change in %(wanted)d of %(count)d decisions: %(list)s.",
        "count",
    ),
}


def change_wanted(scores: AgreedData, acted_on: Collection[int], routed: Collection[int] = ()) -> Sentence | None:
    """Say in how many decisions partners want change, and how many of these have an action, or another way forward.

    `acted_on` and `routed` are numbers of decisions. The numbers of those that have neither stand in brackets.
    """
    talked, wanted = discussed(scores), wanting(scores)
    if not talked:
        return None
    return sentence_of(
        WANTED,
        "some" if wanted else "none",
        {"wanted": len(wanted), "list": listed(_followed_up(wanted, set(acted_on), set(routed)))},
        len(talked),
    )


def without_action(scores: AgreedData, acted_on: Collection[int], routed: Collection[int] = ()) -> list[int]:
    """Return the decisions in which partners want change and for which nothing is planned."""
    return sorted(wanting(scores) - set(acted_on) - set(routed))


def _followed_up(wanted: set[int], acted_on: set[int], routed: set[int]) -> list[str]:
    with_action, other_way = wanted & acted_on, (wanted & routed) - acted_on
    nothing = sorted(wanted - acted_on - routed)
    clauses = []
    if with_action:
        clauses.append(
            _n(ngettext("%(n)d has a planned action", "%(n)d have a planned action", len(with_action)), with_action)
        )
    if other_way:
        text = ngettext(
            "%(n)d will be dealt with in another way", "%(n)d will be dealt with in another way", len(other_way)
        )
        clauses.append(_n(text, other_way))
    if nothing:
        text = ngettext(
            "%(n)d has no plan (decision %(numbers)s)", "%(n)d have no plan (decisions %(numbers)s)", len(nothing)
        )
        clauses.append(text % {"n": len(nothing), "numbers": listed(nothing)})
    return clauses


def _n(text: str, decisions: Collection[int]) -> str:
    return text % {"n": len(decisions)}


SINCE: dict[str, Text] = {
    "both": _("Change in average levels since %(then)s: %(south)s %(by_south)s, %(north)s %(by_north)s."),
    "south": _("Change in the average level since %(then)s: %(south)s %(by_south)s."),
    "north": _("Change in the average level since %(then)s: %(north)s %(by_north)s."),
}
ACHIEVED: dict[str, Text] = {
    "all": _("The desired change has been achieved."),
    "part": _("%(percent)s%% of the desired change has been achieved."),
    "none": _("None of the desired change has been achieved."),
    "away": _("On the whole, levels have moved away from the desired levels."),
}


def since(compared: dict[str, Any], then: str, names: Names) -> list[Sentence]:
    """Say how each side's agreed levels changed since the last assessment, and how much of the wish is achieved.

    `then` names the last assessment. Changes are means over the levels that both assessments have, with one decimal.
    """
    there = [side for side in ("south", "north") if compared["sides"][side]["n"]]
    if not there:
        return []
    changes = {f"by_{side}": numbers.signed(round(compared["sides"][side]["mean"], 1)) for side in there}
    sentences = [
        sentence_of(SINCE, "both" if len(there) == 2 else there[0], {"then": then, **names["groups"], **changes})
    ]
    return sentences + ([achieved(compared["all"]["progress"])] if compared["all"]["progress"] is not None else [])


def achieved(progress: float) -> Sentence:
    """Say how much of the wished change is achieved (METHOD §3, `shift.progress`; 1 is all)."""
    percent = round(100 * progress)
    case = "all" if percent >= 100 else "part" if percent > 0 else "none" if percent == 0 else "away"
    return sentence_of(ACHIEVED, case, {"percent": numbers.whole(percent)})
