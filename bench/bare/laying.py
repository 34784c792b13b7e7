"""`python -m bench.bare.laying` migrates the bare project and prints the session of somebody who has signed in."""

import sys

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    from django.contrib.auth.models import User
    from django.test import Client

    call_command("migrate", verbosity=0, interactive=False)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.create_user("ama"))  # type: ignore[arg-type]  # of Django, not of the site
    sys.stdout.write(client.session.session_key or "")


if __name__ == "__main__":
    main()
