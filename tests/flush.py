"""Empty what the next test must not find: the caches, and the tables after a test that commits.

Django's `flush` takes ten times as long, although most tables are empty already.
"""

from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache as shared_cache
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg2 import sql

# `flush` empties these too, and then makes the same rows again.
KEPT = {ContentType._meta.db_table, Permission._meta.db_table}


@cache
def tables() -> tuple[str, ...]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(names) - KEPT))


def empty_tables() -> None:
    """Delete all rows past the triggers; like TRUNCATE, wait first until no other transaction uses a table."""
    names = sql.SQL(", ").join(map(sql.Identifier, tables()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
        cursor.execute("SET LOCAL session_replication_role = replica")
        emptied = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables()]
        cursor.execute(sql.SQL("; ").join(emptied))


def replace_flush() -> None:
    """End each transactional test of this process with `empty_tables`."""
    TransactionTestCase._fixture_teardown = lambda self: empty_tables()  # type: ignore[method-assign]


def empty_caches() -> None:
    """Forget rate limits and cached pages; the broker's keys, which have no prefix, stay."""
    shared_cache.delete_pattern("*")
    caches["process"].clear()
