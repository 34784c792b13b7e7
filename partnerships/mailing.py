"""Showing a person who waits for an e-mail that the mail server is unavailable."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


class MailUnavailable(Exception):
    """The e-mail that a person asked for could not be sent."""


class RaisesMailUnavailable:
    """For an account adapter: raises MailUnavailable where an e-mail cannot be sent."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().send_mail(*args, **kwargs)  # type: ignore[misc]
        except (SMTPException, OSError) as error:
            log.warning("A mail that somebody waits for did not go out (%s)", type(error).__name__)
            raise MailUnavailable from error


class ShowMailUnavailable:
    """Show a page that says so, with status 503. What was saved stays, so that the person can ask again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MailUnavailable):
            return None
        response = render(request, "mail_away.html", status=503)
        response.headers["Retry-After"] = "300"
        return response
