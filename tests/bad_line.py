"""A line between browser and site that a test cuts, slows and breaks, request by request."""

import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

Rule = Callable[[str, str], str]
KEPT = ("content-type", "location", "set-cookie", "content-security-policy", "clear-site-data", "cache-control",
        "service-worker-allowed", "vary")  # fmt: skip


class Line:
    """Ask `rule(method, path)` for each request what becomes of it:

    "through"; "cut" (no answer at all); "lost" (it arrives, its answer does not); "502"; "held" (until `release`).
    """

    def __init__(self, site: str) -> None:
        self.site = urlsplit(site)
        self.rule: Rule = self.through
        self.asked: list[tuple[str, str, str]] = []
        self.release, self.holding = threading.Event(), threading.Event()
        self.server = ThreadingHTTPServer(("localhost", 0), self.handler())
        self.server.daemon_threads = True
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def through(method: str, path: str) -> str:
        return "through"

    @staticmethod
    def cut(method: str, path: str) -> str:
        return "cut"

    def stop(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()

    def ask(self, method: str, path: str, headers, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.site.hostname or "", self.site.port, timeout=30)
        try:
            kept = {
                key: value for key, value in headers.items() if key.lower() not in ("connection", "accept-encoding")
            }
            connection.request(method, path, body, kept)
            answer = connection.getresponse()
            return answer.status, [(k, v) for k, v in answer.getheaders() if k.lower() in KEPT], answer.read()
        finally:
            connection.close()

    def handler(line) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fate = line.rule(self.command, self.path)
                line.asked.append((self.command, self.path, fate))
                if fate == "held":
                    line.holding.set()
                    line.release.wait(30)
                if fate == "cut":
                    return
                if fate == "502":
                    self.answer(502, [("content-type", "text/html")], b"<h1>Bad gateway</h1>")
                    return
                status, headers, content = line.ask(self.command, self.path, self.headers, body)
                if fate != "lost":
                    self.answer(status, headers, content)

            do_GET = do_POST = do_HEAD = do

            def answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
                try:
                    self.send_response(status)
                    for key, value in headers:
                        self.send_header(key, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    pass  # the browser did not wait

            def log_message(self, *args) -> None:
                pass

        return Handler


@pytest.fixture
def line(live_server: LiveServer) -> Iterator[Line]:
    """A line that lets everything through until the test says otherwise."""
    line = Line(live_server.url)
    yield line
    line.stop()
