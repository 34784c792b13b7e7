"""A mail that a person waits for, while the mail server is away."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


class MailAway(Exception):
    """The mail that somebody asked for did not go out."""


class SendsNow:
    """For an account adapter: raises MailAway where a mail does not go out."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().send_mail(*args, **kwargs)  # type: ignore[misc]
        except (SMTPException, OSError) as error:
            log.warning("A mail that somebody waits for did not go out (%s)", type(error).__name__)
            raise MailAway from error


class SaysThatMailIsAway:
    """Answers with a page that says so. What was saved before stays, so that the person can ask for the mail again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MailAway):
            return None
        response = render(request, "mail_away.html", status=503)
        response.headers["Retry-After"] = "300"
        return response
