"""Load the example that everyone can look at without an account."""

from django.core.management.base import BaseCommand

from powertool.demo import example


class Command(BaseCommand):
    help = "Load the invented example at /example/, once. It has no members and is counted nowhere."

    def handle(self, *args, **options) -> None:
        self.stdout.write("The example is loaded." if example.load() else "The example was there already.")
