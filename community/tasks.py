"""The daily mail. What waits is a row, so a run that was killed is made up by the next."""

import logging
from smtplib import SMTPException

from celery import shared_task

from community.services import telling

log = logging.getLogger(__name__)


@shared_task
def send_digests() -> int:
    """Send the daily mail to everybody for whom something waits; return how many went out."""
    return sum(send_one(user) for user in telling.waiting_for_digest())


def send_one(user: int) -> bool:
    try:
        return telling.send_digest(user)
    except (SMTPException, OSError):
        log.exception("A daily mail did not go out; the next run tries again (user %s)", user)
        return False
