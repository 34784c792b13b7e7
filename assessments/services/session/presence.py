"""Who is here: each screen of the session that asks for news says so. Kept for a moment in the cache, in no row."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language, get_language_info

from assessments.models import Assessment, Participant
from partnerships.access import MemberRoles
from partnerships.models import Role, Seat

HERE_FOR = 90  # seconds; a phone that is put away for a moment is still here


@dataclass(frozen=True)
class Person:
    """Somebody with a seat, under the name that she gave."""

    name: str
    seat: Seat
    here: bool


@dataclass(frozen=True)
class Organisation:
    """A partner (None: people without one) and its people."""

    partner: Participant | None
    people: list[Person]

    @property
    def here(self) -> bool:
        return any(person.here for person in self.people)


@dataclass(frozen=True)
class Room:
    """Who is here and who is not, and in which languages the screens are read."""

    organisations: list[Organisation]
    languages: list[str]

    @property
    def absent(self) -> list[Participant]:
        return [each.partner for each in self.organisations if each.partner and not each.here]


def note(assessment: Assessment, member: MemberRoles) -> None:
    """Note that somebody looks at the session, and in which language."""
    language = get_language() or ""
    cache.set_many({_key(assessment, seat.pk): language for seat in member.seats}, HERE_FOR)


def forget(assessment: Assessment, member: MemberRoles) -> None:
    cache.delete_many([_key(assessment, seat.pk) for seat in member.seats])


def _key(assessment: Assessment, seat: int) -> str:
    return f"here:{assessment.pk}:{seat}"


def seats_here(assessment: Assessment) -> tuple[list[Seat], dict[int, str]]:
    """Return all seats in force, and the languages of those that are here by seat."""
    seats = list(assessment.partnership.seats.in_force().select_related("user", "partner").order_by("pk"))
    found = cache.get_many([_key(assessment, seat.pk) for seat in seats])
    return seats, {seat.pk: found[key] for seat in seats if (key := _key(assessment, seat.pk)) in found}


def representatives_here(assessment: Assessment) -> list[Seat]:
    """Return the representatives that are here, of partners that take part."""
    seats, here = seats_here(assessment)
    partners = set(assessment.participants.values_list("partner_id", flat=True))
    return [
        seat for seat in seats if seat.pk in here and seat.role == Role.REPRESENTATIVE and seat.partner_id in partners
    ]


def mark(assessment: Assessment) -> str:
    """Return a short sign that changes when somebody comes or goes."""
    _seats, here = seats_here(assessment)
    return f"{zlib.crc32(repr(sorted(here.items())).encode()):x}"


def room(assessment: Assessment, participants: Iterable[Participant]) -> Room:
    """Return the organisations in the order given, with their people, and then whoever belongs to none."""
    seats, here = seats_here(assessment)
    by_partner: dict[int | None, dict[int, Person]] = {}
    for seat in seats:
        people = by_partner.setdefault(seat.partner_id, {})
        if seat.user_id not in people or seat.pk in here:  # one person, several seats: once
            people[seat.user_id] = Person(seat.user.get_full_name(), seat, seat.pk in here)
    listed = [Organisation(each, list(by_partner.pop(each.partner_id, {}).values())) for each in participants]
    without = [person for people in by_partner.values() for person in people.values()]
    codes = sorted({code for code in here.values() if code})
    return Room(
        [*listed, *([Organisation(None, without)] if without else [])],
        [get_language_info(code)["name_local"] for code in codes],
    )
