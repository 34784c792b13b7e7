"""The real servers of one test run, and one migrated database that the workers' databases are copied from."""

import fcntl
import signal
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from powertool import local

# A test's data are thrown away: nothing need reach the disk.
POSTGRES = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
REDIS = ["--save", "", "--appendonly", "no"]
TEMPLATE = "template_powertool"


class Servers:
    """A PostgreSQL and a Redis in the folder of this run."""

    def __init__(self) -> None:
        self.postgres = local.start_postgres(settings.TEST_VAR, POSTGRES)
        self.redis = local.start_redis(settings.TEST_VAR, REDIS)

    def stop(self) -> None:
        local.stop(self.redis)
        local.stop(self.postgres, ask=signal.SIGINT)


def lay_database() -> None:
    """Copy the migrated database for this worker; the first one of a run migrates it and collects the static files."""
    with alone("template"):
        if not (settings.TEST_VAR / "laid").exists():
            lay_template()
            call_command("collectstatic", verbosity=0, interactive=False)
            (settings.TEST_VAR / "laid").touch()
    execute("DROP DATABASE IF EXISTS {0} WITH (FORCE)", settings.DATABASES["default"]["NAME"])
    execute("CREATE DATABASE {0} TEMPLATE {1}", settings.DATABASES["default"]["NAME"], TEMPLATE)


def lay_template() -> None:
    """Migrate an empty database that nobody connects to afterwards."""
    execute("CREATE DATABASE {0}", TEMPLATE)
    connection = connections["default"]
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], TEMPLATE
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def execute(statement: str, *names: str) -> None:
    """Run a statement that fits in no transaction."""
    address = local.database_url(settings.TEST_VAR, "postgres").replace("postgres://", "postgresql://", 1)
    connection = psycopg2.connect(address)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()


@contextmanager
def alone(name: str):
    """Let one process of this run in at a time."""
    with (settings.TEST_VAR / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
