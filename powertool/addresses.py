"""Addresses on this site that come from outside."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, asked: str, otherwise: str) -> str:
    """Return where somebody asks to go on, if it is on this site, else the other address."""
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else otherwise
