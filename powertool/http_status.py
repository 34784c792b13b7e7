"""The names of HTTP's status codes, the same on every version of Python."""

from http import HTTPStatus

NAMES = {422: "Unprocessable Content"}  # by RFC 9110; Python before 3.13 knows the name before it


def name_of(status: int) -> str:
    """Return the name of a status code; raise ValueError for a number that is none."""
    return NAMES.get(status) or HTTPStatus(status).phrase
