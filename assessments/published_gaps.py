"""The gaps of the evidence base that results show beside their own: published cells, the same for everyone.

The community publishes them and stands above, so it hands them down.
"""

from dataclasses import dataclass

from partnerships.handed_down import LookUp

FEWEST = 10  # partnerships in a cell that results show
STEP = 5  # their number is said in steps
NO_TOPIC = "none"  # among the topics of a cell: decisions without one


@dataclass(frozen=True)
class PublishedGap:
    """One published cell: the topics of decisions that it joins (none: all decisions), in words, and its mean gap."""

    topics: tuple[str, ...]
    about: str
    gap: float
    partnerships: int

    @property
    def at_least(self) -> int:
        """Return the number of partnerships as it is said, in steps of five."""
        return self.partnerships // STEP * STEP


all_published: LookUp[[], PublishedGap] = LookUp()


def published_gaps() -> list[PublishedGap]:
    """Return the published gaps that rest on enough partnerships to stand beside one's own."""
    return [each for each in all_published() if each.partnerships >= FEWEST]
