"""Probes and metrics: whether this process is alive, whether it is ready for visitors, and its numbers.

Probes come from inside, by an address that is no public host and without TLS, so they are answered before those checks.
"""

import logging
import sys
from collections.abc import Callable

from django.db import Error, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from partnerships import task_sending
from powertool.checks import loses_cursors
from powertool.metrics_token import is_known

log = logging.getLogger(__name__)
_has_all = False


class Probes:
    """Answers /livez and /readyz, and /metrics to requests with the token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            if request.path_info == "/livez":
                return JsonResponse({"status": "alive"})
            if request.path_info == "/readyz":
                return ready()
            if request.path_info == "/metrics" and is_known(request.headers.get("Authorization", "")):
                from powertool import metrics  # loaded where metrics are wanted only

                return HttpResponse(metrics.render_metrics(), content_type=metrics.CONTENT_TYPE)
        return self.get_response(request)


def ready() -> JsonResponse:
    """Return whether visitors may be sent here: the database answers, and has every migration of this code.

    Redis is told, and no more: without it people still answer and read.
    """
    try:
        missing = what_is_missing()
    except Error:
        log.warning("Not ready: the database does not answer")
        missing = "database"
    if missing:
        return JsonResponse({"status": "not ready", "waits_for": missing}, status=503)
    return JsonResponse({"status": "ready", "redis": "answers" if task_sending.broker_answers() else "away"})


def what_is_missing() -> str | None:
    """Return what the database or its setting lacks. Once nothing is missing, only ask whether the database answers."""
    global _has_all
    if _has_all:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return None
    if loses_cursors(connection):
        log.error("Not ready: a pool of connections is in front of PostgreSQL, and DATABASE_POOLED is not set")
        return "DATABASE_POOLED"
    executor = MigrationExecutor(connection)
    _has_all = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return None if _has_all else "migrations"


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the error page. While the database is away its status is 503, so that programs try again."""
    response = defaults.server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return response
