"""Signing people in without a form."""

from django.test import Client

from assessments.models import Assessment, Stage
from partnerships.models import User

FACILITATOR = "noor@demo.example"


def session_of(user: User) -> str:
    """Sign somebody in, and return the key of the session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.session.session_key or ""


def closed_in_demo() -> tuple[Assessment, str]:
    """Return the demo's newest closed assessment, and the key of a session of its facilitator."""
    noor = User.objects.get(email=FACILITATOR)
    own = Assessment.objects.filter(stage=Stage.CLOSED, partnership__memberships__user=noor)
    return own.latest("created_at"), session_of(noor)
