"""What assessments give to the evidence base, and all that the community reads of their numbers (METHOD §4, rule 12).

Only agreed levels and released numbers, only of closed assessments that every organisation agreed to contribute.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assessments import fact_list
from assessments.models import (
    AgreedResult,
    Assessment,
    Cause,
    Decision,
    EvidenceConsent,
    Mode,
    Participant,
    Release,
    Stage,
)
from assessments.scoring.levels import BOTH_SIDES
from partnerships.codes import keyed_hash

ASSESSMENT = (
    "assessment",
    "partnership",
    "phase",
    "closed_at",
    "seen_by_north",
    "seen_by_south",
    "north_view",
    "south_view",
)
DECISION = ("assessment", "decision", "topic", "north", "south", "gap")
LEVEL_COUNTS = ("assessment", "decision", "side", "count_0", "count_1", "count_2", "count_3", "count_4")
CAUSE = ("assessment", "factor")
FACT = ("assessment", "fact", "south")
CHANGE = ("before", "after", "decision", "decision_before", "side", "change")


@dataclass(frozen=True)
class Contributions:
    """Frames, one row each, NaN or None where missing; `assessment`, `before`, `after` are keys of assessments.

    - `assessments`: partnership, phase, closed_at, the gap that each side sees (Release, one decimal), and a name of
      each of the two numbers, which changes with it (a release may shrink).
    - `decisions`: topic ("" where none was chosen), mean agreed level of Northern and Southern partners, their gap.
    - `levels`: how many agreed levels of a side stand at 0 … 4.
    - `changes`: between two assessments of which one follows, perhaps over others, the other: mean change of a side's
      agreed levels over the cells of a decision that both have. `decision` is its number in `after`.
    - `causes`: which factors of the community's list the group named behind a “no”, once per assessment.
    - `facts`: the Southern share (0..1) of each fact of the list that all partners answered and confirmed, of
      assessments whose facts every organisation agreed to contribute.
    """

    assessments: pd.DataFrame
    decisions: pd.DataFrame
    levels: pd.DataFrame
    changes: pd.DataFrame
    causes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CAUSE)))
    facts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FACT)))


def contributing(partnerships: Iterable[int]) -> QuerySet[Assessment]:
    """Return the closed assessments of these partnerships that each organisation agreed to contribute."""
    asked = Participant.objects.filter(assessment=OuterRef("pk"))
    return Assessment.objects.filter(
        Exists(asked),
        ~Exists(asked.undeclared()),
        _everyone_agreed("agreed"),
        stage=Stage.CLOSED,
        partnership__in=list(partnerships),
        partnership__is_demo=False,
    )


def _everyone_agreed(question: str) -> Q:
    """Return the assessments of which every organisation answered yes to a question of the consent, and none no."""
    asked = Participant.objects.filter(assessment=OuterRef("pk"))
    answers = EvidenceConsent.objects.filter(participant=OuterRef("pk"))
    unanswered = asked.exclude(Exists(answers.filter(**{question: True}, membership__isnull=False)))
    return Q(~Exists(unanswered), ~Exists(asked.filter(Exists(answers.filter(**{question: False})))))


def contributions(partnerships: Iterable[int]) -> Contributions:
    """Return what these partnerships contribute, in a fixed number of statements and linear time."""
    found = contributing(partnerships).order_by("partnership", "closed_at", "pk")
    facts = list(found.values_list("pk", "partnership_id", "phase", "closed_at"))
    keys = [fact[0] for fact in facts]
    # By the partnerships' numbers: PostgreSQL compares a subquery of thousands with thousands one by one.
    related = Assessment.objects.filter(partnership__in=sorted({fact[1] for fact in facts}))
    released = dict(_released(keys))
    topics = _topics(keys)
    decisions, levels, cells = _agreed(keys, topics)
    rows = [(*fact, *released.get(fact[0], (None, None, "", ""))) for fact in facts]
    return Contributions(
        _frame(rows, ASSESSMENT, ("seen_by_north", "seen_by_south")),
        _frame(decisions, DECISION, ("north", "south", "gap")),
        _frame(levels, LEVEL_COUNTS),
        _frame(_changes(keys, related, cells), CHANGE, ("change",)),
        _frame(_causes(keys), CAUSE),
        _frame(list(_facts(keys)), FACT, ("south",)),
    )


def _frame(rows: list[tuple], columns: tuple[str, ...], numbers: tuple[str, ...] = ()) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _released(keys: list[int]) -> Iterator[tuple[int, tuple[float | None, float | None, str, str]]]:
    # What sides agreed on in a caucus was said in the open, so it is no private view.
    rows = Release.objects.filter(assessment__in=keys).exclude(mode=Mode.CAUCUS)
    for key, overall in rows.values_list("assessment_id", "data__assessment"):
        north, south = overall["north"], overall["south"]
        yield key, (north, south, _name(key, "north", north), _name(key, "south", south))


def _name(key: int, side: str, value: float | None) -> str:
    """Name a released number without telling it, so that it can be erased where it stood."""
    return keyed_hash("evidence", f"{key}:{side}:{value}")[:16]


def _topics(keys: list[int]) -> dict[tuple[int, int], str]:
    rows = Decision.objects.filter(assessment__in=keys).active().filter(number__isnull=False)
    return {(key, number or 0): topic for key, number, topic in rows.values_list("assessment_id", "number", "topic")}


Cells = dict[int, dict[tuple[int, int], int]]  # per assessment: (decision, partner) → agreed level


def _agreed(keys: list[int], topics: dict[tuple[int, int], str]) -> tuple[list[tuple], list[tuple], Cells]:
    """Read the final results: rows of `decisions`, rows of `levels`, and the levels themselves."""
    sides = _sides(keys)
    decisions: list[tuple] = []
    levels: list[tuple] = []
    cells: Cells = {}
    newest = AgreedResult.objects.filter(assessment__in=keys, final=True).order_by("assessment_id", "-version")
    results = newest.distinct("assessment_id")
    for key, scored, found in results.values_list("assessment_id", "scores__decisions", "scores__cells").iterator(500):
        decisions += [
            (key, row["decision"], topics.get((key, row["decision"]), ""), row["north"], row["south"], row["gap"])
            for row in scored
        ]
        known = {(cell["decision"], cell["partner"]): cell["actual"] for cell in found if cell["actual"] is not None}
        levels += _counted(key, known, sides[key])
        cells[key] = known
    return decisions, levels, cells


def _causes(keys: list[int]) -> list[tuple[int, str]]:
    rows = Cause.objects.filter(decision__assessment__in=keys, decision__outcome__agree=False)
    return sorted(set(rows.values_list("decision__assessment", "factor")))


def _facts(keys: list[int]) -> Iterator[tuple[int, str, float]]:
    """Yield the Southern share of each complete fact of the list, of assessments in which both sides take part."""
    agreed = Assessment.objects.filter(_everyone_agreed("facts"), pk__in=keys).values_list("pk", flat=True)
    sides = _sides(list(agreed))
    both = [key for key, of in sides.items() if {*BOTH_SIDES} <= {*of.values()}]
    newest = AgreedResult.objects.filter(assessment__in=both, final=True).order_by("assessment_id", "-version")
    for key, shares in newest.distinct("assessment_id").values_list("assessment_id", "scores__facts__shares"):
        for row in shares or ():
            if row["fact"] in fact_list.SHARED and not row["missing"] and row["south"] is not None:
                yield key, row["fact"], row["south"]


def _sides(keys: list[int]) -> dict[int, dict[int, str]]:
    sides: dict[int, dict[int, str]] = {key: {} for key in keys}
    for key, number, side in Participant.objects.filter(assessment__in=keys).values_list(
        "assessment_id", "number", "side"
    ):
        sides[key][number] = side or ""
    return sides


def _counted(key: int, known: dict[tuple[int, int], int], sides: dict[int, str]) -> Iterator[tuple]:
    counts: dict[tuple[int, str], list[int]] = {}
    for (decision, partner), level in known.items():
        if sides[partner] in BOTH_SIDES:
            counts.setdefault((decision, sides[partner]), [0] * 5)[level] += 1
    for (decision, side), found in counts.items():
        yield key, decision, side, *found


# --- what changed between two assessments


def _changes(keys: list[int], related: QuerySet[Assessment], cells: Cells) -> list[tuple]:
    """Return the rows of `changes`; `related`: all assessments of the same partnerships, contributed or not."""
    pairs = list(_pairs(keys, related))
    if not pairs:
        return []
    lines, partners = _Lines(related), _partners(keys)
    rows: list[tuple] = []
    for before, after in pairs:
        decisions = lines.match(before, after)
        places = _moved(cells.get(before, {}), cells.get(after, {}), decisions, partners, before, after)
        rows += [
            (before, after, decision, decisions[decision], side, sum(changes) / len(changes))
            for (decision, side), changes in places.items()
        ]
    return rows


def _pairs(keys: list[int], related: QuerySet[Assessment]) -> Iterator[tuple[int, int]]:
    """Yield each contributed assessment with each contributed one that it follows in its partnership."""
    same = related.filter(predecessor__partnership=F("partnership"))
    follows: dict[int, int | None] = dict(same.values_list("pk", "predecessor_id"))
    known = set(keys)
    for after in keys:
        before, seen = follows.get(after), {after}
        while before and before not in seen:
            if before in known:
                yield before, after
            seen.add(before)
            before = follows.get(before)


class _Lines:
    """Decisions by the decisions that they follow, over any number of assessments."""

    def __init__(self, related: QuerySet[Assessment]) -> None:
        rows = Decision.objects.filter(assessment__in=related).active().filter(number__isnull=False)
        self.known: dict[int, tuple[int, int, int | None]] = {}
        self.of: dict[int, list[int]] = {}
        for pk, assessment, number, before in rows.values_list("pk", "assessment_id", "number", "predecessor_id"):
            self.known[pk] = (assessment, number or 0, before)
            self.of.setdefault(assessment, []).append(pk)

    def match(self, before: int, after: int) -> dict[int, int]:
        """Return {number in `after`: number in `before`}."""
        found = ((self.known[pk][1], self._in(before, pk)) for pk in self.of.get(after, ()))
        return {number: then for number, then in found if then is not None}

    def _in(self, assessment: int, pk: int | None) -> int | None:
        seen: set[int] = set()
        while pk in self.known and pk not in seen:
            seen.add(pk)
            home, number, pk = self.known[pk]
            if home == assessment:
                return number
        return None


def _partners(keys: list[int]) -> dict[int, dict[int, tuple[int, str]]]:
    """Return per assessment {partner: (number, side)}."""
    found: dict[int, dict[int, tuple[int, str]]] = {key: {} for key in keys}
    rows = Participant.objects.filter(assessment__in=keys)
    for key, partner, number, side in rows.values_list("assessment_id", "partner_id", "number", "side"):
        found[key][partner] = (number, side or "")
    return found


def _moved(
    then: dict[tuple[int, int], int],
    now: dict[tuple[int, int], int],
    decisions: dict[int, int],
    partners: dict[int, dict[int, tuple[int, str]]],
    before: int,
    after: int,
) -> dict[tuple[int, str], list[int]]:
    """Return the changes per decision and side (as it is now), over the cells that both have."""
    changes: dict[tuple[int, str], list[int]] = {}
    for partner, (number, side) in partners[after].items():
        number_then, _side = partners[before].get(partner, (None, ""))
        for decision, decision_then in decisions.items():
            cell, cell_then = (decision, number), (decision_then, number_then)
            if side in BOTH_SIDES and cell in now and cell_then in then:
                changes.setdefault((decision, side), []).append(now[cell] - then[cell_then])  # type: ignore[index]
    return changes
