"""Checks of the database: what it was made by, what it logs, and whether a pool of connections is in front of it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.management import CommandError
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from powertool.local import QUIET


def refuse_data_of_0_1() -> None:
    """Raise CommandError where the database was made by version 0.1, whose tables this version cannot take over."""
    if ("partnerships", "0001_first") in MigrationRecorder(connection).applied_migrations():
        raise CommandError(
            "This database is of version 0.1, which 0.2 cannot take over. Use an empty one: on your own machine, "
            "stop the site and delete the folder var."
        )


@register(Tags.database)
def log_without_values(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """Warn where PostgreSQL's log quotes what people wrote; a provider's server is set up by its provider."""
    wanted = dict(option.split("=") for option in QUIET)
    return [
        Warning(f"The log of PostgreSQL may quote private answers: set {name} = {value}.", id="powertool.W001")
        for alias in databases or ()
        for name, value in wanted.items()
        if current_setting(alias, name) != value
    ]


@register(Tags.database)
def pool_without_its_setting(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """Refuse a pool of connections while the site opens cursors that outlive a transaction."""
    return [
        Error("A pool of connections is in front of PostgreSQL: set DATABASE_POOLED=1.", id="powertool.E001")
        for alias in databases or ()
        if loses_cursors(connections[alias])
    ]


def loses_cursors(of: BaseDatabaseWrapper) -> bool:
    """Return whether a pool would lose the cursors that this connection opens."""
    return not of.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] and is_pooled(of)


def refuse_pool(of: BaseDatabaseWrapper) -> None:
    """Raise CommandError where a pool of connections answers: pg_dump would leave its settings to who is next."""
    if is_pooled(of):
        raise CommandError(
            "This command needs PostgreSQL itself, and a pool of connections is in front of it. "
            "Name PostgreSQL in OWNER_DATABASE_URL."
        )


def is_pooled(of: BaseDatabaseWrapper) -> bool:
    """Return whether a pool answers for PostgreSQL: it names no process of PostgreSQL when a client connects."""
    with of.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return bool(cursor.fetchone()[0] != of.connection.info.backend_pid)


def current_setting(alias: str, name: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return cursor.fetchone()[0]
