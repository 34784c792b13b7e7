"""Fixtures of the attacks."""

import pytest

from partnerships import limits
from tests.factories import PASSWORD
from tests.security.organisations import provider, says  # noqa: F401 (fixtures)


@pytest.fixture
def patient(monkeypatch, settings) -> None:
    """Let the site be asked as often as one likes; the limits have tests of their own."""
    monkeypatch.setattr(limits, "take", lambda *args: 0)
    monkeypatch.setattr(limits, "take_as", lambda *args: 0)
    monkeypatch.setattr(limits, "too_many", lambda *args: False)
    settings.ACCOUNT_RATE_LIMITS = False
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 60 * 60  # a fuzz takes its time


@pytest.fixture
def otto(cast):
    """Somebody who signs in with a password."""
    cast.outsider.set_password(PASSWORD)
    cast.outsider.save()
    return cast.outsider
