"""How often codes may be tried. Only misses count, so that a full room behind one address gets in."""

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.http import HttpRequest

MOST = 40
SECONDS = 10 * 60


def key(request: HttpRequest, action: str) -> str:
    return f"misses:{action}:{get_ip(request)}"


def too_many(request: HttpRequest, action: str) -> bool:
    """Return whether this address has missed too often of late. Without Redis nobody is kept out: codes are long."""
    return (cache.get(key(request, action)) or 0) >= MOST


def count_miss(request: HttpRequest, action: str) -> None:
    cache.add(key(request, action), 0, SECONDS)
    try:
        cache.incr(key(request, action))
    except ValueError:  # it ran out in between, or Redis is away
        cache.set(key(request, action), 1, SECONDS)
