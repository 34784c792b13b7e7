"""A real PostgreSQL and a real Redis from wheels, for a newcomer's machine and for tests (POWERTOOL_LOCAL=1)."""

import secrets
from pathlib import Path

from environs import Env


def defaults(var: Path, env: Env) -> tuple[str, str, str]:
    """Return the URLs of the database and of Redis and the secret key, where the owner process has not handed them down."""
    return (
        env.str("DATABASE_URL", "postgres:///powertool"),
        env.str("REDIS_URL", "redis://localhost:6379/0"),
        env.str("SECRET_KEY", secrets.token_urlsafe(50)),
    )
