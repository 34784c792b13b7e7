import pytest

from assessments.guide import CAUCUS, GUIDES, guides_of
from assessments.models import Assessment, Stage

EVERY_GUIDE = [CAUCUS, *(guide for guides in GUIDES.values() for guide in guides)]


def test_every_stage_has_a_guide():
    assert set(GUIDES) == set(Stage)


def test_where_sides_answer_together_the_guide_is_another_one():
    assert guides_of(Assessment(stage=Stage.RATING, mode="caucus")) == (CAUCUS,)
    assert guides_of(Assessment(stage=Stage.RATING, mode="by_side")) == GUIDES[Stage.RATING]


@pytest.mark.parametrize("guide", EVERY_GUIDE, ids=lambda guide: str(guide.title))
def test_guide_has_five_headings_and_at_least_120_words(guide):
    sections = guide.sections()
    assert len(sections) == 5
    assert all(str(text).strip() for _heading, text in sections)
    assert sum(len(str(text).split()) for _heading, text in sections) >= 120
