"""Checks of the database before it is migrated."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.management import CommandError
from django.db import connection, connections
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


def current_setting(alias: str, name: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return cursor.fetchone()[0]
