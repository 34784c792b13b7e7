"""Screens of tests ask more often than of themselves, so that nobody waits long for what another one changed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class AskOften:
    """In place of `powertool.pacing.Pacing`; a test that is about the time takes the setting `POLL_AFTER` away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.POLL_AFTER and "HX-Request" in request.headers:
            response["Poll-After"] = settings.POLL_AFTER
        return response
