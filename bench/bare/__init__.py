"""The yardstick F: a bare Django project with sessions, authentication and one query, on the site's servers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.asking import Ask

SETTINGS = {"DJANGO_SETTINGS_MODULE": "bench.bare.settings"}
BARE = "F: a bare Django project, signed in, one query"


@contextmanager
def served() -> Iterator[Ask]:
    """Serve the bare project beside the site, under the same server settings; yield what is asked of it."""
    from bench import run
    from powertool.management.commands.up import create_database

    create_database("bare")
    command = [sys.executable, "-m", "bench.bare.laying"]
    laid = subprocess.run(command, env=os.environ | SETTINGS, check=True, capture_output=True, text=True)  # noqa: S603
    with run.served("bench.bare.site", **SETTINGS) as base:
        yield Ask(BARE, "/bare/", [laid.stdout.strip()], base=base)
