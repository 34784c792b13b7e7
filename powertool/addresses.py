"""Redirect targets that come with a request."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, asked: str, otherwise: str) -> str:
    """Return the URL that a request asks to continue to, if it is on this site, otherwise the default."""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else otherwise
