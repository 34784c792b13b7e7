"""Rate limits.

Codes: only wrong ones count, so that many people can join from one network, and a right code that is too long to guess
always works. Expensive requests (search, uploads, downloads): each counts, by account, or by IP address without one.
E-mails that people cause: by sender and by receiver. Without Redis each process counts alone.
"""

import math
from collections.abc import Callable
from functools import wraps
from time import time

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from partnerships import security_log
from partnerships.access import wants_fragment

MOST = 40
SECONDS = 10 * 60


def key(request: HttpRequest, action: str) -> str:
    return f"misses:{action}:{get_ip(request)}"


def too_many(request: HttpRequest, action: str) -> bool:
    """Return whether this IP address sent too many wrong codes recently. Without Redis it is always False."""
    if many := (cache.get(key(request, action)) or 0) >= MOST:
        security_log.log_event(request, f"Too many wrong codes ({action})")
    return many


def missed(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count a wrong code. Return the page that says to wait if this IP address sent too many.

    Call it only for a wrong code, so that the guesses of others in the network do not block a right one.
    """
    if too_many(request, action):
        return render(request, "partnerships/slow_down.html", status=429)
    count_miss(request, action)
    return None


def count_miss(request: HttpRequest, action: str) -> None:
    security_log.log_event(request, f"Wrong code ({action})")
    _add_one(key(request, action), SECONDS)


def take(request: HttpRequest, action: str, most: int, seconds: int) -> int:
    """Count one request of this person. Return how many seconds she has to wait, 0 if she is within the limit."""
    return take_as(asker(request), action, most, seconds)


def asker(request: HttpRequest) -> str:
    """Return the key by which a request is counted: the account, or the IP address without one."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else f"ip:{get_ip(request)}"


def take_as(who: str, action: str, most: int, seconds: int) -> int:
    """Count one request under this key, as `take` does."""
    now = time()
    window = int(now // seconds)
    used = _add_one(f"uses:{action}:{who}:{window}", seconds)
    return 0 if used <= most else max(1, math.ceil((window + 1) * seconds - now))


def used(who: str, action: str, seconds: int) -> int:
    """Return how often something was counted in the current period, without counting."""
    return cache.get(f"uses:{action}:{who}:{int(time() // seconds)}") or 0


def limited(action: str, most: int, seconds: int = SECONDS, methods: tuple[str, ...] = ()) -> Callable:
    """Let each person ask `most` times in `seconds` (by `methods`; none named: by all), then answer 429.

    Views may share an action. `Retry-After` tells programs when to come back; htmx and fetch get JSON, others a page.
    """

    def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if methods and request.method not in methods:
                return view(request, *args, **kwargs)
            if wait := take(request, action, most, seconds):
                security_log.log_event(request, f"Too often ({action})")
                return slow_down(request, wait)
            return view(request, *args, **kwargs)

        counted.counts = action  # type: ignore[attr-defined]
        return counted

    return opened


def slow_down(request: HttpRequest, wait: int) -> HttpResponse:
    """Return the response with status 429, which says when to try again."""
    headers = {"Retry-After": str(wait)}
    if wants_fragment(request):
        text = _("You have tried too many times. Please wait a few minutes, then try again.")
        return JsonResponse({"error": text}, status=429, headers=headers)
    response = render(request, "429.html", {"minutes": math.ceil(wait / 60)}, status=429)
    response["Retry-After"] = headers["Retry-After"]
    return response


def _add_one(name: str, seconds: int) -> int:
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name)
    except ValueError:  # it ran out in between, or Redis is away
        cache.set(name, 1, seconds)
        return 1
