"""How busy this web process is. Where it comes near its limit, screens that poll ask less often: saving comes first.

While more than `CALM` of the threads are at work, an answer to a script has a header `Poll-After`: the seconds that the
screen waits before it asks again. The more threads, the longer. The header tells nothing about anybody: it is a whole
number of seconds, the same for all, and absent on a site that is not busy.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.http import HttpRequest, HttpResponse

THREADS = 4  # of one web process; gunicorn.conf.py starts as many
CALM = 0.5  # the share of the threads that are at work before polls slow down
SHORTEST, LONGEST = 2, 20  # seconds between two polls, far less than those after which a screen counts as gone
MEMORY = 5  # seconds over which the share is averaged


class Pacing:
    """Measure the share of the threads that are at work, and slow the polls down where it is large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.lock = Lock()
        self.running, self.busy, self.at = 0, 0.0, time.monotonic()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.counted():
            response = self.get_response(request)
        if self.busy > CALM and "HX-Request" in request.headers:
            response["Poll-After"] = str(poll_after(self.busy))
        return response

    @contextmanager
    def counted(self) -> Iterator[None]:
        self.change(1)
        try:
            yield
        finally:
            self.change(-1)

    def change(self, by: int) -> None:
        """Average what was at work since the last change, and note the change."""
        with self.lock:
            now = time.monotonic()
            fades = math.exp((self.at - now) / MEMORY)
            self.busy = self.busy * fades + min(self.running / THREADS, 1) * (1 - fades)
            self.at, self.running = now, self.running + by


def poll_after(busy: float) -> int:
    """Return the seconds until a screen asks again, where a share `busy` (0 to 1) of the threads is at work."""
    return round(SHORTEST + (LONGEST - SHORTEST) * max(0.0, busy - CALM) / (1 - CALM))
