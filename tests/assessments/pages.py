"""Pages of an assessment: their addresses, somebody's browser, and what a page says."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from partnerships.access import MemberRoles, member_roles_of


def as_(person) -> Client:
    """Return a browser in which a person is signed in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def roles_of(cast, name: str) -> MemberRoles:
    return member_roles_of(getattr(cast, name), cast.partnership)


def url(assessment, name: str, *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


def words(response) -> str:
    """Return what a page says, as one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())
