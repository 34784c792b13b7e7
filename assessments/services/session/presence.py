"""Who is here: each screen of the session that asks for news says so. Kept for a moment in the cache, in no row."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language, get_language_info

from assessments.models import Assessment, Participant
from partnerships.access import MemberRoles
from partnerships.models import Membership, Role

HERE_FOR = 90  # seconds; a phone that is put away for a moment is still here


@dataclass(frozen=True)
class Person:
    """Somebody with a membership, under the name that she gave."""

    name: str
    membership: Membership
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
    cache.set_many({_key(assessment, membership.pk): language for membership in member.memberships}, HERE_FOR)


def forget(assessment: Assessment, member: MemberRoles) -> None:
    cache.delete_many([_key(assessment, membership.pk) for membership in member.memberships])


def _key(assessment: Assessment, membership: int) -> str:
    return f"here:{assessment.pk}:{membership}"


def memberships_here(assessment: Assessment) -> tuple[list[Membership], dict[int, str]]:
    """Return all memberships in force, and the languages of those that are here by membership."""
    memberships = list(assessment.partnership.memberships.in_force().select_related("user", "partner").order_by("pk"))
    languages = cache.get_many([_key(assessment, membership.pk) for membership in memberships])
    return memberships, {
        membership.pk: languages[key]
        for membership in memberships
        if (key := _key(assessment, membership.pk)) in languages
    }


def representatives_here(assessment: Assessment) -> list[Membership]:
    """Return the representatives that are here, of partners that take part."""
    memberships, here = memberships_here(assessment)
    partners = set(assessment.participants.values_list("partner_id", flat=True))
    return [
        membership
        for membership in memberships
        if membership.pk in here and membership.role == Role.REPRESENTATIVE and membership.partner_id in partners
    ]


def mark(assessment: Assessment) -> str:
    """Return a short sign that changes when somebody comes or goes."""
    _memberships, here = memberships_here(assessment)
    return f"{zlib.crc32(repr(sorted(here.items())).encode()):x}"


def room(assessment: Assessment, participants: Iterable[Participant]) -> Room:
    """Return the organisations in the order given, with their people, and then whoever belongs to none."""
    memberships, here = memberships_here(assessment)
    by_partner: dict[int | None, dict[int, Person]] = {}
    for membership in memberships:
        people = by_partner.setdefault(membership.partner_id, {})
        if membership.user_id not in people or membership.pk in here:  # one person, several memberships: once
            people[membership.user_id] = Person(membership.user.get_full_name(), membership, membership.pk in here)
    listed = [Organisation(each, list(by_partner.pop(each.partner_id, {}).values())) for each in participants]
    without = [person for people in by_partner.values() for person in people.values()]
    codes = sorted({code for code in here.values() if code})
    return Room(
        [*listed, *([Organisation(None, without)] if without else [])],
        [get_language_info(code)["name_local"] for code in codes],
    )
