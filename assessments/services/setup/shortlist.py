"""What each side chose most goes on, whatever the total: the larger side alone does not make the list.

Shown of a side is which two decisions it chose most, never how often or by whom; and nothing of a side of which fewer
than three people voted. Who votes knows her own five; of two, one would know the other's. It is counted once, when the
vote ends (`voting`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Coalesce

from assessments.disclosure import FEWEST_VOTERS_OF_SIDE
from assessments.models import Assessment, Vote
from assessments.scoring.levels import BOTH_SIDES

PLACES = 2


@dataclass(frozen=True)
class OfSide:
    """One side: whether what it chose is shown, its decisions (by id), and whether places were shared."""

    side: str
    shown: bool
    decisions: frozenset[int] = field(default_factory=frozenset)
    tied: bool = False


Voted = tuple[int, int | None, int, str | None]  # decision, the one that it is merged into, person, side


def votes_of(assessment: Assessment) -> list[Voted]:
    """Return the votes of all whose membership is in force."""
    votes = Vote.objects.filter(
        decision__assessment=assessment, membership__admitted_at__isnull=False, membership__voided_at__isnull=True
    )
    return list(
        votes.values_list("decision_id", "decision__merged_into_id", "membership__user_id", "membership__partner__side")
    )


def count(votes: Sequence[Voted]) -> list[OfSide]:
    """Return for each side what it chose most; empty if nobody of a side has voted."""
    voters, voices = defaultdict(set), defaultdict(set)
    for own, merged, person, side in votes:
        voters[side].add(person)
        voices[side, merged or own].add(person)
    return [_of(side, voters[side], voices) for side in BOTH_SIDES] if voters.keys() & set(BOTH_SIDES) else []


def _of(side: str, voters: set[int], voices: dict[tuple[str | None, int], set[int]]) -> OfSide:
    if len(voters) < FEWEST_VOTERS_OF_SIDE:
        return OfSide(side, shown=False)
    counts = {decision: len(people) for (of, decision), people in voices.items() if of == side}
    last = sorted(counts.values(), reverse=True)[:PLACES][-1]
    chosen = frozenset(decision for decision, n in counts.items() if n >= last)
    return OfSide(side, True, chosen, len(chosen) > PLACES)


def of_sides(assessment: Assessment) -> list[OfSide]:
    """Return what each side chose most, as it was counted when the vote ended; a merged decision counts as its head."""
    if not assessment.vote_result:
        return []
    heads = dict(assessment.decisions.values_list("pk", Coalesce("merged_into", "pk")))
    return [
        OfSide(of["side"], of["shown"], frozenset(heads[pk] for pk in of["decisions"] if pk in heads), of["tied"])
        for of in assessment.vote_result["sides"]
    ]


def chosen_by_sides(assessment: Assessment) -> set[int]:
    """Return the ids of the decisions that go on because a side chose them most."""
    return {decision for side in of_sides(assessment) for decision in side.decisions}
