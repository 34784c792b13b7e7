"""Facts that have one home: levels and sides, and the order of partners."""

import re

import pytest
from django.conf import settings

from assessments import ladder
from assessments.models import Participant
from assessments.scoring import levels
from partnerships.models import BOTH_SIDES, Side
from tests.assessments import making
from tests.factories import PartnerFactory

ROOT = settings.BASE_DIR
SOURCES = [
    path
    for app in ("assessments", "community", "partnerships", "powertool")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
COPIES = {
    "levels": r"range\((0, )?5\)|\(0, 1, 2, 3, 4\)|\(\"0\", \"1\"|0 <= \w+ <= 4",
    "sides": r"(= |in )[(\[{]\"north\", \"south\"(, \"other\")?[)\]}]|Side\.NORTH(\.value)?, Side\.SOUTH\b[^:]",
}
HOMES = {"assessments/scoring/levels.py", "partnerships/models.py"}


@pytest.mark.parametrize("fact", COPIES)
def test_levels_and_sides_are_listed_in_their_home_only(fact):
    copies = {
        str(path.relative_to(ROOT)): found.group(0)
        for path in SOURCES
        if (found := re.search(COPIES[fact], path.read_text())) and str(path.relative_to(ROOT)) not in HOMES
    }
    assert copies == {}


def test_the_database_and_the_method_have_the_same_sides_in_order():
    assert tuple(Side.values) == levels.SIDES
    assert tuple(side.value for side in BOTH_SIDES) == levels.BOTH_SIDES


def test_every_level_has_words_and_short_words():
    assert [*ladder.LEVELS] == [*ladder.SHORT_LEVELS] == [*levels.LEVELS]


@pytest.mark.django_db
def test_partners_are_ordered_by_side_and_then_as_listed(cast):
    assessment = making.make_assessment(cast)
    sides = (Side.OTHER, Side.SOUTH, Side.NORTH, Side.SOUTH)
    for number, side in enumerate(sides, start=1):
        partner = PartnerFactory(partnership=cast.partnership, side=side)
        Participant.of(assessment, partner, number).save()
    assert [(each.side, each.number) for each in assessment.participants.in_order()] == [
        ("north", 3),
        ("south", 2),
        ("south", 4),
        ("other", 1),
    ]
