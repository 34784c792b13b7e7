"""An organisation's provider as a process of its own, and how tests tell it what to say next."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.conf import settings as site

from tests.openid_provider import CLIENT, SECRET

LIST = "/accounts/organisation/"
BEGIN, BACK = f"{LIST}oxfam/", f"{LIST}oxfam/callback/"
ADA = {"sub": "ada", "email": "ada@oxfam.example", "email_verified": True, "name": "Ada"}


def configured(address: str) -> dict[str, Any]:
    """Return the settings of one provider at an address, trusted for oxfam.example."""
    of_provider = {"server_url": address, "pages": address, "domains": ["oxfam.example"]}
    app = {"provider_id": "oxfam", "name": "Oxfam", "client_id": CLIENT, "secret": SECRET, "settings": of_provider}
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Return the address of a running provider."""
    command = [sys.executable, "-m", "tests.openid_provider"]
    process = subprocess.Popen(command, cwd=site.BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout
    yield process.stdout.readline().strip()
    process.kill()
    process.wait()


@pytest.fixture
def says(provider, settings) -> Callable[..., None]:
    """Configure the provider, and return what tells it what to say next."""
    settings.SOCIALACCOUNT_PROVIDERS = configured(provider)

    def say(claims: dict, **more) -> None:
        requests.post(f"{provider}/next", json={"claims": claims} | more, timeout=10).raise_for_status()

    say(ADA)
    return say
