"""Several people acting at the same moment, on connections of their own to the real PostgreSQL."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def together(*acts: Callable[[], object]) -> list[object]:
    """Start all acts at once and return what each returned or raised, in their order."""
    start = threading.Barrier(len(acts))

    def act(what: Callable[[], object]) -> object:
        start.wait(timeout=20)
        try:
            return what()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))
