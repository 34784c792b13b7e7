"""Log formats and redaction: names of routes instead of URLs, types of errors without their messages.

URLs contain codes that give access, and an error message may quote what a person typed. Django is not imported, since
gunicorn uses this module before there are settings.
"""

import copy
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from powertool import http_status

NO_ID = "-"
# A person's text is no id: hexadecimal digits only, as proxies make them.
ID = re.compile(r"[0-9A-Fa-f-]{16,64}")
EXTRA = ("method", "route", "status", "ms")  # of a request's line; anything else that a library adds stays out

# Where a concern is raised, read and answered: no line and no number tells that somebody was there.
UNLOGGED_ROUTES = {"assessments:concern", "assessments:concern-read", "assessments:concern-answer"}

# All that people do on their private pages has one name, so that no line and no number tells a submission from a look.
PRIVATE, PRIVATE_NAME = ("assessments:rate-", "assessments:my-form", "assessments:caucus-"), "assessments:rate"

request_id: ContextVar[str] = ContextVar("request_id", default=NO_ID)


def config(style: str, level: str, words: bool = False) -> dict[str, Any]:
    """Return a configuration for `logging`. `style` is json or line, `words` includes the messages of errors.

    Raises ValueError for another style.
    """
    if style not in ("json", "line"):
        raise ValueError(f"LOG_FORMAT is json or line, not {style!r}")
    formatter = {"()": "powertool.logs.Json" if style == "json" else "powertool.logs.Line", "words": words}
    handler = {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": style, "filters": ["told"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"told": {"()": "powertool.logs.HideConcernVisits"}},
        "formatters": {style: formatter},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": level},
    }


class HideConcernVisits(logging.Filter):
    """Drops lines of libraries about refused visits to the pages of concerns. Errors are still logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return record.levelno >= logging.ERROR or not hasattr(request, "resolver_match") or is_logged(request)


class RedactingFormatter(logging.Formatter):
    """Adds the request's id to each line, and removes what could identify people."""

    words = False

    def format(self, record: logging.LogRecord) -> str:
        record = redact(record)
        record.request_id = request_id.get()
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return super().formatException(ei) if self.words else traceback_without_messages(ei[1])


class Line(RedactingFormatter):
    """Formats an entry as one line of text."""

    def __init__(self, words: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
        self.words = words


class Json(RedactingFormatter, JsonFormatter):
    """Formats an entry as one line of JSON: time, level, logger, request_id, message and the EXTRA of a request."""

    def __init__(self, words: bool = False) -> None:
        JsonFormatter.__init__(self)
        self.words = words

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data |= {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", NO_ID),
            "message": record.getMessage(),
        }
        log_data |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        log_data |= {name: message_dict[name] for name in ("exc_info", "stack_info") if name in message_dict}


def redact(record: logging.LogRecord) -> logging.LogRecord:
    """Return a copy of a library's entry without URLs and without arguments and results of tasks."""
    record = copy.copy(record)
    record.exc_text = None  # cached by another handler, with the message
    request, data = getattr(record, "request", None), getattr(record, "data", None)
    if hasattr(request, "resolver_match"):
        status = getattr(record, "status_code", 0)
        title = http_status.name_of(status) if status in list(HTTPStatus) else record.name
        set_message(record, f"{title}: {method_of(request)} {route_of(request)}")
    elif record.name == "celery.app.trace" and isinstance(data, dict):
        set_message(record, f"Task {data.get('name')}[{data.get('id')}] {outcome(record, data)}")
    elif record.name == "gunicorn.error":
        for opening in ("Error handling request", "Invalid request from"):
            if str(record.msg).startswith(opening):
                set_message(record, opening.removesuffix(" from"))
    return record


def set_message(record: logging.LogRecord, message: str) -> None:
    record.msg, record.args = message, ()


def outcome(record: logging.LogRecord, data: dict[str, Any]) -> str:
    """Return how a task ended, without its result and without its error message."""
    if record.exc_info and record.exc_info[0]:
        return f"{data.get('description', 'failed')}: {record.exc_info[0].__name__}"
    return f"succeeded in {float(data['runtime']):.3f} s" if "runtime" in data else "ended"


def traceback_without_messages(error: BaseException | None) -> str:
    """Return the traceback of an error and its causes, with their types and without their messages."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(
        "".join(traceback.format_tb(cause.__traceback__)) + f"{type(cause).__module__}.{type(cause).__qualname__}"
        for cause in reversed(chain)
    )


def route_of(request: Any) -> str:
    """Return the name of the route that a request matched. The URL itself contains codes."""
    match = request.resolver_match
    name = (match.view_name or "unnamed") if match else "unknown"
    if name in UNLOGGED_ROUTES:
        return "unknown"
    return PRIVATE_NAME if name.startswith(PRIVATE) else name


def is_logged(request: Any) -> bool:
    """Return whether a request is logged and counted."""
    return not (request.resolver_match and request.resolver_match.view_name in UNLOGGED_ROUTES)


def method_of(request: Any) -> str:
    """Return the method, or OTHER for an unknown one, which could contain anything."""
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "OTHER"
