"""What most tests begin with: made once by the services, then copied into each test of this worker that begins alike.

A function marked `kept` makes the same in an empty database, or where only another kept world stands and nobody has
written since. Then its rows, read by COPY from a savepoint that is undone, are laid past the triggers, and its objects
are copies. All else is made by the services as ever: in a test that commits, after another row, with other arguments.
"""

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import wraps
from io import StringIO
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from psycopg2 import sql

LONGEST = 30  # seconds that a world is used: its times stay those of now
BELOW = "the world below"
PLAIN = (str, int, type(None), date)
# What the view pg_stat_xact_user_tables says takes more than twice as long to ask for.
WRITTEN = """SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
  + pg_stat_get_xact_tuples_deleted(oid) AS rows
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
MARK = f"SELECT pg_current_xact_id_if_assigned()::text, (SELECT sum(rows) FROM ({WRITTEN}) AS written)"  # noqa: S608


@dataclass
class World:
    rows: dict[str, str]  # of each table that was written, as COPY writes them
    made: Any
    until: float
    mark: tuple | None = None  # of the transaction in which it was laid last, just then


worlds: dict[tuple, World] = {}


def kept(make: Callable) -> Callable:
    """Lay what a function makes by a copy; its arguments are values, and what the kept function before it made."""

    @wraps(make)
    def made(*args, **fields):
        key = key_of(make, args, fields)
        if key is None:
            return make(*args, **fields)
        if key not in worlds:
            worlds[key] = build(lambda: make(*args, **fields), worlds.get(key[0]))
        lay(worlds[key])
        return deepcopy(worlds[key].made)

    return made


def key_of(make: Callable, args: tuple, fields: dict[str, Any]) -> tuple | None:
    """Say which world this is, by the one below it; None where something else stands, or what is given is no value."""
    below = stands() if in_savepoints() else None
    if below is None:
        return None
    given = [BELOW if below and arg == worlds[below].made else arg for arg in args]
    if not all(map(plain, (*given, *fields.values()))):
        return None
    return (below, make, repr(given), repr(fields), translation.get_language())


def plain(value: Any) -> bool:
    return all(map(plain, value)) if isinstance(value, tuple) else isinstance(value, PLAIN)


def stands() -> tuple | None:
    """Return the key of the world that stands and nothing besides; () in an empty database; None otherwise."""
    forget_old()
    mark = written()
    return next((key for key, world in worlds.items() if world.mark == mark), None) if mark[0] else ()


def in_savepoints() -> bool:
    """Say whether this test is rolled back as a whole."""
    return bool(connection.atomic_blocks) and connection.atomic_blocks[0]._from_testcase


def written() -> tuple:
    """Return the number of this transaction if it has written, and a count that each further row changes."""
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        return cursor.fetchone()


def forget_old() -> None:
    now = time.monotonic()
    for key in [key for key, world in worlds.items() if world.until < now]:
        del worlds[key]


def build(make: Callable[[], Any], below: World | None) -> World:
    """Let the services make a world, check what the database checks at a commit, and undo it.

    It is forgotten together with the world below, whose rows it names.
    """
    with transaction.atomic():
        before = counts()
        made = make()
        connection.check_constraints()
        tables = [table for table, count in counts().items() if count != before.get(table)]
        rows = {table: read(table) for table in tables}
        transaction.set_rollback(True)
    return World(rows, made, below.until if below else time.monotonic() + LONGEST)


def counts() -> dict[str, int]:
    """Return how many rows of each table this transaction wrote, undone ones included."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: rows for table, rows in cursor.fetchall() if rows}


def read(table: str) -> str:
    file = StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table)), file)
    return file.getvalue()


def lay(world: World) -> None:
    """Give the tables of a world its rows, past the triggers."""
    names = {table: sql.Identifier(table) for table in world.rows}
    with connection.cursor() as cursor:
        emptied = [sql.SQL("DELETE FROM {}").format(name) for name in names.values()]
        cursor.execute(sql.SQL("; ").join([sql.SQL("SET LOCAL session_replication_role = replica"), *emptied]))
        for table, rows in world.rows.items():
            cursor.copy_expert(sql.SQL("COPY {} FROM STDIN").format(names[table]), StringIO(rows))
        cursor.execute("SET LOCAL session_replication_role = origin")
    world.mark = written()
