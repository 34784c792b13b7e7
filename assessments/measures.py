"""Measures that fit a decision: what the community's inventory offers while a group plans an action.

The inventory belongs to the community, which hands it down, in the one order that it has.
"""

from dataclasses import dataclass

from partnerships.handed_down import LookUp
from partnerships.models import User


@dataclass(frozen=True)
class Fitting:
    """A measure as it is offered: its title in the reader's language where there is one, and its page."""

    code: str
    title: str
    language: str
    url: str


inventory: LookUp[[User, str], Fitting] = LookUp()  # by topic


def fitting(user: User, topic: str) -> list[Fitting]:
    """Return the first measures that fit decisions of a topic, as far as this person may read them."""
    return inventory(user, topic) if topic else []


def filled(text: str, title: str, offered: list[Fitting]) -> str:
    """Return an action's text after a tap on a measure: its title; below what somebody wrote herself."""
    own = text.strip()
    if not own or own in {each.title for each in offered}:
        return title
    return f"{own}\n{title}"
