"""`make bench` times what the site does, on servers of its own: numbers of this machine, not promises."""

import io
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

REPEATS = 20
PAGES = ["/", "/accounts/login/"]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="powertool-bench-") as folder, ExitStack() as running:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": folder, "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        (Path(folder) / "static").symlink_to(Path("var/static").resolve())
        tell("settings and apps loaded", timed(load))
        tell("servers started", timed(lambda: start(Path(folder), running)))
        from django.core.management import call_command, get_commands

        tell("database migrated", timed(lambda: call_command("migrate", verbosity=0, interactive=False)))
        if "demo" in get_commands():
            tell("demo loaded", timed(lambda: call_command("demo", stdout=io.StringIO())))
        for address in PAGES:
            page(address)


def load() -> None:
    import django

    django.setup()


def start(var: Path, running: ExitStack) -> None:
    """Start a PostgreSQL with its database, and a Redis."""
    from powertool import local
    from powertool.management.commands.up import create_database

    running.callback(local.stop, local.start_postgres(var), ask=signal.SIGINT)
    create_database("powertool")
    running.callback(local.stop, local.start_redis(var))


def page(address: str) -> None:
    """Time a page as somebody who is not signed in, after one request that warms up."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    size = len(client.get(address).content)
    median = statistics.median(timed(lambda: client.get(address)) for _ in range(REPEATS))
    tell(f"GET {address}, median of {REPEATS} ({size} bytes of HTML)", median)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def tell(what: str, seconds: float) -> None:
    sys.stdout.write(f"{seconds * 1000:9.1f} ms  {what}\n")


if __name__ == "__main__":
    main()
