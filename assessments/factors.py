"""What in the system can stand behind a “no”: the list that the community's groups maintain.

It belongs to the community, which stands above and hands it down, so that there is one list.
"""

from dataclasses import dataclass

from partnerships.handed_down import LookUp


@dataclass(frozen=True)
class Factor:
    """One entry of the list; a retired one keeps its words but is no longer offered."""

    slug: str
    words: str
    retired: bool = False


factors: LookUp[[], Factor] = LookUp()


def words_by_slug() -> dict[str, str]:
    return {each.slug: each.words for each in factors()}
