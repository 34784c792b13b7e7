"""What stood as a name before names were links: filled in where one person alone is meant, otherwise left."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection

from community.models import ModerationEntry
from partnerships import activity_log
from partnerships.models import ActivityLogEntry, Invitation, Role, User
from partnerships.services import invite
from tests.community.making import lead, member
from tests.factories import UserFactory, membership

pytestmark = pytest.mark.django_db


def fill(migration: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(import_module(migration).FILL)


def test_the_activity_log_names_memberships(cast):
    for twin in range(2):
        membership(cast.partnership, Role.OBSERVER, None, user=UserFactory(name="Two Of Them"), employer=str(twin))
    for about in ("Nora North (representative)", "Two Of Them (observer)", "Nora North", "Gone Since (observer)"):
        activity_log.record(cast.partnership, None, "membership.confirmed", about)
    activity_log.record(cast.partnership, None, "partner.added", "Nora North (a name of an organisation)")
    fill("partnerships.migrations.0004_unnamed_activity_log")
    filled = ActivityLogEntry.objects.exclude(membership=None).get()
    assert (filled.membership, filled.about) == (cast.membership(cast.north_representative), "")
    assert set(ActivityLogEntry.objects.filter(membership=None).values_list("about", flat=True)) == {
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


WITHOUT_RULES = f"""
SET CONSTRAINTS ALL IMMEDIATE;
{import_module("partnerships.migrations.0011_address_rules").UNDO}
ALTER TABLE partnerships_user DROP CONSTRAINT user_email_canonical;
ALTER TABLE partnerships_invitation DROP CONSTRAINT invitation_email_canonical;
"""


def test_addresses_get_their_one_form_and_what_nobody_confirmed_goes(cast):
    otto, fatma = cast.outsider, cast.south_facilitator
    invited = invite(cast.membership(fatma), "email", Role.OBSERVER, email="ada@example.org")
    twin = User.objects.create_user("twin@example.org")
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_RULES)
    EmailAddress.objects.create(user=otto, email="sara@example.org")
    EmailAddress.objects.filter(user=fatma).update(email="fatma@b\u00fccher.example")
    User.objects.filter(pk=fatma.pk).update(email="Fatma@B\u00fccher.example")
    User.objects.filter(pk=twin.pk).update(email="tw\u0131n@example.org")
    Invitation.objects.filter(pk=invited.pk).update(email="Ada@Example.org")
    import_module("partnerships.migrations.0010_canonical_addresses").forwards(apps, None)
    assert not EmailAddress.objects.filter(verified=False).exists()
    assert not User.objects.filter(pk=twin.pk).exists()
    for row in (User.objects.get(pk=fatma.pk), EmailAddress.objects.get(user=fatma)):
        assert row.email == "fatma@xn--bcher-kva.example"
    assert Invitation.objects.get(pk=invited.pk).email == "ada@example.org"
