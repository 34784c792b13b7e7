"""Reporting errors to the Sentry server of SENTRY_DSN: type and place, without messages, values or people."""

from typing import Any

import sentry_sdk

from powertool import logs

# Of an event all else is dropped: requests, people, machines, breadcrumbs, what a library adds in its next version.
REPORTED_FIELDS = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk")
# Their messages are written apart from the values; others put in what they are about.
OURS = ("powertool", "partnerships", "assessments", "community")
OF_FRAMES = ("filename", "abs_path", "module", "function", "lineno", "context_line", "in_app")


def begin(dsn: str, release: str) -> None:
    """Send what goes wrong from now on."""
    sentry_sdk.init(
        dsn,
        release=release,
        before_send=bare,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        traces_sample_rate=None,
        server_name="",
    )


def bare(event: Any, hint: dict[str, Any]) -> Any:
    """Return a new event with types of errors, lines of code and the request's id; no words, values or addresses."""
    report = {name: event[name] for name in REPORTED_FIELDS if name in event}
    report["tags"] = {"request_id": logs.request_id.get()}
    if errors := event.get("exception", {}).get("values"):
        report["exception"] = {"values": [bare_error(error) for error in errors]}
    else:
        logger = str(event.get("logger", ""))
        ours = logger.split(".")[0] in OURS
        report["logentry"] = {"message": (event.get("logentry") or {}).get("message", "") if ours else logger}
    return report


def bare_error(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or []
    stripped = [{name: frame[name] for name in OF_FRAMES if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": stripped}}
