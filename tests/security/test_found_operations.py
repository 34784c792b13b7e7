"""Nothing that people wrote leaves by the machine: not by the database server's log, not by the cache."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from powertool.checks import log_without_values

pytestmark = pytest.mark.django_db
LOG = Path(settings.TEST_VAR) / "log" / "postgres.log"
# What a trigger may say after its text: the class of the error and the rule's name.
RULE_ONLY = re.compile(r"(\s*(USING|,)\s*(ERRCODE|CONSTRAINT) = '\w+')*\s*")


def fail(statement: str, *parameters: object) -> None:
    """Run a statement that the database refuses."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def forbidden(cast) -> tuple[str, str]:
    """Return a text that no partnership may have as its name, and the name of the rule that says so."""
    marker, rule = f"Zaïra {uuid4().hex}", f"rule_{uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        condition = f"CHECK (name NOT LIKE '%{marker[-32:]}%') NOT VALID"
        cursor.execute(f"ALTER TABLE partnerships_partnership ADD CONSTRAINT {rule} {condition}")
    return marker, rule


def test_the_log_of_postgresql_quotes_no_raw_write(cast, forbidden):
    marker, rule = forbidden
    row = cast.partnership.pk
    fail("UPDATE partnerships_partnership SET name = %s WHERE id = %s", marker, row)
    fail("UPDATE partnerships_partnership SET context = %s, code = NULL WHERE id = %s", marker, row)
    fail("UPDATE partnerships_partnership SET context = %s, is_rehearsal = true WHERE id = %s", marker, row)
    fail("UPDATE partnerships_user SET name = %s, email = %s", marker, f"{marker[-32:]}@example.org")  # twice the same
    fail("SET LOCAL statement_timeout = '1ms'; SELECT pg_sleep(1), %s", marker)  # a statement that is ended
    fail("SELECT %s FROM nowhere", marker)
    written = LOG.read_text()
    assert rule in written
    assert "nowhere" in written
    assert marker[-32:] not in written


def test_the_log_of_postgresql_quotes_no_page(cast, forbidden):
    marker, rule = forbidden
    client = Client(raise_request_exception=False)
    client.force_login(cast.north_facilitator)
    page = reverse("partnerships:settings", args=[cast.partnership.code])
    sent = {
        "name": marker,
        "context": marker,
        "countries": "KE",
        "north_label": "",
        "south_label": "",
        "other_label": "",
    }
    assert client.post(page, sent).status_code == 500
    written = LOG.read_text()
    assert rule in written
    assert marker[-32:] not in written


def test_no_trigger_puts_a_value_into_its_error():
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        sources = dict(cursor.fetchall())
    raised = [
        (name, text, more)
        for name, source in sources.items()
        for text, more in re.findall(r"\bRAISE\s+\w+\s+'((?:[^']|'')*)'([^;]*);", source)
    ]
    assert len(raised) > 60
    assert len(raised) == sum(len(re.findall(r"\bRAISE\b", source)) for source in sources.values())
    assert [(name, text) for name, text, more in raised if "%" in text or not RULE_ONLY.fullmatch(more)] == []


def test_migrating_warns_where_the_log_would_quote_values():
    assert log_without_values(["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("SET log_error_verbosity = verbose")
        told = log_without_values(["default"])
        cursor.execute("RESET log_error_verbosity")
    assert [warning.msg for warning in told] == [
        "The log of PostgreSQL may quote private answers: set log_error_verbosity = terse."
    ]
