"""What no browser sends for a person is turned away at the door."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class NoNulls:
    """Refuse posted fields with a NUL, which PostgreSQL cannot hold and nobody types."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        if request.method != "POST":
            return
        if any("\x00" in text for name, values in request.POST.lists() for text in (name, *map(str, values))):
            raise BadRequest("a field holds a NUL")
