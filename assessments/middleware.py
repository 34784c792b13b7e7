"""A phone without a line cannot ask the server who is signed in; a cookie that its script can read tells it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from partnerships.codes import keyed_hash
from partnerships.models import User

COOKIE = "rater"


def owner_of(user: User) -> str:
    """Return what a phone knows a person by: nothing that anybody else could make or read anything from."""
    return keyed_hash("owner", str(user.pk))[:16]


class TellsWhoAnswers:
    """Say on rating pages whose sheet a phone may show while it has no line; take it back once she is not signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        told, name = request.COOKIES.get(COOKIE), request.resolver_match.view_name if request.resolver_match else ""
        rates = name.startswith(("assessments:rate", "assessments:laptop")) and response.status_code == 200
        if not told and not rates:
            return response
        own = owner_of(request.user) if request.user.is_authenticated else ""
        if own and rates:
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, own, settings.SESSION_COOKIE_AGE, secure=secure, samesite="Lax")
        elif told != own:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
