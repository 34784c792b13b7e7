"""Notifications: something a person should know, in the app and by e-mail. Each app owns the texts of its kinds."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.locales import isolated
from partnerships.mail_texts import render_mail
from partnerships.models import Notification, User

# What people wrote, in the context of notifications: each is kept from mixing with the sentence around it.
WRITTEN = {
    *("name", "partnership", "assessment", "decision", "action", "owner", "place", "trusted", "role"),
    *("title", "paper", "group", "reason"),
}
# By app: what returns the address that unsubscribes from e-mails like this one. Others cannot be turned off.
UNSUBSCRIBE_ADDRESSES: dict[str, Callable[[Notification], str]] = {}


def notify(
    kind: str, recipients: Iterable[User], url: str = "", dedupe: str = "", *, mail: bool = True, **context: Any
) -> None:
    """Write a notification to each recipient; the same `dedupe` reaches a person once per kind.

    The text of kind `<app>.<name>` is `templates/<app>/notifications/<name>.txt`: the subject's line, then the body.
    `mail=False` is for what was mailed in another way. Call it inside the transaction that makes it true.
    """
    mailed_at = None if mail else timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(recipient=user, kind=kind, url=url, context=context, dedupe=dedupe, mailed_at=mailed_at)
            for user in recipients
        ],
        ignore_conflicts=True,
    )


def render_notification(notification: Notification) -> tuple[str, str]:
    """Return a notification's subject and body, in the active language."""
    app, name = notification.kind.split(".", 1)
    # Plain text: escaping for HTML is the business of the page that shows it.
    facts = {key: _fact(key, fact) for key, fact in notification.context.items()}
    return render_mail(f"{app}/notifications/{name}.txt", {**facts, "notification": notification})


def _fact(key: str, fact: Any) -> Any:
    """Return a value for the text of a notification: on one line, and isolated if somebody wrote it."""
    if not isinstance(fact, str):
        return fact
    line = " ".join(fact.split())
    return isolated(line) if line and key in WRITTEN else line


def mail_notification(notification: Notification) -> None:
    """Send one notification by e-mail, in its recipient's language."""
    user = notification.recipient
    address = unsubscribe_address(notification)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject, body = render_notification(notification)
        link = f"\n\n{settings.BASE_URL}{notification.url}" if notification.url else ""
        footer = "\n\n-- \n" + _("Stop e-mails like this: %(address)s") % {"address": address} if address else ""
    headers = unsubscribe_headers(address) if address else {}
    EmailMessage(subject, f"{body}{link}{footer}\n", to=[user.email or ""], headers=headers).send()


def unsubscribe_address(notification: Notification) -> str:
    """Return the address that stops e-mails like this one, or "" where they cannot be stopped."""
    app = notification.kind.split(".", 1)[0]
    address_of = UNSUBSCRIBE_ADDRESSES.get(app)
    return address_of(notification) if address_of else ""


def unsubscribe_headers(address: str) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe in one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
