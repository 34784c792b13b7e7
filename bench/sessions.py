"""Signing people in without a form."""

from django.test import Client

from partnerships.models import User


def session_of(user: User) -> str:
    """Sign somebody in, and return the key of the session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.session.session_key or ""
