"""Made-up partnerships for the example of the evidence base: the same on every machine, and plausible for the field.

Most have a Northern lead, some share, some are led from the South; a part of them looks again at the end. Pure.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pandas as pd

from assessments.disclosure import SMALLEST_SIDE
from assessments.evidence import ASSESSMENT, CAUSE, CHANGE, DECISION, FACT, LEVEL_COUNTS, Contributions
from assessments.models import Phase, Topic
from assessments.scoring.levels import BOTH_SIDES, LEVELS

LEADS = ["north"] * 17 + ["shared"] * 3 + ["south"] * 4
AGAIN = range(2, 22, 2)  # who looks again at the end of the programme
NETWORKS = dict.fromkeys(range(1, 1 + len(LEADS)), "") | dict.fromkeys((3, 8, 9, 15), "an alliance")
FIRST = datetime(2024, 3, 1, tzinfo=UTC)
# How often each level of the ladder (0 to 4) is found where a side leads, follows, or shares.
LEADING, FOLLOWING, SHARING = (0, 1, 3, 8, 9), (3, 7, 9, 4, 1), (0, 1, 4, 9, 4)
# Where the South usually has more say than elsewhere, and where less.
NEAR = {Topic.IMPLEMENTATION, Topic.MONEY_COUNTRIES, Topic.STAFFING}
FAR = {Topic.FUNDRAISING, Topic.MONEY_PARTNERS, Topic.PARTNER_SELECTION}
RARE = [Topic.MONEY_PROJECTS, Topic.STAFFING]  # so that small cells are merged

# Slugs of the groups' list (`community.models.FACTORS`) that come up most.
CAUSES = ["funding-type-fixed", "contract-with-the-north", "short-project-funding", "upward-accountability"]

# Of what Southern partners hold, the usual share, and how far one partnership may be from it.
HOLDS = {"budget_spent": (0.6, 0.25), "budget_managed": (0.2, 0.2), "governing_seats": (0.4, 0.3)}

Levels = dict[str, list[int]]  # per side, its partners' agreed levels in one decision


def contributions() -> Contributions:
    """Return what the pretend partnerships contribute, in the frames that real ones come in."""
    rows: dict[str, list[tuple]] = {"assessments": [], "decisions": [], "levels": [], "changes": [], "causes": []}
    for partnership, lead in enumerate(LEADS, 1):
        random = Random(partnership)  # noqa: S311 (nothing secret)
        first = _agree(random, lead)
        _add(rows, partnership, Phase.BASELINE, first, random)
        rows["causes"] += [(_key(partnership, Phase.BASELINE), cause) for cause in _named(partnership, lead)]
        if partnership in AGAIN:
            gain = random.choice((0.0, 0.1, 0.4, 0.6))
            last = {number: (topic, _later(random, levels, gain)) for number, (topic, levels) in first.items()}
            _add(rows, partnership, Phase.ENDLINE, last, random)
            rows["changes"] += _changes(partnership, first, last)
    return Contributions(
        pd.DataFrame(rows["assessments"], columns=list(ASSESSMENT)).astype(
            {"seen_by_north": "float64", "seen_by_south": "float64"}
        ),
        pd.DataFrame(rows["decisions"], columns=list(DECISION)),
        pd.DataFrame(rows["levels"], columns=list(LEVEL_COUNTS)),
        pd.DataFrame(rows["changes"], columns=list(CHANGE)),
        pd.DataFrame(rows["causes"], columns=list(CAUSE)),
        pd.DataFrame(
            [row for partnership in range(1, 1 + len(LEADS)) for row in _held(partnership)], columns=list(FACT)
        ),
    )


def _held(partnership: int) -> Iterator[tuple[int, str, float]]:
    """Yield the Southern shares of the facts of a partnership's first assessment."""
    random = Random(2000 + partnership)  # noqa: S311
    for fact, (usual, apart) in HOLDS.items():
        yield _key(partnership, Phase.BASELINE), fact, usual + random.uniform(-apart, apart)


def _named(partnership: int, lead: str) -> list[str]:
    """Return what a group says stands behind its “no”: it says so where the North leads, in the usual order."""
    random = Random(1000 + partnership)  # noqa: S311
    return random.sample(CAUSES, 3) if lead == "north" else []


def _agree(random: Random, lead: str) -> dict[int, tuple[str, Levels]]:
    """Return five to nine decisions with their topics and agreed levels."""
    topics = random.sample([topic for topic in Topic.values if topic not in RARE], random.randint(5, 8))
    topics += [topic for topic in RARE if random.random() < 0.08]
    norths, souths = random.choices((1, 2, 3), (6, 5, 1))[0], random.randint(2, 5)
    return {n: (topic, _levels(random, lead, topic, norths, souths)) for n, topic in enumerate(topics, 1)}


def _levels(random: Random, lead: str, topic: str, norths: int, souths: int) -> Levels:
    if lead == "shared":
        level = random.choices(LEVELS, SHARING)[0]
        return {"north": [level] * norths, "south": [level] * souths}
    leads, follows = ("north", norths), ("south", souths)
    if lead == "south":
        leads, follows = follows, leads
    levels_by_side = {
        leads[0]: random.choices(LEVELS, SHARING if topic in NEAR else LEADING, k=leads[1]),
        follows[0]: random.choices(LEVELS, SHARING if topic in NEAR else FOLLOWING, k=follows[1]),
    }
    if topic in FAR:
        levels_by_side[follows[0]] = [max(0, level - 1) for level in levels_by_side[follows[0]]]
    return levels_by_side


def _later(random: Random, levels: Levels, gain: float) -> Levels:
    """Return the levels two years on: the South has gained here and there, the North given up a little."""
    return {
        "north": [max(0, level - (random.random() < gain / 3)) for level in levels["north"]],
        "south": [min(4, level + (random.random() < gain) - (random.random() < 0.1)) for level in levels["south"]],
    }


def _key(partnership: int, phase: str) -> int:
    return 2 * partnership + (phase == Phase.ENDLINE)


def _add(rows: dict[str, list[tuple]], partnership: int, phase: str, by_decision: dict, random: Random) -> None:
    key = _key(partnership, phase)
    closed_at = FIRST + timedelta(days=11 * partnership + 700 * (phase == Phase.ENDLINE))
    gaps = []
    for number, (topic, levels) in by_decision.items():
        north, south = (sum(levels[side]) / len(levels[side]) for side in BOTH_SIDES)
        rows["decisions"].append((key, number, topic, north, south, north - south))
        rows["levels"] += [(key, number, side, *(own.count(level) for level in LEVELS)) for side, own in levels.items()]
        gaps.append(north - south)
    gap = sum(gaps) / len(gaps)
    views = {"north": gap * 0.7 + random.uniform(-0.3, 0.1), "south": gap * 1.2 + random.uniform(-0.1, 0.4)}
    seen = [round(view, 1) if len(by_decision[1][1][side]) >= SMALLEST_SIDE else None for side, view in views.items()]
    rows["assessments"].append((key, partnership, phase, closed_at, *seen, f"n{key}", f"s{key}"))


def _changes(partnership: int, first: dict, last: dict) -> Iterator[tuple]:
    before, after = _key(partnership, Phase.BASELINE), _key(partnership, Phase.ENDLINE)
    for number, (_topic, then) in first.items():
        for side, own in then.items():
            now = last[number][1][side]
            yield before, after, number, number, side, (sum(now) - sum(own)) / len(own)
