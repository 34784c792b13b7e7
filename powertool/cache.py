"""The cache: Redis, or the memory of this process while Redis is away. Both store JSON, which cannot run code."""

import json
import logging
import time
from functools import partialmethod
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from django_redis.serializers.base import BaseSerializer
from redis.exceptions import RedisError

REST = 5  # seconds before Redis is asked again

logger = logging.getLogger(__name__)


class Json(BaseSerializer):
    """A JSON serializer that refuses values which would change, such as tuples and keys that are numbers."""

    def dumps(self, value: Any) -> bytes:
        text = json.dumps(value, allow_nan=False)
        if json.loads(text) != value:
            raise TypeError(f"A {type(value).__name__} does not come back from the cache as it was")
        return text.encode()

    def loads(self, value: bytes) -> Any:
        return json.loads(value)


class Spare(LocMemCache):
    """The memory of this process, which accepts and refuses the same values as Redis."""

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        return super().add(key, as_kept(value), *args, **kwargs)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        super().set(key, as_kept(value), *args, **kwargs)


def as_kept(value: Any) -> Any:
    """Return a value as Redis would give it back."""
    serializer = Json({})
    return serializer.loads(serializer.dumps(value))


class Cache(RedisCache):
    """Redis. While it is away, limits hold per process, and no request waits for it."""

    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.spare = Spare("spare", params)

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
