"""A membership counts once facilitators of both sides, or all there are, have confirmed it (METHOD.md §4 rule 9)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from partnerships import services
from partnerships.access import member_roles_of
from partnerships.models import ActivityLogEntry, MembershipConfirmation, Notification, Role
from partnerships.services import Refused, is_admitted
from tests.factories import GuestFactory, make_cast, membership
from tests.partnerships.overlapping import while_held

N1, N2, S1, S2, O1, X1 = range(1, 7)
NORTH, SOUTH, OTHER, NONE = "north", "south", "other", None


@pytest.mark.parametrize(
    ("facilitators", "confirmed", "admitted"),
    [
        ({N1: NORTH, S1: SOUTH}, {N1, S1}, True),
        ({N1: NORTH, S1: SOUTH}, {N1}, False),
        ({N1: NORTH, S1: SOUTH}, {S1}, False),
        ({N1: NORTH, S1: SOUTH}, set(), False),
        # One of each side suffices, however many there are.
        ({N1: NORTH, N2: NORTH, S1: SOUTH, S2: SOUTH}, {N2, S1}, True),
        ({N1: NORTH, N2: NORTH, S1: SOUTH}, {N1, N2}, False),
        # Somebody of neither side does not stand for one.
        ({N1: NORTH, S1: SOUTH, O1: OTHER, X1: NONE}, {N1, O1, X1}, False),
        ({N1: NORTH, S1: SOUTH, O1: OTHER, X1: NONE}, {N1, S1}, True),
        # Where a side has no facilitator, all there are.
        ({N1: NORTH}, {N1}, True),
        ({N1: NORTH}, set(), False),
        ({N1: NORTH, N2: NORTH}, {N1}, False),
        ({N1: NORTH, N2: NORTH}, {N1, N2}, True),
        ({S1: SOUTH, O1: OTHER}, {S1}, False),
        ({S1: SOUTH, O1: OTHER}, {S1, O1}, True),
        ({X1: NONE}, {X1}, True),
        # A confirmation of somebody who facilitates no longer is none.
        ({N1: NORTH, S1: SOUTH}, {N1, S2}, False),
        ({N1: NORTH}, {S2}, False),
        # Nobody facilitates: nobody is let in.
        ({}, set(), False),
        ({}, {N1}, False),
    ],
)
def test_is_admitted(facilitators, confirmed, admitted):
    assert is_admitted(facilitators, confirmed) is admitted


@pytest.fixture
def waiting(cast):
    """A guest who waits, for the partner s3."""
    return membership(
        cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=GuestFactory(name="Wairimu"), admitted_at=None
    )


def test_second_side_admits(cast, waiting):
    north, south = cast.membership(cast.north_facilitator), cast.membership(cast.south_facilitator)
    assert services.confirm_membership(waiting, north).admitted_at is None
    assert member_roles_of(waiting.user, cast.partnership).memberships == ()
    assert services.confirm_membership(waiting, south).admitted_at
    assert member_roles_of(waiting.user, cast.partnership).represents == waiting
    assert Notification.objects.filter(recipient=waiting.user, kind="partnerships.membership_admitted").count() == 1


def test_confirming_twice_changes_nothing(cast, waiting):
    north = cast.membership(cast.north_facilitator)
    services.confirm_membership(waiting, north)
    assert services.confirm_membership(waiting, north).admitted_at is None
    assert MembershipConfirmation.objects.filter(membership=waiting).count() == 1
    assert ActivityLogEntry.objects.filter(verb="membership.confirmed").count() == 1


def test_only_facilitators_here_confirm(cast, waiting):
    for user in (cast.north_representative, cast.observer):
        with pytest.raises(PermissionDenied):
            services.confirm_membership(waiting, cast.membership(user))
    with pytest.raises(PermissionDenied):
        services.confirm_membership(waiting, cast.other_partnership.memberships.get(user=cast.other_facilitator))
    services.confirm_membership(waiting, cast.membership(cast.north_facilitator))
    assert MembershipConfirmation.objects.get().by.user == cast.north_facilitator


def test_voided_membership_is_not_confirmed(cast, waiting):
    services.void_membership(waiting, cast.membership(cast.north_facilitator))
    with pytest.raises(Refused):
        services.confirm_membership(waiting, cast.membership(cast.south_facilitator))


def test_confirm_all_takes_only_the_memberships_shown(cast, waiting):
    later = membership(cast.partnership, Role.OBSERVER, None, employer="A university", admitted_at=None)
    assert services.confirm_all(cast.partnership, cast.membership(cast.north_facilitator), [waiting.code]) == 0
    assert services.confirm_all(cast.partnership, cast.membership(cast.south_facilitator), [waiting.code]) == 1
    later.refresh_from_db()
    assert later.admitted_at is None
    assert not later.confirmations.exists()


def test_leaving_of_a_facilitator_settles_what_waits(cast, waiting):
    """Once the South has no facilitator, all there are have confirmed."""
    services.confirm_membership(waiting, cast.membership(cast.north_facilitator))
    south = cast.membership(cast.south_facilitator)
    services.void_membership(south, south)
    waiting.refresh_from_db()
    assert waiting.admitted_at


def test_other_sides_facilitator_cannot_be_sent_away(cast):
    north, south = cast.membership(cast.north_facilitator), cast.membership(cast.south_facilitator)
    with pytest.raises(PermissionDenied):
        services.void_membership(south, north)
    colleague = membership(cast.partnership, Role.FACILITATOR, cast.partners["s2"])
    services.void_membership(south, colleague)
    south.refresh_from_db()
    assert south.voided_at


def test_last_facilitator_stays(cast):
    alone = cast.other_partnership.memberships.get(user=cast.other_facilitator)
    with pytest.raises(Refused):
        services.void_membership(alone, alone)
    second = membership(cast.other_partnership, Role.FACILITATOR, None, employer="Elsewhere")
    services.void_membership(alone, alone)
    assert list(cast.other_partnership.memberships.in_force().facilitators()) == [second]


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_confirm_at_once():
    cast = make_cast()
    waiting = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], admitted_at=None)
    north, south = cast.membership(cast.north_facilitator), cast.membership(cast.south_facilitator)
    while_held(lambda: services.confirm_membership(waiting, north), lambda: services.confirm_membership(waiting, south))
    waiting.refresh_from_db()
    assert waiting.admitted_at
    assert waiting.confirmations.count() == 2


@pytest.mark.django_db(transaction=True)
def test_voided_facilitator_confirms_too_late():
    cast = make_cast()
    waiting = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], admitted_at=None)
    south = cast.membership(cast.south_facilitator)
    outcome = while_held(
        lambda: services.void_membership(south, south), lambda: services.confirm_membership(waiting, south)
    )
    assert isinstance(outcome, PermissionDenied)
    assert not waiting.confirmations.exists()


def test_database_refuses_a_vow_of_a_representative(cast, waiting):
    with pytest.raises(IntegrityError, match="only a facilitator"):
        MembershipConfirmation.objects.create(membership=waiting, by=cast.membership(cast.north_representative))
