"""Each request gets an id, a line in the log and a place in the metrics."""

import logging
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from powertool import logs

log = logging.getLogger("powertool.access")


class RequestLogging:
    """Use the proxy's X-Request-ID or make one, and send it with the response.

    Every line that is logged for the request has it, and so has every line of a task that the request sends.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.count: Callable[[str, str, int, float], None] = lambda *_counted: None
        if settings.METRICS_TOKEN:
            from powertool import metrics  # counts in files, which it makes where it is loaded

            self.count = metrics.count_request

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        name = asked if logs.ID.fullmatch(asked) else uuid4().hex
        before = logs.request_id.set(name)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = name
            self.log_response(request, response, time.perf_counter() - begun)
            return response
        finally:
            logs.request_id.reset(before)

    def log_response(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        """Log and count a response. Static files are counted together, and not logged."""
        if not logs.is_logged(request):
            return
        static = request.path_info.startswith(settings.STATIC_URL) and not request.resolver_match
        method, route = logs.method_of(request), "static" if static else logs.route_of(request)
        self.count(method, route, response.status_code, seconds)
        if not static:
            ms = round(seconds * 1000)
            fields = {"method": method, "route": route, "status": response.status_code, "ms": ms}
            log.info("%s %s %s in %s ms", method, route, response.status_code, ms, extra=fields)
