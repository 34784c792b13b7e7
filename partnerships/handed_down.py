"""What an app above gives to one below, which may not import it: a look-up, handed down in `AppConfig.ready`."""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class LookUp(Generic[P, T]):
    """A look-up that finds nothing until the app above has handed it down."""

    def __init__(self) -> None:
        self._found_by: Callable[P, list[T]] | None = None

    def hand_down(self, found_by: Callable[P, list[T]]) -> None:
        """Take the look-up from the app that maintains what it finds."""
        self._found_by = found_by

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        return self._found_by(*args, **kwargs) if self._found_by else []
