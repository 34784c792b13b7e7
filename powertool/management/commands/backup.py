"""Write the database and the media files into one file (private answers included: guard it)."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from powertool import backup
from powertool.database_roles import as_owner


class Command(BaseCommand):
    help = "Write the database and the media files into one file (private answers included: guard it)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        path = file.absolute()
        try:
            with as_owner():
                backup.make(path)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The backup is in {path}.")
