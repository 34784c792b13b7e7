from django.core.management.base import BaseCommand
from django.utils import translation

from powertool.privacy.register import markdown


class Command(BaseCommand):
    help = "Print docs/privacy.md, the personal data register."

    def handle(self, **options) -> None:
        with translation.override("en"):
            self.stdout.write(markdown(), ending="")
