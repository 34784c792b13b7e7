"""The real servers of one test run, and one migrated database that the workers' databases are copied from."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from psycopg2 import sql

from partnerships import grouped_operations, triggers
from powertool import database_roles, local
from powertool.static_files import StaticFiles

# A test's data are thrown away: nothing need reach the disk.
POSTGRES = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
REDIS = ["--save", "", "--appendonly", "no"]
TEMPLATE = "template_powertool"
KEPT = settings.BASE_DIR / "build" / "test-database"


class Servers:
    """A PostgreSQL and a Redis in the folder of this run."""

    def __init__(self) -> None:
        sweep()
        local.make_folder(settings.TEST_VAR)
        lay_cluster()
        self.postgres = local.start_postgres(settings.TEST_VAR, POSTGRES)
        self.redis = local.start_redis(settings.TEST_VAR, REDIS)

    def stop(self) -> None:
        local.stop(self.redis)
        local.stop(self.postgres, ask=signal.SIGINT)
        shutil.rmtree(settings.TEST_VAR)


def sweep() -> None:
    """Remove the folders of runs that were killed; their servers went with them."""
    for folder in settings.TEST_VAR.parent.glob("powertool-test-*-*"):
        process = Path("/proc") / folder.name.split("-")[2]
        if sys.platform == "linux" and not process.exists():
            shutil.rmtree(folder, ignore_errors=True)


def lay_cluster() -> None:
    """Copy the migrated cluster that an earlier run has kept; lay and keep it when the migrations are new."""
    data, kept = settings.TEST_VAR / "postgres", kept_cluster()
    if not kept.exists():
        postgres = local.start_postgres(settings.TEST_VAR, POSTGRES)
        try:
            lay_template()
        finally:
            local.stop(postgres, ask=signal.SIGINT)
        keep(data, kept)
    elif not data.exists():
        copy(kept, data)


def main() -> None:
    """Lay the migrated cluster before a run asks for it."""
    if kept_cluster().exists():
        return
    local.make_folder(settings.TEST_VAR)
    try:
        lay_cluster()
    finally:
        shutil.rmtree(settings.TEST_VAR)


def copy_kept(var: Path) -> None:
    """Give a folder the migrated cluster that is kept; a server must not have been started in it."""
    copy(kept_cluster(), var / "postgres")


def kept_cluster() -> Path:
    """Return where the cluster of these migrations is kept, or will be."""
    return KEPT / migrations_digest()


def migrations_digest() -> str:
    """Say which database the migrations make, those of this project and of the packages it pins, with its roles."""
    files = sorted(settings.BASE_DIR.glob("*/migrations/*.py"))
    makers = (local, database_roles, grouped_operations, triggers)
    others = [settings.BASE_DIR / "requirements.txt", *(Path(module.__file__) for module in makers)]
    content = [file.read_bytes() for file in (*files, *others)]
    return hashlib.sha256(b"\0".join(content)).hexdigest()[:16]


def lay_template() -> None:
    """Migrate an empty database that nobody connects to afterwards."""
    execute("CREATE DATABASE {0}", TEMPLATE)
    environment = os.environ | local_urls(settings.TEST_VAR, TEMPLATE)
    environment["DJANGO_SETTINGS_MODULE"] = "powertool.settings"
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--no-input"]
    subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=True)  # noqa: S603


def local_urls(var: Path, name: str) -> dict[str, str]:
    """Return the variables that name a database to the site and to its owner."""
    return {
        "DATABASE_URL": local.database_url(var, name, role=local.SITE),
        "OWNER_DATABASE_URL": local.database_url(var, name),
    }


def keep(data: Path, kept: Path) -> None:
    """Keep a copy for the next runs in one step, so that a run beside this one never sees half of it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    older = sorted(KEPT.iterdir(), key=lambda folder: folder.stat().st_mtime)
    unfinished = Path(tempfile.mkdtemp(dir=KEPT))
    copy(data, unfinished / "data")
    with suppress(OSError):  # another run was faster
        (unfinished / "data").rename(kept)
    for folder in (unfinished, *older[:-2]):
        shutil.rmtree(folder, ignore_errors=True)


def copy(source: Path, target: Path) -> None:
    """Copy a folder with its owner, which Python's own copy forgets."""
    subprocess.run(["cp", "-a", source, target], check=True)  # noqa: S603, S607


def lay_database() -> None:
    """Give this worker a fresh copy of the migrated database, and the run its static files."""
    with alone("static"):
        if not settings.STATIC_ROOT.exists():
            call_command("collectstatic", verbosity=0, interactive=False)
    # A test without a database may have asked for a name before another process had collected the files.
    staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = staticfiles_storage.load_manifest()
    share_static_files()
    execute("DROP DATABASE IF EXISTS {0} WITH (FORCE)", settings.DATABASES["default"]["NAME"])
    execute("CREATE DATABASE {0} TEMPLATE {1}", settings.DATABASES["default"]["NAME"], TEMPLATE)


def share_static_files() -> None:
    """Let all clients of this process share one reading of the static files; each client reads all of them anew."""
    read = StaticFiles.update_files_dictionary
    known: dict[tuple[str, str], dict] = {}

    def update(self: StaticFiles, root: str, prefix: str) -> None:
        if (root, prefix) not in known:
            read(self, root, prefix)
            known[root, prefix] = dict(self.files)
        self.files.update(known[root, prefix])

    StaticFiles.update_files_dictionary = update


def execute(statement: str, *names: str, var: Path = settings.TEST_VAR) -> None:
    """Run a statement that fits in no transaction."""
    address = local.database_url(var, "postgres").replace("postgres://", "postgresql://", 1)
    connection = psycopg2.connect(address)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process of this run in at a time."""
    with (settings.TEST_VAR / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
