"""Make the database's roles and give each its rights, as docs/operations.md describes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from powertool import database_roles


class Command(BaseCommand):
    help = "Make the database's roles and give each its rights. Again, nothing changes."

    def handle(self, *args: object, **options: Any) -> None:
        try:
            database_roles.lay()
        except Error as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database refuses: {reason}. The owner needs the right CREATEROLE.") from error
        if options["verbosity"]:
            self.stdout.write("The database's roles are in place.")
