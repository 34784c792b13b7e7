"""People who ask the site over connections that stay open, and how long they wait."""

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.counting import ASKED, TOLD

TOKEN = "b" * 32  # what the cookie and the header of a form have in common
WARM, ROUNDS = 20, 200


class Refused(Exception):
    """The site answered something else than what is to be timed."""


class Line:
    """One connection to the site, opened anew where the server has closed it."""

    def __init__(self, base: str) -> None:
        self.address = urlsplit(base)
        self.connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=120)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        for last in (False, True):
            try:
                self.connection.request(method, path, body, dict(headers))
                answer = self.connection.getresponse()
                answer.read()
                return answer
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection.close()
                if last:
                    raise
        raise AssertionError


@dataclass
class Ask:
    """What is asked again and again: by whom (session keys, in turn), what, and what is sent along (made anew)."""

    what: str
    path: str
    sessions: list[str]
    body: Callable[[], Any] | None = None
    most: float | None = None  # times the yardstick
    unit: str = "R"  # the yardstick: R, or F for goals that were set beside other software
    statements: int | None = None
    seconds: list[float] = field(default_factory=list)
    taken: int = 0  # statements
    status: int = 200
    base: str = ""  # another site than the one that is measured

    def once(self, line: Line, turn: int, count: bool = False) -> float:
        """Ask once, and return the seconds until the whole answer was there."""
        session = self.sessions[turn % len(self.sessions)]
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "Accept-Encoding": "gzip"}
        headers |= {ASKED: "1"} if count else {}
        body = None
        if self.body:
            headers |= {"X-CSRFToken": TOKEN, "Accept": "application/json", "Content-Type": "application/json"}
            body = json.dumps(self.body()).encode()
        begun = time.perf_counter()
        answer = line.ask("POST" if self.body else "GET", self.path, body, headers)
        seconds = time.perf_counter() - begun
        if answer.status != self.status:
            raise Refused(f"{self.what}: {self.path} answered {answer.status}")
        if count:
            self.taken = int(answer.headers[TOLD])
        return seconds


def in_turn(base: str, asks: Iterable[Ask]) -> None:
    """Ask each in turn, again and again, so that what else the machine does meets all of them alike."""
    asks = list(asks)
    lines = {ask.base: Line(ask.base or base) for ask in asks}
    for turn in range(-WARM, ROUNDS):
        for ask in asks:
            seconds = ask.once(lines[ask.base], turn)
            if turn >= 0:
                ask.seconds.append(seconds)
    for ask in asks:
        ask.once(lines[ask.base], 0, count=True)


def middle(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000
