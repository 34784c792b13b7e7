"""What stood as a name before names were links: filled in where one person alone is meant, otherwise left."""

from importlib import import_module

import pytest
from django.db import connection

from community.models import ModerationEntry
from partnerships import trail
from partnerships.models import Role, TrailEntry
from tests.community.making import lead, member
from tests.factories import UserFactory, seat

pytestmark = pytest.mark.django_db


def fill(migration: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(import_module(migration).FILL)


def test_the_trail_names_seats(cast):
    for twin in range(2):
        seat(cast.partnership, Role.OBSERVER, None, user=UserFactory(name="Two Of Them"), employer=str(twin))
    for about in ("Nora North (representative)", "Two Of Them (observer)", "Nora North", "Gone Since (observer)"):
        trail.record(cast.partnership, None, "seat.confirmed", about)
    trail.record(cast.partnership, None, "partner.added", "Nora North (a name of an organisation)")
    fill("partnerships.migrations.0004_unnamed_trail")
    filled = TrailEntry.objects.exclude(seat=None).get()
    assert (filled.seat, filled.about) == (cast.seat(cast.north_representative), "")
    assert set(TrailEntry.objects.filter(seat=None).values_list("about", flat=True)) == {
        "Two Of Them (observer)",
        "Nora North",
        "Gone Since (observer)",
        "Nora North (a name of an organisation)",
    }


def test_changes_of_roles_name_members(db):
    leader, own = lead(), member("Mina Member")
    for verb, reason in (("role", "Mina Member: lead"), ("role", "Somebody: lead"), ("hid", "Mina Member: rude")):
        ModerationEntry.objects.create(group=own.group, actor=leader.user, verb=verb, reason=reason)
    fill("community.migrations.0013_whose_role")
    filled = ModerationEntry.objects.exclude(member=None).get()
    assert (filled.member, filled.reason, filled.who) == (own.user, "lead", "Mina Member: lead")
    assert set(ModerationEntry.objects.filter(member=None).values_list("reason", flat=True)) == {
        "Somebody: lead",
        "Mina Member: rude",
    }
