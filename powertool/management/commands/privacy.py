from django.core.management.base import BaseCommand
from django.utils import translation

from powertool.privacy.words import markdown


class Command(BaseCommand):
    help = "Print docs/privacy.md, drawn from the inventory of what is kept about people."

    def handle(self, **options) -> None:
        with translation.override("en"):
            self.stdout.write(markdown(), ending="")
