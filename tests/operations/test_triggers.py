"""The rules of the database: declared at the models, installed, and switched off by nobody."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from partnerships.models import Membership
from partnerships.triggers import OwnersTrigger, Trigger
from tests.factories import make_cast

pytestmark = pytest.mark.django_db


def test_no_session_variable_switches_a_rule_off():
    cast = make_cast()
    theirs = cast.other_partnership.partners.first()
    own = Membership.objects.filter(pk=cast.membership(cast.north_representative).pk)
    names = [trigger.get_pgid(Membership) for trigger in Membership._meta.triggers]
    with pytest.raises(IntegrityError), transaction.atomic():
        own.update(partner=theirs)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
    with pytest.raises(IntegrityError), transaction.atomic():
        own.update(partner=theirs)
    with pytest.raises(IntegrityError), pgtrigger.ignore(), transaction.atomic():
        own.update(partner=theirs)


def test_each_declared_rule_is_installed_and_ours():
    declared = {
        trigger.get_pgid(model): trigger
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", ())
    }
    assert {type(trigger) for trigger in declared.values()} == {Trigger, OwnersTrigger}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        installed = {name for (name,) in cursor.fetchall()}
    assert installed == {*declared, "address_is_confirmed", "address_waits_alone", "connected_to_an_account"}
    assert len(declared) > 100
