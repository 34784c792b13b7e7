"""Metrics for Prometheus, about the machine and never about a partnership or a person.

Requests and tasks are counted by the processes that do them, in files of a folder that those of one machine share;
what stands in the database and in the queue is read when it is asked for. Load this where counting is wanted only,
and before the process forks: the folder is made here.
"""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import redis
from django.db.models import Count, Min
from django.utils import timezone


def folder() -> str:
    """Make the folder of the counting files. It is deleted when the process that made it ends."""
    made, owner = tempfile.mkdtemp(prefix="powertool-metrics-"), os.getpid()
    atexit.register(lambda: shutil.rmtree(made, ignore_errors=True) if os.getpid() == owner else None)
    return made


# prometheus_client looks for this when it is loaded.
if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder()

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

from assessments.models import Job, Release  # noqa: E402
from partnerships import task_sending  # noqa: E402
from powertool.metrics_token import is_known  # noqa: E402

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("powertool_requests", "Requests that were answered", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("powertool_request_seconds", "Time until the answer", ["route"], buckets=SECONDS)
TASKS = Counter("powertool_tasks", "Tasks that ended", ["task", "outcome"])
TASK_SECONDS = Histogram("powertool_task_seconds", "Time that tasks took", ["task"], buckets=SECONDS)
TASK_WAIT = Histogram("powertool_task_wait_seconds", "Time that tasks lay in the queue", ["task"], buckets=SECONDS)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def count_task(task: str, outcome: str, seconds: float) -> None:
    TASKS.labels(task, outcome).inc()
    TASK_SECONDS.labels(task).observe(seconds)


def count_wait(task: str, seconds: float) -> None:
    TASK_WAIT.labels(task).observe(max(0, seconds))


class QueueStatus:
    """Collects the current numbers of the database and of the queue."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("powertool_work_waiting", "Work that waits or is being done", labels=["kind"])
        failed = GaugeMetricFamily("powertool_work_failed", "Work that was given up", labels=["kind"])
        for family, rows in ((waiting, Job.objects.pending()), (failed, Job.objects.filter(state=Job.State.FAILED))):
            counts = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
            for kind in Job.Kind.values:
                family.add_metric([kind], counts.get(kind, 0))
            yield family
        oldest = Job.objects.pending().aggregate(oldest=Min("created_at"))["oldest"]
        age = (timezone.now() - oldest).total_seconds() if oldest else 0
        yield gauge("powertool_work_oldest_seconds", "Age of the oldest work that waits", age)
        yield gauge("powertool_releases", "Releases made of private ratings", Release.objects.count())
        yield from queue()


def queue() -> Iterator[GaugeMetricFamily]:
    """Yield how many messages wait, and how many workers have taken. Without Redis, only that it is down."""
    try:
        lying, taken = task_sending.queue_depth()
    except (redis.RedisError, OSError):
        yield gauge("powertool_redis_up", "Whether Redis answers", 0)
        return
    yield gauge("powertool_redis_up", "Whether Redis answers", 1)
    yield gauge("powertool_queue_messages", "Messages in the queue", lying)
    yield gauge("powertool_queue_taken", "Messages that workers have taken and not finished", taken)


def gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, description)
    family.add_metric([], value)
    return family


def render_metrics(member: bool = True) -> bytes:
    """Return the metrics of all processes that share the folder, and the current numbers if `member`."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    if member:
        registry.register(QueueStatus())
    return generate_latest(registry)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(host: str, port: int) -> None:
    """Serve /metrics beside a worker, to requests with the token. Web servers report the current numbers."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] != "/metrics" or not is_known(environ.get("HTTP_AUTHORIZATION", "")):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b""]
        start_response("200 OK", [("Content-Type", CONTENT_TYPE)])
        return [render_metrics(member=False)]

    server = make_server(host, port, answer, server_class=Server, handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
