"""Two writes at once, without luck: the second starts while the first one's transaction is open."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

from tests.waiting import wait_until


def while_held(first: Callable[[], object], second: Callable[[], object]) -> object:
    """Run `first`, start `second` before the first commits, and return what the second gave, or its exception."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(second())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_until(lambda: blocked() or not thread.is_alive(), what="the second write waits or is through")
    thread.join(20)
    return outcome[0]


def blocked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0
