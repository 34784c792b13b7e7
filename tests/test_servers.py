"""The ground that the other tests stand on: the servers are real, and this run's own."""

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from psycopg2 import sql

from partnerships.models import User
from tests import flush
from tests.assessments.making import closed
from tests.tasks import name_user
from tests.waiting import wait_until


@pytest.mark.django_db
def test_database_is_a_real_postgresql_18_of_this_run():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('data_directory'), current_database()"
        )
        version, folder, name = cursor.fetchone()
    assert version >= 180000
    assert folder == str(settings.TEST_VAR / "postgres")
    assert name == f"test_{settings.WORKER}"


@pytest.mark.django_db
def test_cache_is_a_real_redis(broker: redis.Redis):
    cache.set("colour", "green")
    assert [key for key in broker.scan_iter() if b"colour" in key]
    assert cache.get("colour") == "green"


@pytest.mark.django_db(transaction=True)
def test_celery_worker_is_a_process_of_its_own_on_this_database(celery_worker):
    user = User.objects.create_user("ama@example.org")
    name_user.delay(user.pk)
    assert wait_until(lambda: User.objects.get(pk=user.pk).name) == "named by the worker"


def filled(cursor) -> set[str]:
    """Return the tables that have rows."""
    found = set()
    for table in flush.tables():
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
        if cursor.fetchone() == (True,):
            found.add(table)
    return found


@pytest.mark.django_db(transaction=True)
def test_no_row_of_a_test_that_commits_is_left(cast):
    closed(cast)
    with connection.cursor() as cursor:
        assert filled(cursor) > {"partnerships_user", "assessments_agreedresult"}
        flush.empty_tables()
        assert filled(cursor) == set()
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",), "the triggers are on again"
