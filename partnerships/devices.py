"""Devices on which somebody has signed in before: strangers who guess a password elsewhere do not keep her out there.

A cookie of the account pages holds a keyed hash for each of the last accounts. It opens nothing and names nobody.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from partnerships.codes import keyed_hash
from partnerships.models import User
from partnerships.services import confirmed_addresses

MOST = 5  # accounts of one device
PATH = "/accounts/"
SECONDS = 365 * 24 * 3600


def mark(user: User) -> str:
    return keyed_hash("device", str(user.pk))


def marks(request: HttpRequest) -> list[str]:
    return [one for one in request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".") if one]


def is_known(request: HttpRequest, address: str) -> bool:
    """Say whether the owner of an address has signed in on this device before."""
    known = marks(request)
    user = confirmed_addresses.owner(address) if known else None
    return user is not None and mark(user) in known


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let a device be known by the account that has just signed in on it."""
    mine = mark(user)
    kept = [mine, *(one for one in marks(request) if one != mine)][:MOST]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        ".".join(kept),
        max_age=SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
