"""`make compare BEFORE=main` writes the text of the demo's pages for two commits, and prints their differences.

`python -P bench/pages.py FOLDER` in the folder of a commit writes a file for each reader. The clock and what is random
are fixed, so that two runs of one commit give the same files.
"""

import datetime
import os
import random
import re
import secrets
import signal
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

START = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)
READERS = ("", "noor", "wanjiru", "awa", "ole")  # the empty one is not signed in
CODE = re.compile(r"\b(?=[a-z]*\d)[0-9a-hjkmnp-tv-z]{8,}\b")
SPOKEN = ("aria-label", "alt", "title", "placeholder")
SKIPPED = ("/static/", "/accounts/logout/", "/language/")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="powertool-pages-") as var:
        os.environ |= {"POWERTOOL_LOCAL": "1", "POWERTOOL_VAR": var, "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        with servers(Path(var)):
            fix_clock_and_chance()
            lay_demo()
            for reader in READERS:
                pages = [f"=== {name}\n{text}\n" for name, text in visit(reader)]
                (folder / f"{reader or 'anyone'}.txt").write_text("\n".join(pages))


@contextmanager
def servers(var: Path) -> Iterator[None]:
    from powertool import local

    postgres, redis = local.start_postgres(var), local.start_redis(var)
    try:
        yield
    finally:
        local.stop(redis)
        local.stop(postgres, ask=signal.SIGINT)


def fix_clock_and_chance() -> None:
    """Let each look at the clock be a millisecond after the one before, and each code come from one seed."""
    from django.utils import timezone

    ticks, dice = count(), random.Random(7)  # noqa: S311 (nothing secret)
    timezone.now = lambda: START + datetime.timedelta(milliseconds=next(ticks))
    secrets.choice = dice.choice
    secrets.token_bytes = lambda nbytes=None: dice.randbytes(nbytes or 32)
    uuid.uuid4 = lambda: uuid.UUID(int=dice.getrandbits(128), version=4)


def lay_demo() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["*"]
    from powertool import demo
    from powertool.management.commands.up import create_database

    create_database("powertool")
    call_command("migrate", verbosity=0, interactive=False)
    demo.load()


def visit(reader: str) -> Iterator[tuple[str, str]]:
    """Follow all links from the start page, and yield each page's address without codes, and its text."""
    from django.test import Client

    from partnerships.models import User

    client = Client()
    if reader:
        user = User.objects.get(email=f"{reader}@demo.example")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    ahead, known = ["/"], {"/"}
    while ahead:
        path = ahead.pop(0)
        response = client.get(path)
        if response.status_code != 200:
            yield CODE.sub("…", path), f"{response.status_code} {CODE.sub('…', response.headers.get('Location', ''))}"
        elif response.headers["Content-Type"].startswith("text/html"):
            page = Text(response.content.decode())
            yield CODE.sub("…", path), CODE.sub("…", page.text)
            new = [link for link in page.links if link not in known and not link.startswith(SKIPPED)]
            ahead += dict.fromkeys(new)
            known.update(new)


class Text(HTMLParser):
    """What a page says, a line each, and the paths on this site that it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.links: list[str] = []
        self.silent = 0
        self.feed(html)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.silent += tag in ("script", "style", "svg", "template")
        link = urlsplit(given.get("href", "") if tag == "a" else "")
        if link.path.startswith("/") and not link.netloc:
            self.links.append(link.path)
        self.lines += [f"[{given[name]}]" for name in SPOKEN if given.get(name)]
        if tag == "input" and given.get("type") != "hidden" and given.get("value"):
            self.lines.append(f"<{given['value']}>")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "svg", "template")

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.lines.append(" ".join(data.split()))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
