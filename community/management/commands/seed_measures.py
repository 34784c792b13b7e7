"""Fill the inventory of measures with its first list."""

from django.core.management.base import BaseCommand

from community.services.measures import seed


class Command(BaseCommand):
    help = "Add the first 21 measures, with their sources, to the inventory. Those that are there are left as they are."

    def handle(self, *args, **options) -> None:
        made = seed.seed()
        self.stdout.write(f"{made} measures were added." if made else "All measures were there already.")
