"""The voice meter: who contributes, by the side that people had declared when they wrote."""

from dataclasses import dataclass

from django.db.models import Count, Q

from community.models import Item, ItemKind, Revision, State, Suggestion, WorkingGroup
from partnerships.models import Side

SHOWN = Q(item__state=State.PUBLISHED) & (Q(item__whole=None) | Q(item__whole__state=State.PUBLISHED))


@dataclass(frozen=True)
class Voice:
    """What one side contributed."""

    side: str
    revisions: int
    comments: int
    suggestions: int

    @property
    def total(self) -> int:
        return self.revisions + self.comments + self.suggestions


@dataclass(frozen=True)
class Meter:
    voices: list[Voice]

    @property
    def total(self) -> int:
        return sum(voice.total for voice in self.voices)

    def of(self, side: str) -> int:
        return next(voice.total for voice in self.voices if voice.side == side)

    @property
    def north(self) -> int:
        return self.of(Side.NORTH)

    @property
    def south(self) -> int:
        return self.of(Side.SOUTH)

    @property
    def other(self) -> int:
        return self.of(Side.OTHER)


def of_paper(paper: Item) -> Meter:
    return _meter(Q(item=paper.pk) | Q(item__whole=paper.pk))


def of_group(group: WorkingGroup) -> Meter:
    return _meter(Q(item__group=group))


def _meter(where: Q) -> Meter:
    """Count what all may read (two queries); a first version counts as one contribution, like each change."""
    rows = Revision.objects.filter(where & SHOWN).order_by().values("side")
    talk = Q(item__kind=ItemKind.COMMENT)
    counted = rows.annotate(
        comments=Count("item", filter=talk, distinct=True), revisions=Count("pk", filter=~talk, distinct=True)
    )
    written = {row["side"]: row for row in counted}
    asked = Suggestion.objects.filter(where & SHOWN).order_by().values("side").annotate(n=Count("pk"))
    suggested = {row["side"]: row["n"] for row in asked}
    none = {"comments": 0, "revisions": 0}
    return Meter(
        [
            Voice(side, counts["revisions"], counts["comments"], suggested.get(side, 0))
            for side in Side.values
            for counts in [written.get(side, none)]
        ]
    )
