"""Pages with the e-mails that the site has sent, for trying it out locally (only with POWERTOOL_LOCAL=1)."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

NEWEST = 200
BETWEEN = b"\n" + b"-" * 79 + b"\n"  # what Django's backend writes after each message of a file


@dataclass(frozen=True)
class Mail:
    """A message that was written to the folder instead of being sent."""

    file: str
    number: int
    message: EmailMessage

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def sent_at(self) -> datetime:
        return parsedate_to_datetime(str(self.message["Date"]))

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""


def parse_file(file: Path) -> list[Mail]:
    """Return the messages of a file, the newest first."""
    parts = [part for part in file.read_bytes().split(BETWEEN) if part.strip()]
    messages = [message_from_bytes(part, policy=policy.default) for part in parts]
    return [Mail(file.stem, number, message) for number, message in enumerate(messages)][::-1]


def files() -> list[Path]:
    """Return the newest files of the folder, the newest first."""
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """List the newest mails."""
    newest = [mail for file in files()[:NEWEST] for mail in parse_file(file)]
    return render(request, "local/mails.html", {"mails": newest[:NEWEST]})


@require_safe
def mail(request: HttpRequest, file: str, number: int) -> HttpResponse:
    """Show one mail with its links."""
    for candidate in files():
        if candidate.stem == file:
            shown = [mail for mail in parse_file(candidate) if mail.number == number]
            if shown:
                return render(request, "local/mail.html", {"mail": shown[0]})
    raise Http404


urlpatterns = [path("", mails, name="local-mail"), path("<str:file>/<int:number>/", mail, name="local-mail-message")]
