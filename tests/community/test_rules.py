"""The database's own rules."""

import pytest
from django.db import transaction

from community.access import all_groups, reader_of
from community.models import Item, ItemKind, Revision, State
from tests.factories import UserFactory
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    user = UserFactory()
    item = Item.objects.create(
        kind=ItemKind.FINDING, group=all_groups()[0], author=user, side="south", title="Budgets", plain="x"
    )
    Revision.objects.create(item=item, number=1, title="Budgets", text="x", author=user, side="south", mutation="m1")
    return item


def test_revision_can_be_blanked_but_not_rewritten(item):
    revision = item.revisions.get()
    with refused("revision_stays|stays as it was saved"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(text="something else")
    Revision.objects.filter(pk=revision.pk).update(title="", text="")


def test_a_part_stands_in_the_group_of_its_whole(item):
    def part(group, whole):
        return Item.objects.create(kind=ItemKind.SECTION, group=group, whole=whole, side="south")

    own = part(item.group, item)
    with refused("part stands in the group"), transaction.atomic():
        part(all_groups()[1], item)
    with refused("part stands in the group"), transaction.atomic():
        part(item.group, own)


def test_published_has_a_date(item):
    with refused("item_published_has_a_date"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(state=State.PUBLISHED)


def test_drafts_are_their_authors(item):
    assert item in Item.objects.visible_to(reader_of(item.author))
    assert item not in Item.objects.visible_to(reader_of(UserFactory()))
