"""Notices: something a person should know, in the app and by mail. Each app owns the words of its kinds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import loader
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.models import Notice, User

# What gives the address that stops mails like a notice's by one click. An app whose mails can be stopped adds its own.
STOPS: dict[str, Callable[[Notice], str]] = {}


def notify(
    kind: str, recipients: Iterable[User], url: str = "", dedupe: str = "", *, mail: bool = True, **context: Any
) -> None:
    """Write a notice to each recipient; the same `dedupe` reaches a person once per kind.

    The words of kind `<app>.<name>` live in `templates/<app>/notifications/<name>.txt`: first line the subject, then text.
    `mail=False` is for what was mailed in another way. Call it inside the transaction that makes it true.
    """
    mailed_at = None if mail else timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(recipient=user, kind=kind, url=url, context=context, dedupe=dedupe, mailed_at=mailed_at)
            for user in recipients
        ],
        ignore_conflicts=True,
    )


def words(notice: Notice) -> tuple[str, str]:
    """Return a notice's subject and text, in the active language."""
    app, name = notice.kind.split(".", 1)
    # Plain text: escaping for HTML is the business of the page that shows it.
    facts = {key: " ".join(fact.split()) if isinstance(fact, str) else fact for key, fact in notice.context.items()}
    text = loader.render_to_string(f"{app}/notifications/{name}.txt", {**facts, "notice": notice}).strip()
    subject, _newline, body = text.partition("\n")
    return " ".join(subject.split()), body.strip()


def mail_notice(notice: Notice) -> None:
    """Send one notice's mail in its recipient's language."""
    user = notice.recipient
    stop = STOPS.get(notice.kind.split(".", 1)[0], no_stop)(notice)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject, body = words(notice)
        link = f"\n\n{settings.BASE_URL}{notice.url}" if notice.url else ""
        end = "\n\n-- \n" + _("No more mails like this: %(address)s") % {"address": stop} if stop else ""
    headers = stop_headers(stop) if stop else {}
    EmailMessage(subject, f"{body}{link}{end}\n", to=[user.email or ""], headers=headers).send()


def no_stop(notice: Notice) -> str:
    return ""


def stop_headers(address: str) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe in one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
