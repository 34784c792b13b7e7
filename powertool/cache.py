"""The cache: Redis, and while it is away this process's own memory."""

import logging
import time
from functools import partialmethod
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

REST = 5  # seconds before Redis is asked again

logger = logging.getLogger(__name__)


class Cache(RedisCache):
    """Redis; without it, the limits on signing in hold per process, and nobody waits for a server that is not there."""

    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.spare = LocMemCache("spare", params)

    def ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= Cache.away_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except (RedisError, OSError) as error:
                Cache.away_until = time.monotonic() + REST
                logger.warning("Redis does not answer (%s); this process remembers by itself", error)
        return getattr(self.spare, method)(*args, **kwargs)

    add = partialmethod(ask, "add")
    get = partialmethod(ask, "get")
    set = partialmethod(ask, "set")
    touch = partialmethod(ask, "touch")
    delete = partialmethod(ask, "delete")
    incr = partialmethod(ask, "incr")
    decr = partialmethod(ask, "decr")
    has_key = partialmethod(ask, "has_key")
    get_many = partialmethod(ask, "get_many")
    set_many = partialmethod(ask, "set_many")
    delete_many = partialmethod(ask, "delete_many")
