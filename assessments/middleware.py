"""The cookie that tells an offline phone who is signed in: its script can read it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from partnerships.codes import keyed_hash
from partnerships.models import User

COOKIE = "rater"
OFFLINE_PAGES = ("assessments:rate", "assessments:laptop", "assessments:facts-declare")


def person_id(user: User) -> str:
    """Return the id by which a phone recognises a person. No one else can compute it, and it reveals nothing."""
    return keyed_hash("owner", str(user.pk))[:16]


class RaterCookie:
    """Set the cookie on pages that a phone keeps, and delete it when the person signs out or someone else signs in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        previous, name = request.COOKIES.get(COOKIE), request.resolver_match.view_name if request.resolver_match else ""
        is_offline_page = name.startswith(OFFLINE_PAGES) and response.status_code == 200
        if not previous and not is_offline_page:
            return response
        current = person_id(request.user) if request.user.is_authenticated else ""
        if current and is_offline_page:
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, current, settings.SESSION_COOKIE_AGE, secure=secure, samesite="Lax")
        elif previous != current:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
