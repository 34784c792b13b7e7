"""Copied worlds are what the services made, and nobody else's."""

import pytest
from django.db import IntegrityError

from assessments.models import Assessment
from partnerships.models import Membership
from tests import worlds
from tests.assessments.making import rating
from tests.factories import PartnershipFactory, make_cast


@pytest.fixture
def world(db):
    rating(make_cast())
    return worlds.worlds[worlds.stands()]


def lines(rows: dict[str, str]) -> dict[str, list[str]]:
    """Return the rows of each table by their words: PostgreSQL puts a row where there is room, in any order."""
    return {table: sorted(copied.splitlines()) for table, copied in rows.items()}


def test_a_copy_has_the_rows_that_the_services_made(world):
    assert {"assessments_assessment", "assessments_participant"} <= world.rows.keys()
    read = {table: worlds.read(table) for table in world.rows}
    assert lines(read) == lines(world.rows)
    assert Assessment.objects.get() == world.made


def test_what_is_changed_in_a_copy_is_not_in_the_next(db):
    cast = make_cast()
    cast.partnership.name = "Changed"
    world = worlds.worlds[worlds.stands()]
    Membership.objects.all().delete()
    assert world.made.partnership.name == "Water for All"
    worlds.lay(world)
    assert Membership.objects.count() == 7


@pytest.mark.parametrize("another_row", [False, True])
def test_after_another_row_the_services_make_it(db, another_row):
    cast = make_cast()
    if another_row:
        PartnershipFactory()
    assessment = rating(cast)
    assert (worlds.stands() is None) == another_row
    assert Assessment.objects.get(partnership=cast.partnership) == assessment


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_is_given_no_copy():
    cast = make_cast()
    assert not worlds.in_savepoints()
    assert rating(cast).partnership == cast.partnership


def test_a_world_that_no_commit_would_take_is_refused(db):
    with pytest.raises(IntegrityError):
        worlds.build(lambda: PartnershipFactory(created_by_id=0), None)


def test_what_stands_on_a_world_is_forgotten_with_it(world, monkeypatch):
    below = worlds.worlds[worlds.stands()[0]]
    assert world.until == below.until
    monkeypatch.setattr(worlds.time, "monotonic", lambda: below.until + 1)
    assert worlds.stands() is None
    assert not {id(world), id(below)} & {id(one) for one in worlds.worlds.values()}
