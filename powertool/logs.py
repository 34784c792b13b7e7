"""What is written to the log, and what is not: route names instead of addresses, types of errors without their words.

Addresses carry codes that let people in, and an error's words may quote what somebody typed. Imports no Django, since
gunicorn writes by these rules too, before there are settings.
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
    """Return a configuration for `logging`: `style` is json or line; `words` keeps what errors say, for one's own eyes.

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
    """Drops what libraries write about a refused visit to a page of concerns; what broke there is still written."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return record.levelno >= logging.ERROR or not hasattr(request, "resolver_match") or is_logged(request)


class RedactingFormatter(logging.Formatter):
    """Puts the request's id on each line and takes out what is nobody's business."""

    words = False

    def format(self, record: logging.LogRecord) -> str:
        record = redact(record)
        record.request_id = request_id.get()
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return super().formatException(ei) if self.words else traceback_without_messages(ei[1])


class Line(RedactingFormatter):
    """One line for people."""

    def __init__(self, words: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
        self.words = words


class Json(RedactingFormatter, JsonFormatter):
    """One JSON object in a line: time, level, logger, request_id, message, and what EXTRA names of a request."""

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
    """Return a copy of a library's line that quotes nothing of a request or of a task's arguments and results."""
    record = copy.copy(record)
    record.exc_text = None  # what another handler has made of the error
    request, data = getattr(record, "request", None), getattr(record, "data", None)
    if hasattr(request, "resolver_match"):
        status = getattr(record, "status_code", 0)
        what = HTTPStatus(status).phrase if status in list(HTTPStatus) else record.name
        set_message(record, f"{what}: {method_of(request)} {route_of(request)}")
    elif record.name == "celery.app.trace" and isinstance(data, dict):
        set_message(record, f"Task {data.get('name')}[{data.get('id')}] {outcome(record, data)}")
    elif record.name == "gunicorn.error":
        for words in ("Error handling request", "Invalid request from"):
            if str(record.msg).startswith(words):
                set_message(record, words.removesuffix(" from"))
    return record


def set_message(record: logging.LogRecord, message: str) -> None:
    record.msg, record.args = message, ()


def outcome(record: logging.LogRecord, data: dict[str, Any]) -> str:
    """Say how a task ended, without what it returned or what its error says."""
    if record.exc_info and record.exc_info[0]:
        return f"{data.get('description', 'failed')}: {record.exc_info[0].__name__}"
    return f"succeeded in {float(data['runtime']):.3f} s" if "runtime" in data else "ended"


def traceback_without_messages(error: BaseException | None) -> str:
    """Return where an error came from and what it is, of the whole chain, but not what it says."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(
        "".join(traceback.format_tb(one.__traceback__)) + f"{type(one).__module__}.{type(one).__qualname__}"
        for one in reversed(chain)
    )


def route_of(request: Any) -> str:
    """Return the name of the address that a request matched; the address itself carries codes."""
    match = request.resolver_match
    name = (match.view_name or "unnamed") if match else "unknown"
    if name in UNLOGGED_ROUTES:
        return "unknown"
    return PRIVATE_NAME if name.startswith(PRIVATE) else name


def is_logged(request: Any) -> bool:
    """Say whether a request gets a line in the log and a place in the metrics."""
    return not (request.resolver_match and request.resolver_match.view_name in UNLOGGED_ROUTES)


def method_of(request: Any) -> str:
    """Return the method; one that nobody knows could be anything."""
    return request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "OTHER"
