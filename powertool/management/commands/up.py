"""`make run`: a real PostgreSQL, Redis, web server, Celery worker and beat, started, watched and stopped together."""

import errno
import fcntl
import http.client
import io
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

import psycopg2
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from psycopg2 import sql

from powertool import local
from powertool.checks import refuse_data_of_0_1
from powertool.database_roles import as_owner

CELERY = ["celery", "-A", "powertool", "--quiet"]
ALARMING = (" ERROR ", " CRITICAL ", "ERROR/", "CRITICAL/", "[ERROR]", "[CRITICAL]")


class Stopped(Exception):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or a closed terminal."""


class Command(BaseCommand):
    requires_system_checks = ()  # the web server's start is the check; loading every page here would only delay it
    help = "Start everything on this machine until Ctrl-C (POWERTOOL_LOCAL=1; `make run` calls it)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_false", dest="demo", help="Load no example partnerships.")

    def handle(self, *args: object, **options: object) -> None:
        if not settings.LOCAL:
            raise CommandError("this is for your own machine only: set POWERTOOL_LOCAL=1.")
        try:
            with owner(settings.VAR_DIR), ExitStack() as running:
                self.run(running, chosen_port(), bool(options["demo"]))
        except Stopped:
            self.stdout.write("Stopped. Your data stay in var/.")
        except (OSError, local.LocalError) as error:
            sys.exit(f"powertool: {error}")

    def run(self, running: ExitStack, port: int, demo: bool) -> None:
        self.start_servers(running)
        self.stdout.write("Bringing the database up to date …")
        with as_owner():
            refuse_data_of_0_1()
            call_command("migrate", verbosity=0, interactive=False)
        children: list[Child] = []
        running.callback(lambda: local.stop(*(child.process for child in children)))
        self.stdout.write("Starting the web server …")
        children.append(web := Child("web", ["gunicorn", "powertool.wsgi"]))
        accounts = self.load_demo() if demo else ""  # while the web server loads its code
        local.wait_for(lambda: answers(port), web.process, "The web server", web.log)
        self.stdout.write("Starting the worker and beat …")
        # No heartbeat: where Redis ends at the same moment, the worker would send its last one without end.
        worker = ["worker", "--concurrency=2", "--hostname=powertool@%h", "--without-heartbeat"]
        children.append(Child("worker", [*CELERY, *worker]))
        children.append(Child("beat", [*CELERY, "beat", "--pidfile=", f"--schedule={settings.VAR_DIR / 'beat'}"]))
        self.stdout.write(f"\n{accounts}\nThe site is at {settings.BASE_URL} (Ctrl-C stops it)")
        self.stdout.write(f"The mail it would send: {settings.BASE_URL}/mail/")
        running.callback(self.stdout.write, "Stopping …")
        watch(children, self.stderr.write)

    def start_servers(self, running: ExitStack) -> None:
        """Start the servers that the environment does not name."""
        if local.database_url(settings.VAR_DIR, role=local.SITE) == settings.DATABASE_URL:
            self.stdout.write("Starting PostgreSQL …")
            running.callback(local.stop, local.start_postgres(settings.VAR_DIR), ask=signal.SIGINT)
            create_database(settings.DATABASES["default"]["NAME"])
        if local.redis_url(settings.VAR_DIR) == settings.REDIS_URL:
            self.stdout.write("Starting Redis …")
            running.callback(local.stop, local.start_redis(settings.VAR_DIR))

    def load_demo(self) -> str:
        """Load the demo, and return what it says of its accounts."""
        self.stdout.write("Loading the demo …")
        accounts = io.StringIO()
        call_command("demo", stdout=accounts)
        return accounts.getvalue()


def chosen_port() -> int:
    """Return PORT, or say in one line why it cannot be had."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise local.LocalError(f"PORT is a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            reason = "busy" if error.errno == errno.EADDRINUSE else f"not to be had ({error.strerror})"
            raise local.LocalError(f"Port {text} is {reason}. Choose another one: PORT=9000 make run") from error
    return int(text)


@contextmanager
def owner(var: Path) -> Iterator[None]:
    """Be the only `up` of this folder, end on the signals that people send, and when `make` is killed."""
    with (local.make_folder(var) / "up.lock").open("a+") as file:
        take(file)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop_once)
        if "MAKELEVEL" in os.environ:
            local.die_with_parent(signal.SIGTERM, os.getppid())()
        yield


def take(file: TextIO) -> None:
    """Lock the folder and write who has it, or say who has."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        raise local.LocalError(f"Already running in this folder: {file.read().strip() or 'just starting'}.") from error
    file.truncate(0)
    file.write(f"{settings.BASE_URL} (process {os.getpid()})\n")
    file.flush()


def stop_once(number: int, frame: object) -> None:
    """Turn the first signal into an orderly end, which later ones do not cut short."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


def create_database(name: str) -> None:
    """Create the database at the first start."""
    address = local.database_url(settings.VAR_DIR, "postgres").replace("postgres://", "postgresql://", 1)
    connection = psycopg2.connect(address)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor, suppress(psycopg2.errors.DuplicateDatabase):
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


class Child:
    """A process of the site, with its log read from where this start began."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.log = name, settings.VAR_DIR / "log" / f"{name}.log"
        self.read_to = self.log.stat().st_size if self.log.exists() else 0
        self.process = local.spawn([sys.executable, "-m", *command], self.log)

    def alarms(self) -> list[str]:
        """Return the alarming lines since the last look."""
        with self.log.open(errors="replace") as file:
            file.seek(self.read_to)
            lines = file.readlines()
            self.read_to = file.tell()
        return [line.strip() for line in lines if any(word in line for word in ALARMING)]


def answers(port: int) -> bool:
    """Say whether the site answers; a broken page is an answer too, and its error shows in the terminal."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return bool(connection.getresponse().status)
    except OSError:
        return False
    finally:
        connection.close()


def watch(children: list[Child], say: Callable[[str], object]) -> None:
    """Show what alarms in the logs, until a child ends by itself."""
    while True:
        for child in children:
            for line in child.alarms():
                say(f"[{child.name}] {line}   (more in {child.log})")
            if child.process.poll() is not None:
                raise local.LocalError(f"{child.name} has ended: {local.last_line(child.log)} (more in {child.log})")
        time.sleep(0.5)
