"""`make bench` times what the site does, on servers of its own: numbers of this machine, not promises."""

import io
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import bytes_sent, evidence, light

REPEATS = 20
PAGES = ["/", "/accounts/login/"]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="powertool-bench-") as folder, ExitStack() as running:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": folder, "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        (Path(folder) / "static").symlink_to(Path("var/static").resolve())
        tell("settings and apps loaded", timed(load))
        tell("servers started", timed(lambda: start(Path(folder), running)))
        from django.core.management import call_command, get_commands

        from assessments.models import Assessment

        tell("database migrated", timed(lambda: call_command("migrate", verbosity=0, interactive=False)))
        if "demo" in get_commands():
            tell("demo loaded", timed(lambda: call_command("demo", stdout=io.StringIO())))
        for address in PAGES:
            page(address)
        with served() as base:
            bytes_sent.tell(base, pages())
            example = Assessment.objects.filter(stage="closed").latest("created_at")
            light.tell(base, f"/assessments/{example.code}/dashboard/", session_of("noor@demo.example"))
        if not os.environ.get("SKIP_EV"):
            evidence.tell()


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


@contextmanager
def served() -> Iterator[str]:
    """Serve the demo by gunicorn, as deployed, on a port of its own; yield its address."""
    from powertool import local

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(os.environ["POWERTOOL_VAR"]) / "web.log"
    process = local.spawn([sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "powertool.wsgi"], log)
    try:
        local.wait_for(lambda: "Listening at" in log.read_text(), process, "gunicorn", log)
        yield f"http://localhost:{port}"
    finally:
        local.stop(process)


def pages() -> list[bytes_sent.Page]:
    """Return the pages that people with slow lines meet, on the demo's data."""
    from assessments.models import Assessment

    rating = Assessment.objects.get(stage="rating")
    example = Assessment.objects.filter(stage="closed").latest("created_at")
    awa, noor = session_of("awa@demo.example"), session_of("noor@demo.example")
    return [
        bytes_sent.Page("landing page", "/"),
        bytes_sent.Page("rating: the promise, 5 × 5", f"/assessments/{rating.code}/rate/", awa),
        bytes_sent.Page("rating: one decision, 5 × 5", f"/assessments/{rating.code}/rate/3/", awa),
        bytes_sent.Page("dashboard before charts, 12 × 8", f"/assessments/{example.code}/dashboard/", noor),
        bytes_sent.Page("report, 12 × 8", f"/assessments/{example.code}/report/", noor),
    ]


def session_of(email: str) -> str:
    """Sign somebody in, and return the key of the session."""
    from django.test import Client

    from partnerships.models import User

    client = Client()
    client.force_login(User.objects.get(email=email))
    return client.session.session_key or ""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def tell(what: str, seconds: float) -> None:
    sys.stdout.write(f"{seconds * 1000:9.1f} ms  {what}\n")


if __name__ == "__main__":
    main()
