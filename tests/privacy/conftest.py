from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """The person of these tests reads French; what her pages leave behind reaches no other test."""
    with translation.override("en"):
        yield
