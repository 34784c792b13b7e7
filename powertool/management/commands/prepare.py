"""`manage.py prepare`: what a release needs before its web servers and workers start. Again, nothing happens."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import BaseCommand, call_command
from django.db import connections

from powertool import static_files
from powertool.checks import refuse_data_of_0_1
from powertool.database_roles import as_owner


class Command(BaseCommand):
    help = "Keep this release's style sheets and scripts, and migrate the database; machines take turns."

    def handle(self, *args: object, **options: object) -> None:
        static_files.store_release()
        with as_owner(), alone():
            refuse_data_of_0_1()
            call_command("migrate", interactive=False)


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other machine migrates. The lock ends with its transaction, also through a pool of connections."""
    guard = connections.create_connection("default")
    try:
        guard.set_autocommit(False)
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('powertool.prepare'))")
        yield
    finally:
        guard.close()
