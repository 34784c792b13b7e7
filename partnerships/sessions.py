"""A person's sessions: on which day each was last used, and when those of staff end by themselves."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from partnerships.models import User

STAFF_UNTIL = "staff_until"  # in the session: when it ends, in seconds since 1970
STAFF_SECONDS = 12 * 60 * 60
MOST = 10_000
noted: dict[str, datetime] = {}  # the day that this process has noted for a session


class Sessions:
    """End the sessions of staff after twelve hours, and note once a day that a session is in use.

    A day says enough to recognise a browser, and costs one statement a day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if request.user.is_staff and request.session.get(STAFF_UNTIL, 0) < time.time():
                logout(request)
            else:
                note_use(request.session.session_key or "")
        return self.get_response(request)


def note_use(key: str) -> None:
    """Note today as the day of a session's last use, unless this process has done so."""
    today = begin_of_day()
    if noted.get(key) == today:
        return
    remember(key, today)
    UserSession.objects.filter(session_key=key, last_seen_at__lt=today).update(last_seen_at=today)


def begin_of_day() -> datetime:
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def remember(key: str, day: datetime) -> None:
    if len(noted) >= MOST:
        noted.clear()
    noted[key] = day


def begin(request: HttpRequest, user: User, **_more: Any) -> None:
    """Say when a session that begins will end, if it is of staff."""
    if user.is_staff:
        request.session[STAFF_UNTIL] = int(time.time()) + STAFF_SECONDS
    remember(request.session.session_key or "", begin_of_day())


def connect_signals() -> None:
    user_logged_in.connect(begin, dispatch_uid="partnerships.sessions.begin")
