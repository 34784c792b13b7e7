"""The values that the method counts with: levels and sides."""

import pytest

from assessments.scoring.levels import LEVELS, parse_level


def test_every_level_is_parsed_from_its_digit():
    assert [parse_level(str(level)) for level in LEVELS] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("text", ["", "empty", "none", "?"])
def test_a_text_for_a_missing_level_is_none_where_it_is_named(text):
    assert parse_level(text, text) is None
    with pytest.raises(ValueError, match="is not a level"):
        parse_level(text)


@pytest.mark.parametrize("text", ["5", "-1", "01", "2.0", " 2", "٢", "two"])
def test_no_other_text_is_a_level(text):
    with pytest.raises(ValueError, match="is not a level"):
        parse_level(text, "", "none")
