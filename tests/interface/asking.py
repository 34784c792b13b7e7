"""Programs that ask the interface, for its tests."""

import uuid

from django.test import Client
from django.urls import reverse

from partnerships.models import User
from partnerships.services import tokens


def token_of(user: User, days: int = 30) -> str:
    return tokens.make(user, "a program", days, uuid.uuid4())


def ask(name: str, *args: str, token: str = "", query: dict | None = None, method: str = "get", **headers: str):
    """Ask for an address by its name, as a program without cookies does."""
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return getattr(Client(), method)(reverse(f"api:{name}", args=args), query or {}, headers=headers)
