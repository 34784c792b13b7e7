"""Rejecting requests that no browser sends for a person, and tokens that others could read on the way."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

# Null characters, and what Python refuses to read by an error that not every reader expects: numbers without end and
# lists within lists within lists.
NEVER_TYPED = re.compile(r"\x00|[0-9]{4000}|[\[{]{500}")
READ_AS = ("", "utf-8", "utf8")  # what a form may say that it is written in; no browser of today sends another
KNOWN = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


class RefusePlainToken:
    """Refuse a token that came over plain http, where a redirect would let a program go on sending it like this."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SECURE_SSL_REDIRECT and "Authorization" in request.headers and not request.is_secure():
            detail = "This token was sent without encryption. Delete it. Send a new one to https:// only."
            content = {"title": "Forbidden", "status": 403, "detail": detail, "errors": []}
            return JsonResponse(content, status=403, content_type="application/problem+json")
        return self.get_response(request)


class RejectMalformedInput:
    """Reject unknown methods, forms that are not UTF-8, and fields with null characters, endless numbers or lists."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in KNOWN:
            return HttpResponse(status=405, headers={"Allow": ", ".join(KNOWN)})
        if (request.content_params or {}).get("charset", "").strip("\"' ").lower() not in READ_AS:
            return HttpResponse("Send it as UTF-8.", status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        for fields in (request.GET, request.POST) if request.method == "POST" else (request.GET,):
            for name, values in fields.lists():
                if any(NEVER_TYPED.search(text) for text in (name, *map(str, values))):
                    raise BadRequest("a field holds what nobody types")
