"""What `manage.py migrate` asks of the database server before it begins."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from powertool.local import QUIET


@register(Tags.database)
def log_without_values(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """Warn where PostgreSQL's log quotes what people wrote; a provider's server is set up by its provider."""
    wanted = dict(option.split("=") for option in QUIET)
    return [
        Warning(f"The log of PostgreSQL may quote private answers: set {name} = {value}.", id="powertool.W001")
        for alias in databases or ()
        for name, value in wanted.items()
        if shown(alias, name) != value
    ]


def shown(alias: str, name: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return cursor.fetchone()[0]
