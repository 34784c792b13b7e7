"""A pause for a caucus: anybody may ask, and nobody, the server included, keeps who did.

So that one person can't stop a session again and again, each device is dealt a few tickets when it comes, whoever
holds it. A ticket is a random number; what is kept is that it is valid, not whose it is. Asking spends one. The pause
begins a little later, since a tap that stops the room at once would be seen.
"""

import secrets
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, LiveSession
from assessments.services.session import live
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.codes import keyed_hash

LENGTH = timedelta(minutes=5)
QUIET = timedelta(minutes=5)  # after a pause, for everybody
DELAY = (5, 20)  # seconds
TICKETS_PER_DEVICE = 2
DEVICES_PER_PERSON = 2
CACHED_SECONDS = 12 * 60 * 60


def deal_tickets(assessment: Assessment, member: MemberRoles) -> str:
    """Return a device's tickets. Beyond the devices of one person they are worth nothing, and look the same."""
    tickets = [secrets.token_hex(8) for _ in range(TICKETS_PER_DEVICE)]
    if (
        actions.may(assessment, member, WorkflowAction.TAKE_PART)
        and _devices_of(assessment, member) <= DEVICES_PER_PERSON
    ):
        cache.set_many({_key(assessment, ticket): 1 for ticket in tickets}, CACHED_SECONDS)
    return ".".join(tickets)


def _devices_of(assessment: Assessment, member: MemberRoles) -> int:
    """Return how many devices of a person got tickets, with this one."""
    key = f"dealt:{assessment.pk}:{member.any.user_id}"
    cache.add(key, 0, CACHED_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out in between
        return 1


def _key(assessment: Assessment, ticket: str) -> str:
    return f"ticket:{assessment.pk}:{keyed_hash('pause', f'{assessment.pk}:{ticket}')}"


@transaction.atomic
def ask(assessment: Assessment, member: MemberRoles, tickets: str) -> str:
    """Let a pause begin in a moment, if there may be one; return the device's tickets as they are then."""
    locked = lock_and_require(assessment, member, WorkflowAction.TAKE_PART)
    row, now = live.row_of(locked), timezone.now()
    if quiet(row, now):
        return tickets
    own = tickets.split(".")[:TICKETS_PER_DEVICE]
    spent = next((ticket for ticket in own if cache.delete(_key(locked, ticket))), None)
    if spent is None:
        return tickets
    live.settle(row, now)
    low, high = DELAY
    row.pause_from = now + timedelta(seconds=low + secrets.randbelow(high - low + 1))
    row.pause_until, row.pause_counted = row.pause_from + LENGTH, False
    row.save()
    return ".".join(secrets.token_hex(8) if ticket == spent else ticket for ticket in own)


def quiet(row: LiveSession, now) -> bool:
    """Say whether no pause can be asked for: one is coming, or there, or has just been."""
    return row.pause_until is not None and now < row.pause_until + QUIET


def runs(row: LiveSession, now) -> bool:
    return row.pause_from is not None and row.pause_from <= now < row.pause_until
