"""Style sheets and scripts of two releases: pages that were open during an update find theirs on each server.

`manage.py prepare` keeps a copy of each release's files in STATIC_KEPT before its web servers start.
"""

import hashlib
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils._os import safe_join
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

RELEASES = 2  # this one and the one before
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def stored_releases() -> list[Path]:
    """Return the folders of the stored releases, the newest first."""
    folders = [path for path in settings.STATIC_KEPT.glob("[!.]*") if path.is_dir()]
    return sorted(folders, key=lambda folder: folder.stat().st_mtime, reverse=True)


def store_release() -> Path:
    """Copy this release's files in one step, and delete those older than the release before."""
    manifest = (settings.STATIC_ROOT / "staticfiles.json").read_bytes()
    own = settings.STATIC_KEPT / hashlib.sha256(manifest).hexdigest()[:16]
    if not own.exists():
        copy(settings.STATIC_ROOT, own)
    os.utime(own)
    for folder in stored_releases()[RELEASES:]:
        shutil.rmtree(folder, ignore_errors=True)
    return own


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=target.parent) as folder:
        shutil.copytree(source, Path(folder) / "whole")
        with suppress(OSError):  # another process was faster
            (Path(folder) / "whole").rename(target)


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, which also serves hashed names of other stored releases."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith(self.static_prefix) and path not in self.files and (file := self.of_another_release(path)):
            return self.serve(file, request)
        return super().__call__(request)

    def of_another_release(self, url: str) -> StaticFile | None:
        name = url.removeprefix(self.static_prefix)
        if not HASHED.search(name):
            return None
        with suppress(SuspiciousFileOperation, ValueError):
            paths = [safe_join(folder, name) for folder in stored_releases()]
            return next((self.get_static_file(path, url) for path in paths if os.path.isfile(path)), None)
        return None
