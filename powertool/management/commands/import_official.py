"""Import the sessions of the official web tool from its operator's dump."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.importing import official
from assessments.importing.official.parsing import read_choices
from assessments.importing.official.records import CHANGED, LEFT_OUT, Dump

COUNTED = ("partners", "decisions", "levels", "comments", "invitations")


class Command(BaseCommand):
    help = "Import the sessions of the official web tool from what its `manage.py dumpdata` wrote. See docs/moving.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="your name for that tool, the same at each import")
        parser.add_argument("--choices", type=Path, help="levels for cells that have none or several, as JSON")
        parser.add_argument("--check", action="store_true", help="only say what would come in")
        parser.add_argument("--invite", action="store_true", help="send the invitations that were never sent")

    def handle(self, *args: Any, **options: Any) -> None:
        dump = self._read(options["file"], options["choices"])
        if options["check"]:
            self.stdout.write(f"{len(dump.sessions)} sessions would come in. Nothing was written.")
        else:
            self._import(options["source"], dump)
        self._tell_issues(dump)
        if options["invite"] and not options["check"]:
            self.stdout.write(f"\nInvitations on their way: {official.send_invitations(options['source'])}.")

    def _read(self, file: Path, choices: Path | None) -> Dump:
        try:
            return official.parse_dump(file.read_bytes(), read_choices(choices.read_bytes()) if choices else None)
        except (OSError, official.BadDump) as error:
            raise CommandError(str(error)) from error

    def _import(self, source: str, dump: Dump) -> None:
        total: Counter[str] = Counter()
        for session in dump.sessions:
            made = official.import_session(source, session)
            if made is None:
                self.stdout.write(f"{session.key} {session.name}: was imported before, and is left as it is")
                continue
            counts = ", ".join(f"{made.counts.get(name, 0)} {name}" for name in COUNTED)
            kind = "rehearsal" if session.rehearsal else "partnership"
            self.stdout.write(f"{session.key} {session.name}: {kind} {made.partnership.code}, {made.stage}; {counts}")
            total.update(made.counts, sessions=1)
        self.stdout.write("\nCame in: " + ", ".join(f"{total[name]} {name}" for name in ("sessions", *COUNTED)) + ".")

    def _tell_issues(self, dump: Dump) -> None:
        for end, title in ((CHANGED, "Came in changed"), (LEFT_OUT, "Did not come in")):
            found = [issue for issue in dump.issues if issue.end == end]
            self.stdout.write(f"\n{title}: {len(found)}")
            for issue in found:
                self.stdout.write(f"  {issue}")
