"""Bring a backup into an empty database and an empty media folder."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from powertool import backup
from powertool.database_roles import as_owner


class Command(BaseCommand):
    help = "Bring a backup into an empty database and an empty media folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        path = file.absolute()
        try:
            with as_owner():
                backup.restore(path)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        call_command("roles")
        self.stdout.write(f"The backup of {path} is in place. Now: manage.py migrate")
