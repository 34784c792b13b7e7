"""Tasks, sent by name once the transaction is through. The message only makes it fast: beat sweeps the rows."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def send_soon() -> None:
    """Ask a worker to mail what is waiting, when the rows are committed."""
    transaction.on_commit(_send, robust=True)


def _send() -> None:
    try:
        current_app.send_task("partnerships.tasks.send_notices", retry=False)
    except OperationalError:
        log.warning("The broker is away; beat will mail what waits.")
