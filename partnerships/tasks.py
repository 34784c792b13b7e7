"""Mail that waits as rows. Sent by one worker per row; a worker killed half-way leaves the row for the next run."""

import logging
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from celery import shared_task
from django.db import models, transaction
from django.utils import timezone

from partnerships.models import Invitation, Notice
from partnerships.notices import mail_notice
from partnerships.services import mail_invitation

log = logging.getLogger(__name__)
GIVE_UP = timedelta(days=3)


@shared_task
def send_notices() -> int:
    """Mail the notices and invitations that were not mailed yet; return how many went out."""
    since = timezone.now() - GIVE_UP
    notices = Notice.objects.filter(recipient__email__isnull=False, recipient__is_active=True)
    invitations = Invitation.objects.open().filter(channel=Invitation.Channel.EMAIL)
    return mail_each(notices.filter(created_at__gt=since).select_related("recipient"), mail_notice) + mail_each(
        invitations.filter(created_at__gt=since).select_related("partnership", "created_by__user", "partner"),
        mail_invitation,
    )


def mail_each(rows: models.QuerySet[Any], mail: Callable[[Any], None]) -> int:
    """Mail each unmailed row under its own lock and mark it in the same transaction."""
    ids = list(rows.filter(mailed_at__isnull=True).order_by("id").values_list("pk", flat=True)[:500])
    return sum(mail_one(rows, pk, mail) for pk in ids)


@transaction.atomic
def mail_one(rows: models.QuerySet[Any], pk: int, mail: Callable[[Any], None]) -> bool:
    locked = rows.select_for_update(no_key=True, of=("self",), skip_locked=True)
    row = locked.filter(pk=pk, mailed_at__isnull=True).first()
    if row is None:
        return False
    try:
        mail(row)
    except (SMTPException, OSError):
        log.exception("A mail did not go out; the next run tries again (%s %s)", rows.model.__name__, pk)
        return False
    rows.model._base_manager.filter(pk=pk).update(mailed_at=timezone.now())
    return True
