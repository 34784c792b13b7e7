"""`make bench` times what the site does, on servers of its own: numbers of this machine, not promises.

Each section is a module or a function that prints its table and returns it; `ONLY=ratios,scoring` runs some of them,
`SKIP=light` leaves some out, and the long ones, `load` and `faults`, run only where they are named. Everything goes to
`bench/results.json` as well: {section: what it returned}.
"""

import io
import json
import os
import platform
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

REPEATS = 20
PAGES = ["/", "/accounts/login/"]
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    wanted = chosen(os.environ.get("ONLY", ""), os.environ.get("SKIP", ""))
    found: dict[str, Any] = {"machine": {"python": platform.python_version(), "processors": os.cpu_count()}}
    with tempfile.TemporaryDirectory(prefix="powertool-bench-") as folder, ExitStack() as running:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        (Path(folder) / "static").symlink_to(Path("var/static").resolve())
        found["start"] = begin(Path(folder), running)
        base = running.enter_context(served())
        for name in wanted:
            sys.stdout.write(f"\n— {name}\n")
            sys.stdout.flush()
            found[name] = SECTIONS[name](base)
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    sys.stdout.write(f"\nAll of it is in {RESULTS.relative_to(Path.cwd())}; python -m bench.table shows tables.\n")


def chosen(only: str, skip: str) -> list[str]:
    """Return the sections to run, in their order; a name that is none ends here."""
    asked, left = ([name for name in text.split(",") if name] for text in (only, skip))
    if unknown := sorted({*asked, *left} - set(SECTIONS)):
        sys.exit(f"No such section: {', '.join(unknown)}. There are {', '.join(SECTIONS)}.")
    wanted = asked or [name for name in SECTIONS if name not in LONG]
    return [name for name in SECTIONS if name in wanted and name not in left]


def begin(var: Path, running: ExitStack) -> list[dict[str, Any]]:
    """Start the servers and load the demo; return how long each took."""
    from django.core.management import call_command

    steps: dict[str, Callable[[], object]] = {
        "settings and apps loaded": load,
        "servers started": lambda: start(var, running),
        "database migrated": lambda: call_command("migrate", verbosity=0, interactive=False),
        "demo loaded": lambda: call_command("demo", stdout=io.StringIO()),
    }
    return [tell(what, timed(work)) for what, work in steps.items()]


def of_visitors(base: str) -> list[dict[str, Any]]:
    """Time pages as somebody who is not signed in."""
    return [page(address) for address in PAGES]


def of_ratios(base: str) -> list[dict[str, Any]]:
    from bench import ratios

    return ratios.measure(base)


def of_scoring(base: str) -> list[dict[str, Any]]:
    from bench import scoring

    return scoring.measure()


def of_iati(base: str) -> list[dict[str, Any]]:
    from bench import iati

    return iati.measure()


def of_bytes(base: str) -> list[dict[str, Any]]:
    from bench import bytes_sent

    return bytes_sent.tell(base, pages())


def of_light(base: str) -> None:
    from bench import light
    from bench.sessions import closed_in_demo

    assessment, session = closed_in_demo()
    light.tell(base, f"/assessments/{assessment.code}/dashboard/", session)


def of_line(base: str) -> list[dict[str, Any]]:
    from bench import line

    return line.tell(base)


def of_way(base: str) -> list[dict[str, Any]]:
    from bench import way

    return way.tell(base)


def of_evidence(base: str) -> list[dict[str, Any]]:
    from bench import evidence

    return evidence.tell()


def of_load(base: str) -> dict[str, Any]:
    from bench import load as crowded

    return crowded.tell(base)


def of_faults(base: str) -> dict[str, Any]:
    from bench import faults

    return faults.tell(base)


SECTIONS: dict[str, Callable[[str], Any]] = {
    "visitors": of_visitors,
    "ratios": of_ratios,
    "scoring": of_scoring,
    "iati": of_iati,
    "bytes": of_bytes,
    "light": of_light,
    "line": of_line,
    "way": of_way,
    "evidence": of_evidence,
    "load": of_load,
    "faults": of_faults,
}
LONG = ("load", "faults")  # many minutes: only where they are named


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


def page(address: str) -> dict[str, Any]:
    """Time a page as somebody who is not signed in, after one request that warms up."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    size = len(client.get(address).content)
    median = statistics.median(timed(lambda: client.get(address)) for _ in range(REPEATS))
    return tell(f"GET {address}, median of {REPEATS} ({size} bytes of HTML)", median)


@contextmanager
def served(application: str = "powertool.wsgi", **changes: str) -> Iterator[str]:
    """Serve the demo by gunicorn, as deployed, on a port of its own; yield its address."""
    from powertool import local

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(os.environ["POWERTOOL_VAR"]) / f"{application}.log"
    command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", application]
    process = local.spawn(command, log, environment=os.environ | changes)
    try:
        local.wait_for(lambda: "Listening at" in log.read_text(), process, "gunicorn", log)
        yield f"http://localhost:{port}"
    finally:
        local.stop(process)


def pages() -> list[Any]:
    """Return the pages that people with slow lines meet, on the demo's data."""
    from assessments.models import Assessment
    from bench import bytes_sent
    from bench.sessions import closed_in_demo, session_of
    from partnerships.models import User

    of_awa = Assessment.objects.filter(
        partnership__is_demo=True, partnership__memberships__user__email="awa@demo.example"
    )
    rating = of_awa.filter(stage="rating").exclude(mode_wanted="caucus").earliest("created_at")
    awa = session_of(User.objects.get(email="awa@demo.example"))
    closed, noor = closed_in_demo()
    return [
        bytes_sent.Page("landing page", "/"),
        bytes_sent.Page("rating: the promise, 5 × 5", f"/assessments/{rating.code}/rate/", awa),
        bytes_sent.Page("rating: one decision, 5 × 5", f"/assessments/{rating.code}/rate/3/", awa),
        bytes_sent.Page("dashboard before charts, 12 × 8", f"/assessments/{closed.code}/dashboard/", noor),
        bytes_sent.Page("report, 12 × 8", f"/assessments/{closed.code}/report/", noor),
    ]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def tell(what: str, seconds: float) -> dict[str, Any]:
    sys.stdout.write(f"{seconds * 1000:9.1f} ms  {what}\n")
    sys.stdout.flush()
    return {"what": what, "ms": seconds * 1000}


if __name__ == "__main__":
    main()
