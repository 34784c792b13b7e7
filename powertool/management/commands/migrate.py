"""Django's `migrate`, as the owner of the tables; then every role gets its rights on what is new."""

from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.commands import migrate

from powertool.database_roles import as_owner


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> Any:
        """Run as the owner from the checks of the database on."""
        with as_owner():
            return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        try:
            call_command("roles", verbosity=options["verbosity"], stdout=self.stdout)
        except CommandError as error:
            self.stderr.write(f"Staff pages stay closed: {error}")
