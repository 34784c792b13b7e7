"""A level of the ladder, as forms and buttons send it."""

from django.core.exceptions import BadRequest

from assessments.scoring.levels import parse_level


def posted_level(text: str, *missing: str) -> int | None:
    """Return the level that a request sent, None for the texts in `missing`; refuse any other text with 400."""
    try:
        return parse_level(text, *missing)
    except ValueError as error:
        raise BadRequest("no level of the ladder") from error
