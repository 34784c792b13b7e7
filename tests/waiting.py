"""Waiting for something that another process does: polling with a deadline, never a sleep for luck."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def wait_until(predicate: Callable[[], Found], seconds: float = 60, what: str = "") -> Found:
    """Return the first true value of `predicate`; fail with its last value after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (value := predicate()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {seconds} s: {what or predicate!r} (last value {value!r})")
        time.sleep(0.05)
    return value
