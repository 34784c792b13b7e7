"""What in the system can stand behind a “no”: the list that the community's groups maintain.

It belongs to the community, which stands above and hands it down (`kept_by`), so that there is one list.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Factor:
    """One entry of the list; a retired one keeps its words but is no longer offered."""

    slug: str
    words: str
    retired: bool = False


Listing = Callable[[], list[Factor]]
_keeper: list[Listing] = []


def kept_by(listing: Listing) -> None:
    """Take the list from whoever maintains it."""
    _keeper[:] = [listing]


def factors() -> list[Factor]:
    return _keeper[0]() if _keeper else []


def words_by_slug() -> dict[str, str]:
    return {each.slug: each.words for each in factors()}
