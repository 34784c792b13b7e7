"""A crowd of representatives' phones and facilitators' laptops over HTTP, who keep a log of what was confirmed to them.

It runs in a process of its own (`python -m bench.crowd`, plan on stdin, log on stdout), and speaks to 127.0.0.1 only.
Everybody acts by the clock; a time counts from when the act was due, so that waiting for one's own earlier request
counts too.
"""

import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import NamedTuple
from uuid import uuid4

TIMEOUT = 30  # seconds; a phone gives up before
MOST = 200_000  # requests of one crowd, whatever its plan says
TOKEN = "c" * 32  # of the form's cookie; the header repeats it, as a page's script does
POLL_EVERY = 3.0  # seconds
AGAIN = 1.0  # seconds until a phone tries again
POLL_AFTER = re.compile(rb"\r\nPoll-After: (\d+)\r\n")


class Answer(NamedTuple):
    """What came back. Status 0: nothing. `after`: the seconds that the site asks a screen to wait, if any."""

    status: int
    body: bytes = b""
    after: float = 0


@dataclass
class Phone:
    """One person: her session, where she saves, which cells, where she polls. No `save`: she only moves the others."""

    session: str
    state: str
    membership: str = ""
    save: str = ""
    cells: list[tuple[int, int]] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)  # a facilitator: addresses that bring everybody to a decision


@dataclass
class Plan:
    """How a crowd behaves. `patient` phones send again what was not confirmed, under the same name, as ours do."""

    port: int
    phones: list[Phone]
    seconds: float
    save_every: float = 5
    poll_every: float = POLL_EVERY  # less where each phone acts for several people
    move_every: float = 60  # each at a time of her own: facilitators do not know of each other
    arriving: float = 10  # seconds in which everybody comes, who loads her first page then; they count in no time
    patient: bool = False


@dataclass
class Log:
    """What a crowd saw: times in seconds by act, what failed, and each confirmed answer."""

    took: dict[str, list[tuple[float, float]]] = field(default_factory=dict)  # act: (when, how long)
    statuses: dict[str, dict[str, int]] = field(default_factory=dict)  # act: how often which
    failed: list[tuple[float, str, str]] = field(default_factory=list)  # when it had failed, act, what
    confirmed: list[tuple[str, int, int, int, str]] = field(
        default_factory=list
    )  # membership, decision, partner, level, name
    unconfirmed: list[str] = field(default_factory=list)
    begun: float = 0  # by the clock of the machine; all other times count from here
    cpu: float = 0


def send_out(plan: Plan) -> Log:
    """Run a crowd in a process of its own and return its log."""
    command = [sys.executable, "-m", "bench.crowd"]
    done = subprocess.run(command, input=json.dumps(asdict(plan)), check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return Log(**json.loads(done.stdout))


def main() -> None:
    given = json.load(sys.stdin)
    given["phones"] = [Phone(**phone) for phone in given["phones"]]
    json.dump(asdict(asyncio.run(Crowd(Plan(**given)).run())), sys.stdout)


class Crowd:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.log, self.requests = plan, Log(), 0
        self.begun = self.end = 0.0

    async def run(self) -> Log:
        self.begun, self.log.begun = time.perf_counter(), time.time()
        self.end = self.begun + self.plan.arriving + self.plan.seconds
        acts = []
        for phone in self.plan.phones:
            acts.append(self.by_the_clock(self.plan.poll_every, Screen(self, phone).look))
            if phone.save:
                acts.append(self.by_the_clock(self.plan.save_every, Sheet(self, phone).answer))
            if phone.moves:
                acts.append(self.by_the_clock(self.plan.move_every, Screen(self, phone).move, self.plan.move_every))
        await asyncio.gather(*acts)
        self.log.cpu = time.process_time()
        return self.log

    async def by_the_clock(
        self, every: float, act: Callable[[float], Awaitable[float | None]], within: float = 0
    ) -> None:
        """Act again and again, for the first time while people arrive or `within` so many seconds.

        An act may return the seconds until the next, where those are more.
        """
        due = self.begun + random.uniform(0, within or self.plan.arriving)  # noqa: S311 (nothing secret)
        while due < self.end and self.requests < MOST:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            wait = await act(due)
            due = max(due + max(every, wait or 0), time.perf_counter())

    async def ask(
        self, act: str, due: float, method: str, path: str, phone: Phone, body: bytes = b"", **more: str
    ) -> Answer:
        """Ask once; note how long it took, the status, or how it failed."""
        self.requests += 1
        try:
            answer = await asyncio.wait_for(self.speak(method, path, phone, body, more), TIMEOUT)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            answer = Answer(0)
            self.log.failed.append((time.perf_counter() - self.begun, act, type(error).__name__))
        now = time.perf_counter()
        if due - self.begun > self.plan.arriving:
            self.log.took.setdefault(act, []).append((due - self.begun, now - due))
        counts = self.log.statuses.setdefault(act, {})
        counts[str(answer.status)] = counts.get(str(answer.status), 0) + 1
        if answer.status >= 400:
            words = " ".join(answer.body[:300].decode(errors="replace").split())
            self.log.failed.append((now - self.begun, act, f"{answer.status} {words}"))
        return answer

    async def speak(self, method: str, path: str, phone: Phone, body: bytes, more: dict[str, str]) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.plan.port)
        try:
            head = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}"]
            head += [f"Cookie: sessionid={phone.session}; csrftoken={TOKEN}", f"X-CSRFToken: {TOKEN}"]
            head += ["Accept-Encoding: gzip", *(f"{name.replace('_', '-')}: {value}" for name, value in more.items())]
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            answer = await reader.read()
        finally:
            writer.close()
        head_end = answer.index(b"\r\n\r\n")  # ValueError: the line broke
        asked = POLL_AFTER.search(answer, 0, head_end)
        return Answer(int(answer[9:12]), answer[head_end + 4 :], float(asked[1]) if asked else 0)


class Screen:
    """A screen of the joint session that polls, or a facilitator's, who moves all others on."""

    def __init__(self, crowd: Crowd, phone: Phone) -> None:
        self.crowd, self.phone, self.version, self.moved = crowd, phone, "", 0

    async def look(self, due: float) -> float:
        """Ask for news; return how long the site asks this screen to wait, as long as the people behind it would."""
        path = f"{self.phone.state}?v={self.version}"
        answer = await self.crowd.ask("poll", due, "GET", path, self.phone, HX_Request="true")
        if answer.status == 200:
            self.version = version_of(answer.body)
        return answer.after * self.crowd.plan.poll_every / POLL_EVERY

    async def move(self, due: float) -> None:
        path = self.phone.moves[self.moved % len(self.phone.moves)]
        self.moved += 1
        await self.crowd.ask("move", due, "POST", path, self.phone, HX_Request="true")


def version_of(page: bytes) -> str:
    import gzip

    html = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    at = html.index(b'data-v="') + 8
    return html[at : html.index(b'"', at)].decode()


class Sheet:
    """A private sheet: one level after the other, each under a name of its own, from the version that stands."""

    def __init__(self, crowd: Crowd, phone: Phone) -> None:
        self.crowd, self.phone, self.sheet, self.given = crowd, phone, None, 0
        self.versions: dict[tuple[int, int], int] = {}

    async def answer(self, due: float) -> None:
        decision, partner = self.phone.cells[self.given % len(self.phone.cells)]
        level, name = random.randrange(5), str(uuid4())  # noqa: S311 (nothing secret)
        self.given += 1
        while not await self.send(due, decision, partner, level, name):
            if not self.crowd.plan.patient or time.perf_counter() > self.crowd.end + TIMEOUT:
                self.crowd.log.unconfirmed.append(name)
                return
            await asyncio.sleep(AGAIN)
            due = time.perf_counter()

    async def send(self, due: float, decision: int, partner: int, level: int, name: str) -> bool:
        now, base = int(time.time() * 1000), self.versions.get((decision, partner), 0)
        said = {"w": self.phone.membership, "s": self.sheet, "m": name, "d": decision, "p": partner, "l": level}
        body = json.dumps(said | {"b": base, "t": now, "n": now}).encode()
        heads = {"Content_Type": "application/json", "Accept": "application/json", "Origin": "http://localhost"}
        answer = await self.crowd.ask("save", due, "POST", self.phone.save, self.phone, body, **heads)
        if answer.status != 200:
            return False
        receipt = json.loads(answer.body)
        if receipt["m"] != name or not receipt["won"]:
            raise RuntimeError(f"A receipt for something else: {receipt}")
        self.sheet, self.versions[decision, partner] = receipt["s"], receipt["v"]
        self.crowd.log.confirmed.append((self.phone.membership, decision, partner, level, name))
        return True


if __name__ == "__main__":
    main()
