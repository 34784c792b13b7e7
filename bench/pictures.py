"""`make pictures` takes the two pictures of the README from the demo, with a fixed clock and in a real browser."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bench.pages import fix_clock_and_chance, lay_demo, servers

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
AT_MOST = 250_000  # bytes, both together
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="powertool-pictures-") as var:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": var, "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        with servers(Path(var)):
            fix_clock_and_chance()
            lay_demo()
            take_pictures()
    size = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    print(f"Pictures: {size:,} bytes in {FOLDER}")
    if size > AT_MOST:
        sys.exit(f"Pictures: at most {AT_MOST:,} bytes")


def take_pictures() -> None:
    """Save the matrix of the results at a desk, and a question on a phone."""
    from django.urls import reverse

    results = reverse("assessments:dashboard", args=[code_of("How we decide, 2026")])
    matrix = f"{results}#matrix"
    question = reverse("assessments:rate-decision", args=[code_of("How we decide together"), 1])
    cookies = {reader: signed_in(reader) for reader in ("noor", "awa")}
    with site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        take(browser, address, cookies["noor"], DESK, matrix, "results")
        take(browser, address, cookies["awa"], PHONE, question, "question")
        browser.close()


def code_of(title: str) -> str:
    """Return the code of an assessment of the demo."""
    from assessments.models import Assessment

    return Assessment.objects.get(title=title).code


def signed_in(reader: str) -> str:
    """Return the session cookie of a person of the demo."""
    from django.conf import settings
    from django.test import Client

    from partnerships.models import User

    client = Client()
    user = User.objects.get(email=f"{reader}@demo.example")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Server(ThreadingMixIn, WSGIServer):
    """A web server for one browser."""

    daemon_threads = True


class Silent(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def site() -> Iterator[str]:
    """Serve the site with its style sheets, and yield its address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    application = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def chromium() -> str:
    """Return the browser of this machine."""
    names = [os.environ.get("CHROMIUM", ""), *BROWSERS]
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or sys.exit("Pictures: no Chromium was found. Install the package chromium.")


def take(browser: Browser, address: str, cookie: str, size: ViewportSize, path: str, name: str) -> None:
    """Save what a signed-in person sees at an address."""
    from django.conf import settings

    context = browser.new_context(
        viewport=size, locale="en-GB", timezone_id="UTC", reduced_motion="reduce", service_workers="block"
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(address + path, wait_until="networkidle")
    Image.open(BytesIO(page.screenshot())).save(FOLDER / f"{name}.webp", quality=80, method=6)
    context.close()


if __name__ == "__main__":
    main()
