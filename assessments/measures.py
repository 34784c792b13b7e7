"""Measures that fit a decision: what the community's inventory offers while a group plans an action.

The inventory belongs to the community, which hands it down (`offered_by`), in the one order that it has.
"""

from collections.abc import Callable
from dataclasses import dataclass

from partnerships.models import User


@dataclass(frozen=True)
class Fitting:
    """A measure as it is offered: its title in the reader's language where there is one, and its page."""

    code: str
    title: str
    language: str
    url: str


Listing = Callable[[User, str], list[Fitting]]
_inventory: list[Listing] = []


def offered_by(listing: Listing) -> None:
    """Take the inventory's look-up from the app that maintains it."""
    _inventory[:] = [listing]


def fitting(user: User, topic: str) -> list[Fitting]:
    """Return the first measures that fit decisions of a topic, as far as this person may read them."""
    return _inventory[0](user, topic) if _inventory and topic else []


def filled(text: str, title: str, offered: list[Fitting]) -> str:
    """Return an action's text after a tap on a measure: its title; below what somebody wrote herself."""
    own = text.strip()
    if not own or own in {each.title for each in offered}:
        return title
    return f"{own}\n{title}"
