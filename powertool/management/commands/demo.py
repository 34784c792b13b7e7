"""Load the demo of `powertool.demo`, and print the accounts for each role."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from powertool import demo
from powertool.demo.factories import PASSWORD
from powertool.demo.people import ACCOUNTS


class Command(BaseCommand):
    help = "Load partnerships to look at (once), and print the accounts that go with them."

    def handle(self, *args, **options) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo has a password that everybody knows; it loads with POWERTOOL_LOCAL=1 only.")
        loaded = demo.load()
        self.stdout.write("The demo is loaded." if loaded else "The demo was there already.")
        for email, role in ACCOUNTS.items():
            self.stdout.write(f"  {email:22} {role}")
        self.stdout.write(f"  password for all: {PASSWORD}")
