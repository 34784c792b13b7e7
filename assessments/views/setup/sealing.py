"""What the preview of an import hands back, signed, so that the server keeps nothing that nobody confirmed."""

from typing import Any

from django.core import signing
from django.http import HttpRequest

from partnerships.models import Partnership

A_DAY = 24 * 3600


def seal(request: HttpRequest, partnership: Partnership, held: dict[str, Any], salt: str) -> str:
    """Return a text for the page to hand back; it is good for this person and partnership."""
    whose = {"user": request.user.pk, "partnership": partnership.code}
    return signing.dumps(held | whose, salt=salt, compress=True)


def unseal(request: HttpRequest, partnership: Partnership, sealed: str, salt: str) -> dict[str, Any] | None:
    """Return what this person's preview held within the last day; None for any other text."""
    try:
        held = signing.loads(sealed, salt=salt, max_age=A_DAY)
    except signing.BadSignature:
        return None
    return held if (held["user"], held["partnership"]) == (request.user.pk, partnership.code) else None
