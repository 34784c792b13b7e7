"""Room for calls that go deep, as a request through middleware, a view and nested templates does.

CPython takes 16 KB from the system when calls need more than it has, and before 3.13.13 gave them back with the first
return (python/cpython#142183). A loop whose calls cross that border then asks the system at each of them. Where it lies
is chance: run alone, the table of who may what took a fifth of its time there. Below a frame that claims much, all
calls fit into what came with it.
"""

from collections.abc import Callable
from typing import TypeVar

CLAIMED = 2**16  # words; memory is given by powers of two, so that as much again is there for the calls below

Result = TypeVar("Result")


def with_room(act: Callable[..., Result], *arguments: object) -> Result:
    """Return what a function returns for these arguments."""
    return act(*arguments)


with_room.__code__ = with_room.__code__.replace(co_stacksize=CLAIMED)
