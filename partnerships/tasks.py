"""Sending notifications and invitations by e-mail. Each waits as a row, so that a killed worker loses none."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from smtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected
from typing import Any

from celery import shared_task
from django.db import models, transaction
from django.utils import timezone

from partnerships.models import Invitation, Notification
from partnerships.notifications import mail_notification
from partnerships.services import mail_invitation

log = logging.getLogger(__name__)
GIVE_UP = timedelta(days=3)


@shared_task
def send_notifications() -> int:
    """Mail the notifications and invitations that were not mailed yet; return how many went out."""
    since = timezone.now() - GIVE_UP
    notifications = Notification.objects.filter(recipient__email__isnull=False, recipient__is_active=True)
    invitations = Invitation.objects.open().filter(channel=Invitation.Channel.EMAIL, expires_at__isnull=False)
    return mail_each(
        notifications.filter(created_at__gt=since).select_related("recipient"), mail_notification
    ) + mail_each(
        invitations.filter(created_at__gt=since).select_related("partnership", "created_by__user", "partner"),
        mail_invitation,
    )


def mail_each(rows: models.QuerySet[Any], mail: Callable[[Any], None]) -> int:
    """Mail each unmailed row under its own lock and mark it in the same transaction."""
    ids = list(rows.filter(mailed_at__isnull=True).order_by("id").values_list("pk", flat=True)[:500])
    return send_each(ids, lambda pk: mail_one(rows, pk, mail), rows.model.__name__)


def send_each(ids: Iterable[int], send: Callable[[int], bool], kind: str) -> int:
    """Send an e-mail for each id and return how many were sent. Failures are logged in one line."""
    sent, failed = 0, Counter[str]()
    for pk in ids:
        try:
            sent += send(pk)
        except (SMTPException, OSError) as error:
            failed[type(error).__name__] += 1
            if is_away(error):
                break
    if failed:
        log.warning("A mail did not go out; the next run tries again (%s: %s)", kind, dict(failed))
    return sent


def is_away(error: OSError) -> bool:
    """Return whether the mail server itself is away, so that no other mail would go out either."""
    return not isinstance(error, SMTPException) or isinstance(error, SMTPServerDisconnected | SMTPConnectError)


@transaction.atomic
def mail_one(rows: models.QuerySet[Any], pk: int, mail: Callable[[Any], None]) -> bool:
    locked = rows.select_for_update(no_key=True, of=("self",), skip_locked=True)
    row = locked.filter(pk=pk, mailed_at__isnull=True).first()
    if row is None:
        return False
    mail(row)
    rows.model._base_manager.filter(pk=pk).update(mailed_at=timezone.now())
    return True
