"""The context of every template."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    """Name the operator, who could technically read the answers, and say whether this is a local trial."""
    return {
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "OPERATOR_EMAIL": settings.OPERATOR_EMAIL,
        "SOURCE_URL": settings.SOURCE_URL,
        "LANGUAGES": settings.LANGUAGES,  # each by its own name
        "LOCAL": settings.LOCAL,
    }
