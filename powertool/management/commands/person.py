import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.models import User
from partnerships.services import confirmed_addresses
from partnerships.services.refusal import Refused
from powertool.privacy import erasure, export


class Command(BaseCommand):
    help = (
        "For requests that reach the operators: write everything that is kept about a person to standard output as a "
        "ZIP archive, or erase her. Make sure first that it is she who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["export", "erase"])
        parser.add_argument(
            "who", help="an e-mail address that she has confirmed, or the number in the address of her staff page"
        )

    def handle(self, act: str, who: str, **options: Any) -> None:
        by_number = who.isascii() and who.isdecimal()
        accounts = User.objects.filter(pk=int(who)) if by_number else confirmed_addresses.accounts_of(who)
        user = accounts.filter(pretend_in=None).first()
        if user is None:
            raise CommandError("Nobody is known by this.")
        if act == "export":
            with export.make_archive(user) as file:
                sys.stdout.buffer.write(file.read())
            return
        try:
            erasure.erase_person(user)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Erased.")
