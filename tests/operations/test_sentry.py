"""What a Sentry server is told: here one of our own, on this machine."""

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from powertool import sentry
from tests.test_settings import run

OPENED = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}


@dataclass
class Ingest:
    """What arrived: each envelope's text, and the address that takes them."""

    server: ThreadingHTTPServer
    envelopes: list[str] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server.server_address[1]}/1"


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.envelopes.append(OPENED[self.headers.get("Content-Encoding")](body).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            pass

    here = Ingest(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    threading.Thread(target=here.server.serve_forever, daemon=True).start()
    yield here
    here.server.shutdown()
    here.server.server_close()


def break_it(**changes: str) -> None:
    script = Path("tests") / "operations" / "breaking.py"
    done = run(str(script), PYTHONPATH=str(settings.BASE_DIR), REDIS_URL="redis://127.0.0.1:1/0", **changes)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("SECRETWORD") == 1  # in the line that was written so; nothing comes of the request


def test_an_error_arrives_with_its_place_and_without_a_word_of_anybody(ingest):
    break_it(SENTRY_DSN=ingest.dsn)
    events = [json.loads(text.splitlines()[2]) for text in ingest.envelopes]
    assert [error["type"] for error in events[0]["exception"]["values"]] == ["KeyError", "ValueError"]
    frames = events[0]["exception"]["values"][1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "breaks"
    assert len(events[0]["tags"]["request_id"]) == 32
    assert events[1]["logentry"] == {"message": "The mail to %s did not go out"}
    assert [error["type"] for error in events[2]["exception"]["values"]] == ["DisallowedHost"]
    assert len(events) == 3
    assert "SECRETWORD" not in "".join(ingest.envelopes)
    assert not {"request", "user", "breadcrumbs", "contexts", "extra", "modules", "server_name"} & events[0].keys()


def test_a_librarys_message_may_hold_what_it_is_about_and_is_not_told():
    told = sentry.bare({"logger": "library.part", "logentry": {"message": "SECRETWORD"}, "extra": {"a": 1}}, {})
    assert told == {"logger": "library.part", "logentry": {"message": "library.part"}, "tags": {"request_id": "-"}}


def test_without_the_variable_nothing_is_sent(ingest):
    break_it()
    assert ingest.envelopes == []
