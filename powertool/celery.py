"""The Celery application: workers import it, services send tasks to it by name."""

import logging.config
import os
import time
from contextvars import ContextVar
from typing import Any

from celery import Celery, signals
from django.conf import settings

from powertool import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "powertool.settings")
app = Celery("powertool")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

began: ContextVar[float] = ContextVar("began", default=0.0)


@signals.setup_logging.connect
def write_as_the_site_does(loglevel: int | None = None, **_more: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)
    if loglevel is not None:
        logging.getLogger().setLevel(loglevel)


@signals.before_task_publish.connect
def hand_on(headers: dict[str, Any], **_more: Any) -> None:
    """Let a message carry the id of the request that it comes from, and when it was sent."""
    headers["sent_at"] = time.time()
    if logs.request_id.get() != logs.NO_ID:
        headers["request_id"] = logs.request_id.get()


@signals.worker_init.connect
def begin_to_count(**_more: Any) -> None:
    """Load the metrics before the pool forks, and answer for them where a port is given."""
    if settings.METRICS_TOKEN:
        from powertool import metrics

        if settings.METRICS_PORT:
            metrics.serve(settings.METRICS_HOST, settings.METRICS_PORT)


@signals.task_prerun.connect
def begin(task_id: str, task: Any, **_more: Any) -> None:
    logs.request_id.set(task.request.get("request_id") or task_id)
    began.set(time.perf_counter())
    if settings.METRICS_TOKEN and (sent_at := task.request.get("sent_at")):
        from powertool import metrics

        metrics.count_wait(task.name, time.time() - sent_at)


@signals.task_postrun.connect
def end(task: Any, state: str | None = None, **_more: Any) -> None:
    if settings.METRICS_TOKEN:
        from powertool import metrics

        metrics.count_task(task.name, (state or "unknown").lower(), time.perf_counter() - began.get())
    logs.request_id.set(logs.NO_ID)
