import pytest

from assessments.guide import GUIDES
from assessments.models import Stage

EVERY_GUIDE = [guide for guides in GUIDES.values() for guide in guides]


def test_every_stage_has_a_guide():
    assert set(GUIDES) == set(Stage)


@pytest.mark.parametrize("guide", EVERY_GUIDE, ids=lambda guide: str(guide.title))
def test_guide_has_five_headings_and_at_least_120_words(guide):
    sections = guide.sections()
    assert len(sections) == 5
    assert all(str(text).strip() for _heading, text in sections)
    assert sum(len(str(text).split()) for _heading, text in sections) >= 120
