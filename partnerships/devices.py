"""Known devices: browsers on which an account has signed in before. Limits caused by strangers do not apply to them.

A cookie of the account pages contains a keyed hash for each of the last accounts. It gives no access.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from partnerships.codes import keyed_hash
from partnerships.models import User
from partnerships.services import confirmed_addresses

MOST = 5  # accounts of one device
PATH = "/accounts/"
SECONDS = 365 * 24 * 3600


def device_mark(user: User) -> str:
    return keyed_hash("device", str(user.pk))


def marks_of_device(request: HttpRequest) -> list[str]:
    return [text for text in request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".") if text]


def is_known(request: HttpRequest, address: str) -> bool:
    """Return whether the account of an address has signed in on this device before."""
    marks = marks_of_device(request)
    user = confirmed_addresses.owner(address) if marks else None
    return user is not None and device_mark(user) in marks


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Store in the browser that this account has signed in on it."""
    own = device_mark(user)
    newest = [own, *(other for other in marks_of_device(request) if other != own)][:MOST]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join(newest),
        max_age=SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
