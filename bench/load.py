"""500 representatives on 100 assessments: each saves an answer every 5 s and polls a joint session every 3 s.

Each partnership of ten organisations has two assessments: one in which everybody answers alone, and one whose joint
session everybody's screen follows while a facilitator moves on once a minute, so that all draw it anew. Nothing may
fail, and what was confirmed must be in the database. Then more and more people until the 95th percentile passes 1 s,
or fewer and fewer where it has passed that already.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.asking import Line
from bench.crowd import Log, Phone, Plan, send_out

PARTNERS, DECISIONS = 10, 8
PARTNERSHIPS = int(os.environ.get("LOAD_PARTNERSHIPS", "50"))  # each with two assessments and ten representatives
SECONDS = float(os.environ.get("LOAD_SECONDS", "180"))
LIMIT = 1.0  # seconds that 95 of 100 requests keep to
PROCESSES = ("gunicorn", "postgres", "redis", "celery")
MORE, FEWER = (1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4), (0.8, 0.6, 0.4, 0.2)
SETTLED, AT_ONCE = 20, 0.1  # requests in a row, each in so many seconds
STEP_SECONDS = float(os.environ.get("LOAD_STEP_SECONDS", "30"))


def tell(base: str) -> dict[str, Any]:
    """Run the load on the site at this address, then the ramp; print what was seen and return it."""
    port = int(base.rsplit(":", 1)[1])
    with worker():
        phones = lay(PARTNERSHIPS)
        sys.stdout.write(
            f"\n{PARTNERS * PARTNERSHIPS} representatives on {2 * PARTNERSHIPS} assessments for {SECONDS:.0f} s\n"
        )
        before = spent()
        log = send_out(Plan(port, phones, SECONDS))
        found: dict[str, Any] = {"load": summary(log, SECONDS)}
        requests = sum(sum(counts.values()) for counts in log.statuses.values())
        found["processor"] = {name: (used - before.get(name, 0)) / requests for name, used in spent().items()}
        for name, used in found["processor"].items():
            sys.stdout.write(f"{used * 1000:9.2f} ms  of a processor a request in {name}\n")
        found["lost"] = lost(log)
        sys.stdout.write(f"{len(log.confirmed):9,} answers confirmed, {found['lost']} of them lost\n")
        found |= ramp(port, phones, found["load"]["p95"])
    return found


def ramp(port: int, phones: list[Phone], p95: float) -> dict[str, Any]:
    """Let the same people act faster, as if there were more, or slower, until the 95th percentile crosses the limit."""
    steps: list[dict[str, Any]] = []
    held, every = p95 <= LIMIT * 1000, PARTNERS * PARTNERSHIPS
    holds, passes = (every, None) if held else (None, every)  # the most that keep to it, the fewest that do not
    for factor in MORE if held else FEWER:
        plan = Plan(port, phones, STEP_SECONDS, save_every=5 / factor, poll_every=3 / factor, move_every=60 / factor)
        people = round(every * factor)
        sys.stdout.write(f"\nas {people} representatives\n")
        settle(port)
        log = send_out(plan)
        steps.append({"representatives": people, **summary(log, STEP_SECONDS), "lost": lost(log)})
        if steps[-1]["p95"] <= LIMIT * 1000:
            holds = people
        else:
            passes = people
        if holds and passes:
            break
    sys.stdout.write(f"\nThe 95th percentile passes {LIMIT:g} s {between(holds, passes)}.\n")
    return {"ramp": steps, "holds": holds, "passes": passes}


def settle(port: int) -> None:
    """Wait until the site answers at once again: what waits from an overload is no part of the next step."""
    quick, until = 0, time.monotonic() + 60
    while quick < SETTLED and time.monotonic() < until:
        begun = time.monotonic()
        Line(f"http://127.0.0.1:{port}").ask("GET", "/accounts/login/", None, {})
        quick = quick + 1 if time.monotonic() - begun < AT_ONCE else 0
        time.sleep(0.1)


def between(holds: int | None, passes: int | None) -> str:
    if holds and passes:
        return f"between {holds} and {passes} representatives"
    return f"beyond {holds} representatives" if holds else f"below {passes} representatives"


def summary(log: Log, seconds: float) -> dict[str, Any]:
    """Print and return the percentiles in milliseconds, by act and of all, the requests a second, and what failed."""
    found: dict[str, Any] = {}
    every = [took for rows in log.took.values() for _when, took in rows]
    taken = {act: [took for _when, took in rows] for act, rows in log.took.items()}
    for act, took in [*taken.items(), ("all", every)]:
        p50, p95, p99 = percentiles(took)
        sys.stdout.write(
            f"{p50:9.1f} ms  {act}: median; {p95:.1f} ms p95, {p99:.1f} ms p99, {len(took) / seconds:.1f} a second "
            f"{dict(log.statuses.get(act, {}))}\n"
        )
        found[act] = {"p50": p50, "p95": p95, "p99": p99, "n": len(took)}
    for when, act, what in log.failed[:5]:
        sys.stdout.write(f"{when:9.1f} s   {act} failed: {what}\n")
    sys.stdout.write(f"{len(log.failed):9,} requests failed; the crowd itself took {log.cpu:.0f} s of a processor\n")
    return {"acts": found, "p95": found["all"]["p95"], "failed": len(log.failed)}


def spent() -> dict[str, float]:
    """Return the processor seconds of each child of this process, with all that it started; empty outside Linux."""
    found: dict[str, float] = {}
    running: dict[int, tuple[int, float]] = {}  # each process: its parent, and its seconds with those of ended children
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            fields = stat.read_text().rsplit(")", 1)[1].split()
            ticks = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            running[int(stat.parent.name)] = int(fields[1]), ticks
    for pid, (parent, seconds) in running.items():
        first = pid
        while parent in running and parent != os.getpid():
            first, parent = parent, running[parent][0]
        if parent == os.getpid():
            words = Path(f"/proc/{first}/cmdline").read_text()
            name = next((each for each in PROCESSES if each in words), "others")
            found[name] = found.get(name, 0) + seconds
    return found


def percentiles(seconds: list[float]) -> tuple[float, float, float]:
    """Return the 50th, 95th and 99th percentile in milliseconds."""
    several = seconds if len(seconds) > 1 else seconds * 2  # of one alone there are no quantiles
    cuts = statistics.quantiles(several, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000


def lost(log: Log) -> int:
    """Count the confirmed answers that the database does not hold: no event of that name, or another level stands."""
    from assessments.models.private import AnswerEvent, Rating

    names = {name for *_cell, name in log.confirmed}
    there = {str(name) for name in AnswerEvent.objects.values_list("mutation_id", flat=True)}
    last = {
        (membership, decision, partner): (level, name) for membership, decision, partner, level, name in log.confirmed
    }
    rows = Rating.objects.values_list(
        "rater__membership__code", "decision__number", "participant__number", "level", "mutation_id"
    )
    held = {(membership, decision, partner): (level, str(name)) for membership, decision, partner, level, name in rows}
    other = [cell for cell, stands in last.items() if held.get(cell) != stands and held[cell][1] in names]
    return len(names - there) + len(other)


def lay(partnerships: int) -> list[Phone]:
    """Lay the partnerships with their people and assessments, and sign everybody in; return their phones."""
    from django.db import transaction

    with transaction.atomic():
        return [phone for number in range(partnerships) for phone in _partnership(number)]


def _partnership(number: int) -> list[Phone]:
    from django.utils import timezone

    from assessments.models import Decision, LiveSession
    from assessments.results.release import make_release
    from assessments.services import transitions
    from assessments.services.setup import opening
    from assessments.workflow.actions import WorkflowAction
    from partnerships.access import member_roles_of
    from partnerships.models import Membership, Partner, Partnership, Role, User
    from powertool.demo.factories import close_rating

    home = Partnership.objects.create(name=f"Load {number}")
    partners = Partner.objects.bulk_create(
        Partner(
            partnership=home,
            name=f"Organisation {at} of partnership {number}",
            acronym=f"P{at}",
            country="KE",
            side="north" if at <= 3 else "south",
            kind="ingo" if at <= 3 else "national",
            position=at,
        )
        for at in range(1, PARTNERS + 1)
    )
    facilitator, *guests = User.objects.bulk_create(
        User(name=f"Person {number}-{at}", is_guest=True, password="!")  # noqa: S106 (nobody signs in by it)
        for at in range(PARTNERS + 1)
    )
    taken = {"partnership": home, "admitted_at": timezone.now()}
    Membership.objects.create(user=facilitator, role=Role.FACILITATOR, partner=partners[0], **taken)
    memberships = Membership.objects.bulk_create(
        Membership(user=user, role=Role.REPRESENTATIVE, partner=partner, **taken)
        for user, partner in zip(guests, partners, strict=True)
    )
    member = member_roles_of(facilitator, home)
    made = []
    for title in ("In session", "Alone"):
        one = opening.create_assessment(home, facilitator, title=title)
        words = [f"Dividing part {at} of the budget among the countries" for at in range(1, DECISIONS + 1)]
        Decision.objects.bulk_create(
            Decision(assessment=one, wording=each, original=each, position=at) for at, each in enumerate(words, start=1)
        )
        made.append(transitions.apply(one, member, WorkflowAction.OPEN_RATING))
    followed, asked = made
    close_rating(followed)
    make_release(followed)
    LiveSession.objects.filter(assessment=followed).update(phase=LiveSession.Phase.DECISIONS)
    state = f"{followed.get_absolute_url()}session/state/"
    cells = [(decision, partner) for decision in range(1, DECISIONS + 1) for partner in range(1, PARTNERS + 1)]
    moves = [f"{followed.get_absolute_url()}session/{decision}/here/" for decision in range(1, DECISIONS + 1)]
    phones = [
        Phone(signed_in(membership.user), state, membership.code, f"{asked.get_absolute_url()}rate/answer/", cells)
        for membership in memberships
    ]
    return [Phone(signed_in(facilitator), state, moves=moves), *phones]


def signed_in(user: Any) -> str:
    """Begin a session as somebody who just came in; return its key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store.create()
    return store.session_key or ""


@contextmanager
def worker() -> Iterator[None]:
    """Run a worker and a beat beside the web server, as deployed."""
    from powertool import local

    var = Path(os.environ["POWERTOOL_VAR"])
    celery = [sys.executable, "-m", "celery", "-A", "powertool"]
    beat = ["beat", "--pidfile=", f"--schedule={var / 'beat'}"]
    running = [local.spawn([*celery, *words], var / "celery.log") for words in (["worker", "--concurrency=2"], beat)]
    try:
        yield
    finally:
        local.stop(*running)


@contextmanager
def site() -> Iterator[str]:
    """Start servers and the site as deployed in a folder of their own; yield its address."""
    from bench import run

    with tempfile.TemporaryDirectory(prefix="powertool-load-") as folder, ExitStack() as running:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": folder, "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        (Path(folder) / "static").symlink_to(Path("var/static").resolve())
        run.load()
        run.start(Path(folder), running)
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        yield running.enter_context(run.served())


if __name__ == "__main__":
    with site() as address:
        tell(address)
