"""Who may read /metrics."""

from hmac import compare_digest

from django.conf import settings


def is_known(authorization: str) -> bool:
    """Say whether a request carries the token for metrics; without a token set, nobody is known."""
    token = settings.METRICS_TOKEN
    return bool(token) and compare_digest(authorization.encode(), f"Bearer {token}".encode())
