"""The site as it is deployed: web servers, workers and a beat as processes, in production's settings, on one database;
and visitors over HTTP who keep a log of what was confirmed to them, to be compared with the rows."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from assessments.models.private import AnswerEvent, Rating
from partnerships.models import Membership, User
from powertool import local
from tests import servers

HOST = "power.example.org"
AGAIN = 0.2  # seconds until a client asks again that was not answered
PATIENCE = 120  # seconds for a process to start on a machine that runs other tests
NUMBERS = count(64 + 64 * int(settings.WORKER.removeprefix("gw")))  # Redis databases of this process's sites alone
OURS = (
    "POWERTOOL_",
    "DJANGO_",
    "PYTEST_",
    "CELERY_",
    "MAKELEVEL",
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "REDIS_URL",
    "PORT",
    "BIND",
)
JSON = "application/json"
Broken = (OSError, http.client.HTTPException)  # what a client sees of a server that went away


@contextmanager
def own_servers(var: Path, options: Iterable[str] = ("max_connections=200",)) -> Iterator[list[subprocess.Popen]]:
    """Start a PostgreSQL that keeps what it confirmed, with the migrated template, and a Redis; yield both processes.

    The list may be changed by whoever stops one and starts another.
    """
    local.make_folder(var)
    servers.copy_kept(var)
    running = [local.start_postgres(var, [*options]), local.start_redis(var, servers.REDIS)]
    try:
        yield running
    finally:
        local.stop(running[1])
        local.stop(running[0], ask=signal.SIGINT)
        shutil.rmtree(var / "postgres")  # whoever comes next in this folder begins anew


@dataclass
class Process:
    """One process of the site, and its log."""

    name: str
    popen: subprocess.Popen
    log: Path
    ready: Callable[["Process"], bool]
    command: list[str]
    environment: dict[str, str]
    port: int = 0

    def kill(self) -> None:
        """End it and all that it started, at once and without a word, as a machine that loses its power."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def runs(self) -> bool:
        return self.popen.poll() is None


@dataclass
class Site:
    """A database made from the migrated template, a Redis database, and the processes that were started on them.

    `folder` is where the code lies; `changes` are environment variables over those of `production()`.
    """

    name: str
    blocker: Any
    var: Path = field(default_factory=lambda: settings.TEST_VAR)
    folder: Path = field(default_factory=lambda: settings.BASE_DIR)
    changes: dict[str, str] = field(default_factory=dict)
    empty: bool = False  # a database without a table
    exactly: dict[str, str] = field(default_factory=dict)  # the whole environment instead
    processes: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.redis_number = next(NUMBERS)
        self.database = f"site_{self.name}_{settings.WORKER}"
        self.database_url = local.database_url(self.var, self.database, role=local.SITE)
        self.redis_url = local.redis_url(self.var, self.redis_number)
        self.media = self.var / f"media-{self.name}-{settings.WORKER}"

    @property
    def environment(self) -> dict[str, str]:
        """Return a whole production environment; nothing of the tests' own shines through."""
        if self.exactly:
            return self.exactly
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return kept | {
            **servers.local_urls(self.var, self.database),
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": HOST,
            "BASE_URL": f"https://{HOST}",
            "EMAIL_URL": "consolemail://",
            "OPERATOR_NAME": "Those who test",
            "OPERATOR_EMAIL": "operator@example.org",
            "SWEEP_SECONDS": "1",
            "STATIC_ROOT": str(settings.STATIC_ROOT),
            "MEDIA_ROOT": str(self.media),
            "TMPDIR": str(local.make_folder(self.var / "tmp")),  # what a killed process leaves goes with the run
            **self.changes,
        }

    def web(self, name: str = "web", **changes: str) -> Process:
        """Start a web server by the command of the image; `ready()` waits until it takes connections."""
        port = free_port()
        process = self.start(name, ["gunicorn", "powertool.wsgi"], connects, PORT=str(port), **changes)
        process.port = port
        return process

    def worker(self, name: str = "worker", *options: str, **changes: str) -> Process:
        """Start a worker; `ready()` waits until it listens."""
        command = ["celery", "-A", "powertool", "worker", "--loglevel=INFO", "--concurrency=2", *options]
        return self.start(name, [*command, f"--hostname={name}@%h"], listens, **changes)

    def beat(self, name: str = "beat", **changes: str) -> Process:
        """Start the beat, for which nobody needs to wait."""
        command = ["celery", "-A", "powertool", "beat", "--loglevel=INFO", "--pidfile="]
        return self.start(
            name, [*command, f"--schedule={self.var / f'{self.name}-{name}-{settings.WORKER}'}"], **changes
        )

    def start(
        self, name: str, module: list[str], ready: Callable[[Process], bool] = lambda process: True, **changes: str
    ) -> Process:
        """Start `python -m module` with its output in a log of its own."""
        return self.run(name, [sys.executable, "-m", *module], self.environment | changes, ready)

    def run(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        ready: Callable[[Process], bool] = lambda process: True,
    ) -> Process:
        log = local.make_folder(self.var / "log") / f"{self.name}-{name}-{settings.WORKER}.log"
        process = Process(name, self.spawn(command, log, environment), log, ready, command, environment)
        self.processes.append(process)
        return process

    def spawn(self, command: list[str], log: Path, environment: dict[str, str]) -> subprocess.Popen:
        log.unlink(missing_ok=True)
        return local.spawn(command, log, environment=environment, folder=self.folder)

    def start_again(self, process: Process) -> None:
        """Start a process that has ended once more, as a service manager does; `ready()` waits for it."""
        process.popen = self.spawn(process.command, process.log, process.environment)

    def ready(self, seconds: float = PATIENCE) -> None:
        """Return once all that was started works: they start beside each other."""
        for process in self.processes:
            if process.runs:
                local.wait_for(partial(process.ready, process), process.popen, process.name, process.log, seconds)

    def manage(self, *words: str, **changes: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *words]
        environment = self.environment | changes
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)  # noqa: S603

    @property
    def webs(self) -> list[Process]:
        """Return the web servers that were started, also those that are gone: a client meets them."""
        return [process for process in self.processes if process.port]

    @contextmanager
    def rows(self) -> Iterator[None]:
        """Let this process's models work on the site's database; in a test without the fixture `db`."""
        at = connection.settings_dict
        before = {name: at[name] for name in ("NAME", "HOST")}
        connection.close()
        at |= {"NAME": self.database, "HOST": str(local.sockets(self.var))}
        try:
            with self.blocker.unblock():
                yield
        finally:
            connection.close()
            at |= before

    def lay(self) -> None:
        """Make its database, from the migrated template of its server or empty, and empty its part of Redis."""
        servers.execute("DROP DATABASE IF EXISTS {0} WITH (FORCE)", self.database, var=self.var)
        template = "template0" if self.empty else servers.TEMPLATE
        servers.execute("CREATE DATABASE {0} TEMPLATE {1}", self.database, template, var=self.var)
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushdb()

    def stop(self) -> None:
        """End what still runs, drop the database and empty Redis. Nothing of it is kept, so nobody waits for an end."""
        for process in self.processes:
            process.kill()
        self.processes.clear()
        servers.execute("DROP DATABASE IF EXISTS {0} WITH (FORCE)", self.database, var=self.var)
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushdb()


@pytest.fixture(scope="module")
def new_site(django_db_setup, django_db_blocker) -> Iterator[Callable[..., Site]]:
    """Return a function that lays a site; a module's tests share what they make with it."""
    with ExitStack() as made:

        def make(name: str, **options: Any) -> Site:
            site = Site(name, django_db_blocker, **options)
            site.lay()
            made.callback(site.stop)
            return site

        yield make


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connects(web: Process) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", web.port)) == 0


def listens(worker: Process) -> bool:
    return " ready." in worker.said()


@dataclass
class Answer:
    """What a web server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Visitor:
    """Somebody signed in, who speaks HTTP as it comes from the proxy; anonymous where no session is given.

    Another web server is asked where one does not answer, as a proxy does.
    """

    def __init__(self, site: Site, session: str = "") -> None:
        self.site, self.session, self.token = site, session, uuid4().hex  # a token is 32 letters and figures
        self.turn = 0
        self.failures: list[Answer] = []  # answers of servers that could not do it, while it was asked until answered

    def ask(self, method: str, path: str, data: Any = None, web: Process | None = None, **headers: str) -> Answer:
        """Ask once, with `data` as a form (dict), as it is (bytes) or as JSON (a `Content-Type` header says so).

        Raises one of `Broken` where the connection fails or breaks.
        """
        web = web or self.site.webs[self.turn % len(self.site.webs)]
        cookies = f"__Host-csrftoken={self.token}" + (f"; __Host-sessionid={self.session}" if self.session else "")
        given = {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}", "Cookie": cookies}
        given |= {"X-CSRFToken": self.token} | {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(data, dict):
            given.setdefault("Content-Type", "application/x-www-form-urlencoded")
            as_json = "json" in given["Content-Type"]
            data = (json.dumps(data) if as_json else urlencode(data, doseq=True)).encode()
        line = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
        try:
            line.request(method, path, data, given)
            response = line.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            line.close()

    def ask_until_answered(
        self, method: str, path: str, data: Any = None, seconds: float = 60, **headers: str
    ) -> Answer:
        """Ask the web servers in turn until one answers with anything but its own failure."""
        deadline = monotonic() + seconds
        while True:
            with suppress(*Broken):
                answer = self.ask(method, path, data, **headers)
                if answer.status < 500:
                    return answer
                self.failures.append(answer)
            self.turn += 1
            sleep(AGAIN)
            if monotonic() > deadline:
                raise AssertionError(f"{method} {path} was not answered within {seconds} s")


def sign_in(site: Site, user: User) -> Visitor:
    """Return this person with a session; call it inside `site.rows()`."""
    client = Client()
    client.force_login(user)
    return Visitor(site, client.session.session_key or "")


@dataclass
class Sent:
    """One level that a device sent, and the receipt if it got one."""

    mutation: str
    decision: int
    partner: int
    level: int | None
    receipt: dict | None = None


class Representative:
    """A representative's device: sends levels, again and again under the same name, and keeps what was confirmed."""

    def __init__(self, site: Site, assessment: Assessment, membership: Membership) -> None:
        self.visitor, self.membership = sign_in(site, membership.user), membership.code
        self.path = reverse("assessments:rate-answer", args=[assessment.code])
        self.log: list[Sent] = []

    @classmethod
    def known(cls, visitor: Visitor, path: str, membership: str) -> "Representative":
        """Return the device of somebody whom another version of the code has signed in."""
        one = cls.__new__(cls)
        one.visitor, one.path, one.membership, one.log = visitor, path, membership, []
        return one

    def send(self, decision: int, partner: int, level: int | None, seconds: float = 60) -> Sent:
        """Send a level until it is confirmed; the receipt names the mutation."""
        sent = Sent(str(uuid4()), decision, partner, level)
        self.log.append(sent)
        return self.again(sent, seconds)

    def again(self, sent: Sent, seconds: float = 60) -> Sent:
        """Send what was sent before under the same name, until it is confirmed."""
        answer = self.visitor.ask_until_answered(
            "POST", self.path, self.body(sent), seconds, Content_Type=JSON, Accept=JSON
        )
        assert answer.status == 200, (answer.status, answer.body[:500])
        self.confirm(sent, answer)
        return sent

    def send_once(self, decision: int, partner: int, level: int | None, web: Process | None = None) -> Sent:
        """Send a level once; where no receipt comes back nobody knows whether it is there."""
        sent = Sent(str(uuid4()), decision, partner, level)
        self.log.append(sent)
        with suppress(*Broken):
            answer = self.visitor.ask("POST", self.path, self.body(sent), web, Content_Type=JSON, Accept=JSON)
            if answer.status == 200:
                self.confirm(sent, answer)
        return sent

    def confirm(self, sent: Sent, answer: Answer) -> None:
        sent.receipt = answer.json()
        assert sent.receipt["m"] == sent.mutation

    def body(self, sent: Sent) -> dict:
        now = int(timezone.now().timestamp() * 1000)
        cell = {"d": sent.decision, "p": sent.partner, "l": sent.level}
        return {"w": self.membership, "s": None, "m": sent.mutation, **cell, "b": 0, "t": now, "n": now}

    @property
    def confirmed(self) -> list[Sent]:
        return [sent for sent in self.log if sent.receipt]


def lost(site: Site, people: Iterable[Representative]) -> list[str]:
    """Return what was confirmed and is not there: mutations without an event, and cells that hold another level."""
    missing: list[str] = []
    with site.rows():
        events = {str(name) for name in AnswerEvent.objects.values_list("mutation_id", flat=True)}
        for one in people:
            missing += [sent.mutation for sent in one.confirmed if sent.mutation not in events]
            stand = {(sent.decision, sent.partner): sent for sent in one.confirmed}
            rows = Rating.objects.filter(rater__membership__code=one.membership)
            held = {
                (decision, partner): (str(name), level)
                for decision, partner, name, level in rows.values_list(
                    "decision__number", "participant__number", "mutation_id", "level"
                )
            }
            missing += [
                f"{one.membership} {cell}: {held.get(cell)}"
                for cell, sent in stand.items()
                if held.get(cell) != (sent.mutation, sent.level)
            ]
    return missing


class Load:
    """Work that threads do until they are told to end; the first failure is raised where the block ends."""

    def __init__(self) -> None:
        self.ended, self.threads, self.failures = threading.Event(), [], []

    def add(self, act: Callable[[], object]) -> None:
        """Let a thread do this again and again."""
        self.threads.append(threading.Thread(target=self._do, args=(act, True), daemon=True))

    def once(self, act: Callable[[], object]) -> None:
        """Let a thread do this once."""
        self.threads.append(threading.Thread(target=self._do, args=(act, False), daemon=True))

    def _do(self, act: Callable[[], object], again: bool) -> None:
        try:
            act()
            while again and not self.ended.is_set():
                act()
        except BaseException as failure:
            self.failures.append(failure)

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *failed: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(PATIENCE)
        if self.failures and not any(failed):
            raise self.failures[0]
