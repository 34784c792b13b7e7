"""Named points at which a process kills itself, once, when an order lies there: like a machine that loses its power.

An order is a file with the point's name. It holds a piece of SQL, or the name of a task, and whether only this process
dies or all of its group. A process takes the order away before it dies, so that the next one lives.
"""

import json
import os
import signal
from pathlib import Path
from typing import Any

from celery import signals
from django.apps import AppConfig
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

BEFORE_COMMIT, AFTER_COMMIT = "before-commit", "after-commit"  # after: before anything is sent for it
AFTER_PUBLISH, BEFORE_ACKNOWLEDGEMENT = "after-publish", "before-acknowledgement"


def order(folder: Path, point: str, about: str, everybody: bool = False) -> Path:
    """Lay the order that whoever comes to this point with this dies; return its file, which is gone once it did."""
    unfinished = folder / f"{point}.unfinished"
    unfinished.write_text(json.dumps([about, everybody]))
    return unfinished.rename(folder / point)


def obey(point: str, now: str) -> None:
    """Die here, if the order is for what happens now."""
    found = settings.DIE_IN / point
    try:
        about, everybody = json.loads(found.read_text())
        if about not in now:
            return
        found.unlink()
    except FileNotFoundError:  # there is none, or another process was faster
        return
    if everybody:
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


class Points(AppConfig):
    name = "tests.faults.points"

    def ready(self) -> None:
        connection_created.connect(listen)
        signals.after_task_publish.connect(published)
        signals.task_postrun.connect(ran)
        commit = BaseDatabaseWrapper._commit

        def committed(self: BaseDatabaseWrapper) -> None:
            said = " ".join(self.said)  # type: ignore[attr-defined]
            self.said.clear()  # type: ignore[attr-defined]
            obey(BEFORE_COMMIT, said)
            commit(self)
            obey(AFTER_COMMIT, said)

        BaseDatabaseWrapper._commit = committed  # type: ignore[method-assign]


def listen(connection: BaseDatabaseWrapper, **about: Any) -> None:
    """Keep what a connection says, until it commits."""
    connection.said = said = []  # type: ignore[attr-defined]

    def heard(execute: Any, sql: str, params: Any, many: bool, context: dict) -> Any:
        said.append(sql if connection.in_atomic_block else "")
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(heard)


def published(sender: str, **about: Any) -> None:
    obey(AFTER_PUBLISH, sender)


def ran(task: Any, **about: Any) -> None:
    obey(BEFORE_ACKNOWLEDGEMENT, task.name)
