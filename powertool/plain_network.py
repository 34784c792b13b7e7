"""Whether what the site tells its database and Redis would cross a network unencrypted."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

ENCRYPTED = ("require", "verify-ca", "verify-full")  # of PostgreSQL's `sslmode`


def database_is_plain(database: dict[str, Any]) -> bool:
    """Return whether a connection to this database goes to another machine without TLS."""
    return is_elsewhere(database["HOST"]) and database.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED


def redis_is_plain(url: str) -> bool:
    """Return whether a connection to this Redis goes to another machine without TLS."""
    parts = urlsplit(url)
    return parts.scheme == "redis" and is_elsewhere(parts.hostname or "")


def is_elsewhere(host: str) -> bool:
    """Return whether a host is reached over a network: no socket, not this machine, no name of a container."""
    if host.startswith("/") or "%2f" in host.lower():
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return "." in host
