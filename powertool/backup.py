"""Backups: one file with what pg_dump writes, the media files, and a list of contents.

It holds everything that people trusted the site with, private answers too: the file is for its owner's eyes only, and
whoever carries it away encrypts it. SECRET_KEY is not in it.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from powertool import local

DUMP, LIST, MEDIA = "database.dump", "backup.json", "media"


class BackupError(Exception):
    """A problem that the operator can solve, in one line."""


def make(path: Path) -> None:
    """Write a backup; the file appears when it is whole. Raises BackupError."""
    if path.exists():
        raise BackupError(f"{path} is there already; nothing was written.")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            dump, whole = Path(folder) / DUMP, Path(folder) / "whole"
            run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
            with tarfile.open(whole, "w", format=tarfile.PAX_FORMAT) as archive:
                contents = Path(folder) / LIST
                migrations = sorted(applied_migrations())
                contents.write_text(json.dumps({"made": timezone.now().isoformat(), "migrations": migrations}))
                archive.add(contents, LIST)
                archive.add(dump, DUMP)
                if settings.MEDIA_ROOT.exists():
                    archive.add(settings.MEDIA_ROOT, MEDIA)
            whole.chmod(0o600)
            os.link(whole, path)  # unlike a renaming, this takes no other file's place
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error


def restore(path: Path) -> None:
    """Restore a backup into an empty database and an empty media folder: all of it, or nothing. Raises BackupError."""
    try:
        with tarfile.open(path) as archive, tempfile.TemporaryDirectory(prefix=".restore.", dir=path.parent) as folder:
            archive.extractall(folder, filter="data")
            refuse_mismatch(json.loads((Path(folder) / LIST).read_text()))
            with media_in_place(Path(folder) / MEDIA):
                dump = str(Path(folder) / DUMP)
                run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", dump)
    except (tarfile.TarError, KeyError, ValueError, FileNotFoundError) as error:
        raise BackupError(f"{path} is no backup of this site.") from error
    except OSError as error:
        raise BackupError(f"The backup cannot be brought in: {error.strerror}") from error


def refuse_mismatch(contents: dict) -> None:
    """Refuse what would mix with data that are here, and what a newer version of the site has written."""
    if connection.introspection.table_names():
        raise BackupError("The database is not empty. Restore into a new one; nothing was changed.")
    if settings.MEDIA_ROOT.exists() and any(settings.MEDIA_ROOT.iterdir()):
        raise BackupError(f"The media folder {settings.MEDIA_ROOT} is not empty; nothing was changed.")
    own_migrations = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := set(contents["migrations"]) - own_migrations:
        raise BackupError(f"A newer version of the site made this backup ({sorted(newer)[0]}); nothing was changed.")


@contextmanager
def media_in_place(media: Path) -> Iterator[None]:
    """Copy the media files to their folder, and delete them again if what follows fails."""
    if media.exists():
        shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
    try:
        yield
    except BaseException:
        for path in settings.MEDIA_ROOT.iterdir() if media.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def applied_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations}


def run(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on the site's database; the error is what it says, and holds no password."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    executable = shutil.which(program) or (settings.LOCAL and str(local.binaries() / program))
    if not executable:
        raise BackupError(f"{program} is not installed: it comes with PostgreSQL's client, in the server's version.")
    command = [executable, *arguments[1:-1], f"--dbname={arguments[-1]}", *options]
    environment = os.environ | (environment or {})
    process = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if process.returncode:
        raise BackupError((process.stderr.strip().splitlines() or [f"{program} failed"])[0])
