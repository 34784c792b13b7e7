"""One site as deployed, on a PostgreSQL and a Redis of its own that may be stopped, for all tests of faults."""

import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Job, Release
from powertool import local
from tests import servers
from tests.assessments.making import answer_all, rating, says_yes
from tests.factories import make_cast
from tests.faults import points
from tests.processes import Broken, Process, Site, Visitor, own_servers, sign_in

POSTGRES = ("max_connections=200",)
DISK = 17 * 1024 * 1024  # bytes that a table may have; a segment of PostgreSQL's log, 16 MB, must fit


@dataclass
class Ground:
    """The site, its servers, and the folder of the orders to die."""

    site: Site
    running: list[subprocess.Popen]  # PostgreSQL, Redis
    orders: Path

    def order(self, point: str, about: str, everybody: bool = False) -> Path:
        return points.order(self.orders, point, about, everybody)

    def crash_postgres(self) -> None:
        """Stop PostgreSQL as a crash does, and start it again: it recovers by its log."""
        self.running[0].send_signal(signal.SIGQUIT)
        self.running[0].wait()
        self.running[0] = local.start_postgres(self.site.var, POSTGRES)

    @contextmanager
    def small_disk(self) -> Iterator[None]:
        """Let no file of PostgreSQL grow beyond this size meanwhile, as on a disk that is full."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, hard))
        try:
            self.crash_postgres()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        yield
        self.crash_postgres()

    def kill_redis(self) -> None:
        self.running[1].kill()
        self.running[1].wait()

    def start_redis(self) -> None:
        self.running[1] = local.start_redis(self.site.var, servers.REDIS)

    def publish(self, task: str, *args: object) -> None:
        """Send a message to the site's queue, as its web server does."""
        broker = self.site.redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        with Celery(broker=broker, set_as_current=False) as app:  # the tests' own application goes on to be in use
            app.send_task(task, args=args, queue="powertool")

    def age(self, assessment: Assessment) -> None:
        """Let the jobs that wait seem to wait for a minute, so that the sweep takes them and nobody need wait."""
        with self.site.rows():
            long_ago = timezone.now() - timedelta(minutes=1)
            assert Job.objects.pending().filter(assessment=assessment).update(created_at=long_ago)

    def vacuum(self, table: str) -> None:
        """Give the room back that deleted rows have."""
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")

    @property
    def web(self) -> Process:
        return self.site.webs[0]

    @property
    def worker(self) -> Process:
        return next(each for each in self.site.processes if each.name == "worker")


@dataclass
class Closing:
    """An assessment with a sheet that was handed in, and a facilitator who closes the ratings."""

    ground: Ground
    assessment: Assessment
    facilitator: Visitor

    def close(self) -> int:
        """Ask once; return the status, or 0 where the line broke."""
        try:
            return self.facilitator.ask("POST", self.path, {"do": "give", "side": "north"}).status
        except Broken:
            return 0

    @property
    def path(self) -> str:
        return reverse("assessments:side-words", args=[self.assessment.code, "close_rating"])

    @property
    def stage(self) -> str:
        with self.ground.site.rows():
            return Assessment.objects.get(pk=self.assessment.pk).stage

    def released(self) -> bool:
        """Say whether the release is there, once, and its job is done."""
        with self.ground.site.rows():
            there = Release.objects.filter(assessment=self.assessment).count()
            found = Job.objects.filter(assessment=self.assessment, kind=Job.Kind.RELEASE)
            return there == 1 and [(row.state, row.done) for row in found] == [(Job.State.DONE, 1)]


@pytest.fixture(scope="package")
def ground(django_db_setup, django_db_blocker) -> Iterator[Ground]:
    # Its own, also where several processes take tests of this folder.
    folder = local.make_folder(settings.TEST_VAR / f"faults-{token_hex(3)}")
    orders = local.make_folder(folder / "orders")
    with own_servers(folder, POSTGRES) as running:
        site = Site("faults", django_db_blocker, folder)
        site.changes = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DIE_IN": str(orders)}
        site.lay()
        site.web()
        site.worker()
        site.beat()
        site.ready()
        try:
            yield Ground(site, running, orders)
        finally:
            site.stop()


@pytest.fixture
def closing(ground) -> Closing:
    with ground.site.rows():
        cast = make_cast()
        assessment = rating(cast)
        for person in (cast.north_representative, cast.south_representative):
            answer_all(assessment, cast.membership(person), lambda d, p: 4 if p.side == "north" else 1, tick=True)
        says_yes(assessment, "south")
        return Closing(ground, assessment, sign_in(ground.site, cast.north_facilitator))
