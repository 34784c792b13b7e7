"""A view and a log line that fail with somebody's words; the test of Sentry starts this as a process of its own."""

import logging
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "powertool.settings")

if __name__ == "__main__":
    django.setup()

import sentry_sdk
from django.http import HttpRequest, HttpResponse
from django.urls import path


def breaks(request: HttpRequest, code: str) -> HttpResponse:
    said = request.POST["said"]
    try:
        raise KeyError(said)
    except KeyError as error:
        raise ValueError(f"{said} cannot be saved") from error


def sorry(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(status=400 if exception else 500)


handler400 = handler500 = sorry
urlpatterns = [path("breaks/<slug:code>/", breaks)]


def main() -> None:
    from django.conf import settings
    from django.test import Client

    settings.ROOT_URLCONF = "tests.operations.breaking"
    client = Client(raise_request_exception=False, headers={"host": "power.example.org", "user-agent": "SECRETWORD"})
    client.cookies["sessionid"] = "SECRETWORD"
    answer = client.post("/breaks/SECRETWORD/?q=SECRETWORD", {"said": "SECRETWORD"}, secure=True)
    assert answer.status_code == 500, answer.status_code
    logging.getLogger("community.tasks").error("The mail to %s did not go out", "SECRETWORD@example.org")
    client.get("/", headers={"host": "SECRETWORD.example.org"}, secure=True)
    sentry_sdk.flush(10)


if __name__ == "__main__":
    main()
