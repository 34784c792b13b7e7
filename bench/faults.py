"""Redis away for a minute and PostgreSQL crashed under load, on servers of its own: what people notice of it.

Phones send again what was not confirmed, under the same name, as ours do. Nothing confirmed may be lost, and while
Redis is away nobody may notice. The kills at named points are tests (`tests/faults`).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.crowd import Log, Plan, send_out

PARTNERSHIPS, SECONDS = 3, 130.0
WITHOUT_REDIS, CRASH = (20.0, 80.0), 100.0  # seconds after the crowd has come


def tell(base: str) -> dict[str, Any]:
    """Run it in a process of its own, since its servers stop; print and return what was seen."""
    done = subprocess.run([sys.executable, "-m", "bench.faults"], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def main() -> None:
    from bench import load, run

    with tempfile.TemporaryDirectory(prefix="powertool-faults-") as folder, ExitStack() as running:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": folder, "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        (Path(folder) / "static").symlink_to(Path("var/static").resolve())
        run.load()
        servers = Servers(Path(folder))
        running.callback(servers.stop)
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        base = running.enter_context(run.served())
        running.enter_context(load.worker())
        plan = Plan(int(base.rsplit(":", 1)[1]), load.lay(PARTNERSHIPS), SECONDS, patient=True)
        log, moments = under(plan, servers)
        found = summary(log, moments)
        json.dump(found | {"lost": said(load.lost(log), "answers that were confirmed are lost")}, sys.stdout)


class Servers:
    """A PostgreSQL and a Redis that may be stopped."""

    def __init__(self, var: Path) -> None:
        from powertool import local
        from powertool.management.commands.up import create_database

        self.var, self.local = var, local
        self.postgres = local.start_postgres(var)
        create_database("powertool")
        self.redis = local.start_redis(var)

    def kill_redis(self) -> None:
        self.redis.kill()
        self.redis.wait()

    def start_redis(self) -> None:
        self.redis = self.local.start_redis(self.var)

    def crash_postgres(self) -> None:
        from django.db import connection

        connection.close()  # our own
        self.postgres.send_signal(signal.SIGQUIT)
        self.postgres.wait()
        self.postgres = self.local.start_postgres(self.var)

    def stop(self) -> None:
        self.local.stop(self.redis)
        self.local.stop(self.postgres, ask=signal.SIGINT)


def under(plan: Plan, servers: Servers) -> tuple[Log, list[float]]:
    """Run the crowd, and let things go wrong meanwhile; return its log, and when each thing went wrong by its clock."""
    faults: list[tuple[float, Callable[[], None]]] = [
        (WITHOUT_REDIS[0], servers.kill_redis),
        (WITHOUT_REDIS[1], servers.start_redis),
        (CRASH, servers.crash_postgres),
    ]
    logs: list[Log] = []
    moments: list[float] = []
    crowd = threading.Thread(target=lambda: logs.append(send_out(plan)))
    begun = time.perf_counter()
    crowd.start()
    for at, act in faults:
        time.sleep(max(0, begun + plan.arriving + at - time.perf_counter()))
        moments.append(time.time())
        act()
    crowd.join()
    return logs[0], [moment - logs[0].begun for moment in moments]


def summary(log: Log, moments: list[float]) -> dict[str, Any]:
    """Print and return the times and failures of each phase."""
    from bench.load import percentiles

    redis_away, redis_back, crash = moments
    phases = {
        "all is there": (Plan.arriving, redis_away),
        "Redis is away": (redis_away, redis_back),
        "Redis is back": (redis_back, crash),
        "PostgreSQL crashes, and after": (crash, float("inf")),
    }
    found: dict[str, Any] = {}
    for name, (since, until) in phases.items():
        took = [t for rows in log.took.values() for when, t in rows if since <= when < until]
        failed = [(when, act, what) for when, act, what in log.failed if since <= when < until]
        p50, p95, p99 = percentiles(took)
        found[name] = {"p50": p50, "p95": p95, "p99": p99, "n": len(took), "failed": len(failed)}
        sys.stderr.write(
            f"{p50:9.1f} ms  {name}: median; {p95:.1f} ms p95, {p99:.1f} ms p99 of {len(took)} requests, "
            f"{len(failed)} failed\n"
        )
        for when, act, what in failed[:3]:
            sys.stderr.write(f"{when - since:9.1f} s   later {act} failed: {what}\n")
    found["confirmed"] = said(len(log.confirmed), "answers were confirmed")
    found["unconfirmed"] = said(len(log.unconfirmed), "answers were given up unconfirmed")
    return found


def said(number: int, what: str) -> int:
    sys.stderr.write(f"{number:9,}     {what}\n")
    return number


if __name__ == "__main__":
    main()
