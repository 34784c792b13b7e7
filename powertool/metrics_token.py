"""Who may read /metrics."""

from hmac import compare_digest

from django.conf import settings


def is_known(authorization: str) -> bool:
    """Return whether a request has the token for metrics. Without a token in the settings, none has."""
    token = settings.METRICS_TOKEN
    return bool(token) and compare_digest(authorization.encode(), f"Bearer {token}".encode())
