"""Facts that have one home: levels, sides, the neutral sentence, thresholds and colours."""

import re

import pytest
from django.conf import settings

from assessments import disclosure, ladder, promises
from assessments.charts import colours
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
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")])
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
DRAWN = [path for app in ("assessments", "community") for path in sorted((ROOT / app).rglob("*.typ"))]


def named(paths) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in paths}


COPIES = {
    "levels": r"range\((0, )?5\)|\(0, 1, 2, 3, 4\)|\(\"0\", \"1\"|0 <= \w+ <= 4",
    "sides": r"(= |in )[(\[{]\"north\", \"south\"(, \"other\")?[)\]}]|Side\.NORTH(\.value)?, Side\.SOUTH\b[^:]",
}
HOMES = {"assessments/scoring/levels.py", "partnerships/models/partnership.py"}


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


def test_level_one_reads_informed_only_on_every_surface():
    assert {str(words[1]) for words in (ladder.LEVELS, ladder.SHORT_LEVELS)} == {"informed only"}


def test_no_surface_types_the_words_of_a_level():
    words = r"informed, no say|informed only|\"informed\"|1 informed|consulted beforehand"
    files = (*SOURCES, *TEMPLATES, *SCRIPTS, *DRAWN)
    code = {path: re.sub(r'""".*?"""', "", path.read_text(), flags=re.S) for path in files}
    assert named(path for path, text in code.items() if re.search(words, text)) == {"assessments/ladder.py"}


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


def test_the_neutral_sentence_is_typed_once():
    typed = [path for path in (*SOURCES, *TEMPLATES, *SCRIPTS, *DRAWN) if str(ladder.NOT_SHOWN) in path.read_text()]
    assert named(typed) == {"assessments/ladder.py"}


def test_no_template_types_a_threshold():
    """“From five on”, “at least five”: a template takes the number from `{% threshold %}`."""
    typed = r"(at least|fewer than|from|with|of at least) (three|five|ten) (organisations|people|partnerships|on\b)"
    assert named(path for path in TEMPLATES if re.search(typed, path.read_text(), re.I)) == set()


def test_the_thresholds_are_those_that_were_promised():
    said = " ".join(map(str, (*promises.PROMISES["by_side"], *promises.UNDER_EACH, promises.REASON_NOTE)))
    numbers = {"three": 3, "five": 5}
    assert numbers[re.search(r"fewer than (\w+) answering organisations", said)[1]] == disclosure.SMALLEST_SIDE
    assert {numbers[word] for word in re.findall(r"at least (\w+) ", said)} == {disclosure.SMALLEST_GROUP}
    assert numbers[re.search(r"and (\w+) of them gave", said)[1]] == disclosure.FEWEST_WRITERS


def test_colours_of_sides_and_levels_are_typed_once():
    meant = "|".join([*colours.SIDES.values(), *colours.LEVELS])
    files = (*SOURCES, *TEMPLATES, *SCRIPTS, *DRAWN, *(ROOT / "styles").rglob("*.scss"))
    assert named(path for path in files if re.search(meant, path.read_text(), re.I)) == {"styles/_tokens.scss"}
