"""The API, put together from each app: URLs, error objects, ETags, its OpenAPI description, and a page about it."""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from assessments.api import router as assessments
from community.api import router as community
from partnerships.api import Problem
from partnerships.api import router as partnerships
from powertool import http_status

PROBLEM = "application/problem+json"


def allow_head(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view answer HEAD as it answers GET (RFC 9110, 9.3.2); the server leaves out the content."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
        try:
            response = view(request, *args, **kwargs)
        finally:
            request.method = asked
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response["Allow"] = "GET, HEAD"
        return response

    return answer


class Interface(NinjaAPI):
    """A NinjaAPI whose responses are private to the token's owner, and are revalidated by their ETag."""

    @property
    def urls(self) -> tuple[list[URLPattern | URLResolver], str, str]:
        patterns, app, space = super().urls
        for pattern in patterns:
            pattern.callback = allow_head(pattern.callback)  # type: ignore[union-attr,arg-type]
        return patterns, app, space

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, data, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        if response.status_code != HTTPStatus.OK:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """Return the OpenAPI 3.1 description, with errors as problem objects."""
        schema = super().get_openapi_schema(**kwargs)
        schema["servers"] = [{"url": settings.BASE_URL}]
        for path in schema["paths"].values():
            for status, response in path["get"]["responses"].items():
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    response["content"] = {PROBLEM: response["content"]["application/json"]}
        return schema


api = Interface(
    title="Power Awareness Tool",
    version="1",
    description="What a person reads of her partnerships' results, and the evidence base, for her own programs.",
    urls_namespace="api",
    docs_url=None,
)
for router in (partnerships, assessments, community):
    api.add_router("", router)


def problem(request: HttpRequest, status: int, detail: str, errors: list | None = None) -> HttpResponse:
    """Return a problem object (RFC 9457)."""
    content = Problem(title=http_status.name_of(status), status=status, detail=detail, errors=errors or [])
    response = api.create_response(request, content.model_dump(), status=status)
    response["Content-Type"] = PROBLEM
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(request, 404, "There is nothing here that this token may read.")


@api.exception_handler(Throttled)
def throttled(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(request, 429, "That was too often. Wait as many seconds as Retry-After says.")
    response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: Any) -> HttpResponse:
    details = {401: "Send a token that is in force: Authorization: Bearer pat_…"}
    return problem(request, error.status_code, details.get(error.status_code, str(error)))


@api.exception_handler(ValidationError)
def invalid_parameter(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{key: entry[key] for key in ("loc", "msg", "type")} for entry in error.errors]
    return problem(request, 422, "A parameter is not as the description asks for.", errors)


@csrf_exempt
def unknown_path(request: HttpRequest, rest: str) -> HttpResponse:
    """Return a problem object with status 404 for an unknown path of the API."""
    return not_found(request, None)


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    """Show the page that documents the API."""
    schema = api.get_openapi_schema()
    rows = [
        {
            "path": path,
            "summary": ways["get"]["summary"],
            "parameters": [each["name"] for each in ways["get"].get("parameters", []) if each["in"] == "query"],
            "open": {} in ways["get"].get("security", []),
        }
        for path, ways in schema["paths"].items()
    ]
    context = {"rows": rows, "base": settings.BASE_URL, "description": reverse("api:openapi-json")}
    return render(request, "api.html", context)
