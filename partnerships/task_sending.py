"""Sends tasks to the Celery workers. A message only makes work fast: pending work is a row, which beat finds."""

import logging
from functools import lru_cache

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)


def send_task(name: str, *args: object) -> bool:
    """Send a task by name; return False at once, with a line in the log, where Redis is away."""
    try:
        _client(settings.REDIS_URL).ping()
        current_app.send_task(name, args=args, retry=False, queue=settings.CELERY_TASK_DEFAULT_QUEUE)
    except (redis.RedisError, OperationalError, OSError) as error:
        log.warning("The broker is away (%s); the next sweep does %s %s.", type(error).__name__, name, args)
        return False
    return True


def send_on_commit(name: str, *args: object) -> None:
    """Send a task once the running transaction is committed."""
    transaction.on_commit(lambda: send_task(name, *args), robust=True)


def broker_answers() -> bool:
    """Return whether Redis answers within a second."""
    try:
        return bool(_client(settings.REDIS_URL).ping())
    except (redis.RedisError, OSError):
        return False


def queue_depth() -> tuple[int, int]:
    """Return how many messages wait in the queue, and how many are being worked on. Raise RedisError without Redis."""
    client = _client(settings.REDIS_URL)
    return int(client.llen(settings.CELERY_TASK_DEFAULT_QUEUE)), int(client.hlen("unacked"))


@lru_cache
def _client(url: str) -> redis.Redis:
    """Return a client that says at once whether Redis is there; Celery's own tries for seconds while a person waits."""
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0))
