"""A pool of connections in front of PostgreSQL is found and needs its setting; owners pass it by.

PgBouncer itself is in `make containers`. Here a relay does the one thing by which a pool is found: who connects is
told of another process than the one that answers.
"""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.conf import settings as configured
from django.core.management import CommandError
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from powertool import checks, database_roles, health

pytestmark = pytest.mark.django_db
KEY = re.compile(rb"K\x00\x00\x00\x0c.{8}", re.DOTALL)  # the process and its secret, as PostgreSQL tells them
APPS = ("powertool", "partnerships", "assessments", "community")
OUTLIVES = re.compile(
    r"pg_(try_)?advisory_lock|pg_notify|\bLISTEN \w|\bCREATE TEMP|\bPREPARE \w|\bDECLARE \w+ CURSOR"
    r"|\bSET (SESSION|ROLE)\b|set_config\([^)]*\bfalse\)"
)


def relay(listener: socket.socket) -> None:
    """Carry one connection to PostgreSQL, and tell the client of another process."""
    at = connection.settings_dict
    try:
        client, _address = listener.accept()
    except OSError:  # the test ends, and nobody has connected
        return
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{at['HOST']}/.s.PGSQL.{at['PORT'] or 5432}")
    threading.Thread(target=carry, args=(client, server), daemon=True).start()
    carry(server, client, KEY)


def carry(source: socket.socket, target: socket.socket, hidden: re.Pattern[bytes] | None = None) -> None:
    with suppress(OSError), target:
        while data := source.recv(65536):
            target.sendall(hidden.sub(b"K\x00\x00\x00\x0c" + b"\x01" * 8, data) if hidden else data)


@pytest.fixture
def pooled() -> Iterator[BaseDatabaseWrapper]:
    """A connection that goes through the relay."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=relay, args=(listener,), daemon=True).start()
        through = connection.copy()
        through.settings_dict |= {"HOST": "127.0.0.1", "PORT": listener.getsockname()[1]}
        yield through
        through.close()
        listener.shutdown(socket.SHUT_RDWR)


def test_a_pool_is_found_and_postgresql_itself_is_none(pooled):
    assert checks.is_pooled(pooled)
    assert not checks.is_pooled(connection)


@pytest.mark.parametrize(("is_set", "status", "waits_for"), [(False, 503, "DATABASE_POOLED"), (True, 200, None)])
def test_a_pool_without_its_setting_gets_no_visitors(client, monkeypatch, pooled, is_set, status, waits_for):
    pooled.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = is_set
    monkeypatch.setattr(health, "_has_all", False)
    monkeypatch.setattr(health, "connection", pooled)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json().get("waits_for")) == (status, waits_for)


@pytest.mark.parametrize(("is_set", "errors"), [(False, ["powertool.E001"]), (True, [])])
def test_the_check_names_a_pool_without_its_setting(monkeypatch, pooled, is_set, errors):
    pooled.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = is_set
    monkeypatch.setattr(checks, "connections", {"default": pooled})
    assert [error.id for error in checks.pool_without_its_setting(["default"])] == errors


@pytest.mark.parametrize("names_owner", [False, True])
def test_what_the_owner_does_goes_through_no_pool(settings, monkeypatch, pooled, names_owner):
    settings.OWNER_DATABASE = dict(pooled.settings_dict) if names_owner else None
    monkeypatch.setattr(database_roles, "connection", pooled)
    with pytest.raises(CommandError, match="OWNER_DATABASE_URL"), database_roles.as_owner():
        raise AssertionError("not reached")


def test_the_owner_passes_the_pool_by(settings, monkeypatch, pooled):
    settings.OWNER_DATABASE = dict(connection.settings_dict)
    monkeypatch.setattr(database_roles, "connection", pooled)
    with database_roles.as_owner():
        assert not checks.is_pooled(pooled)


def test_nothing_of_the_code_outlives_its_transaction():
    found = [
        f"{path.relative_to(configured.BASE_DIR)}: {match.group()}"
        for app in APPS
        for path in (configured.BASE_DIR / app).rglob("*.py")
        for match in OUTLIVES.finditer(path.read_text())
    ]
    assert found == []
