"""Deleting personal data after its retention period (`settings.RETENTION`).

Every step deletes in small transactions: it may run twice at once, be killed, or run again.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.models import KeptReport
from community.services import erasure as of_community
from partnerships.activity_log import OF_MEMBERSHIPS
from partnerships.models import ActivityLogEntry, Notification, User
from partnerships.notifications import notify
from partnerships.services import erasure as of_partnerships
from partnerships.services import wrong_texts as reported
from partnerships.services.refusal import Refused
from powertool.privacy.erasure import BY_TIME, erase_person

BATCH = 500  # rows of one transaction
WARNED_BEFORE = timedelta(days=60)
IDLE = of_partnerships.IDLE  # the kind of the notification that warns
MOST_SECONDS = 120  # of erasing people in one run; the next one goes on


def retain(now: datetime | None = None) -> dict[str, int]:
    """Delete and unname what is past its retention period. Return the counts by kind."""
    now = now or timezone.now()
    steps: dict[str, Callable[[datetime], int]] = {
        "sessions": sessions,
        "invitations": invitations,
        "drafts": drafts,
        "digests": digests,
        "notifications": notifications,
        "activity_log": activity_log,
        "kept_reports": kept_reports,
        "wrong_texts": wrong_texts,
        "guests": guests,
        "accounts": accounts,
    }
    return {name: step(now) for name, step in steps.items()}


def before(now: datetime, period: str) -> datetime:
    return now - timedelta(days=settings.RETENTION[period])


def delete(rows: QuerySet[Any]) -> int:
    """Delete rows in batches, and return how many."""
    return sum(_batches(rows, lambda batch: batch.delete()))


def _batches(rows: QuerySet[Any], act: Callable[[QuerySet[Any]], object]) -> Iterable[int]:
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        act(rows.model._base_manager.filter(pk__in=pks))
        yield len(pks)


def sessions(now: datetime) -> int:
    """Delete expired sessions, and the rows that say where someone was signed in with them."""
    gone = delete(Session.objects.filter(expire_date__lt=now))
    left = Session.objects.filter(session_key=OuterRef("session_key"))
    return gone + delete(UserSession.objects.filter(~Exists(left)))


def invitations(now: datetime) -> int:
    since = before(now, "invitations")
    return delete(of_partnerships.closed_invitations(since)) + delete(of_community.closed_invitations(since))


def drafts(now: datetime) -> int:
    return delete(of_partnerships.old_drafts(before(now, "drafts")))


def digests(now: datetime) -> int:
    return delete(of_community.sent_lines(before(now, "digests")))


def notifications(now: datetime) -> int:
    return delete(of_partnerships.old_notifications(before(now, "notifications")))


def activity_log(now: datetime) -> int:
    """Remove the names from old entries of activity logs. The entries remain."""
    named = Q(actor__isnull=False) | Q(membership__isnull=False) | Q(verb__in=OF_MEMBERSHIPS) & ~Q(about="")
    old = ActivityLogEntry.objects.filter(named, at__lt=before(now, "activity_log"))
    return sum(_batches(old, _unname))


def _unname(entries: QuerySet[Any]) -> None:
    entries.filter(verb__in=OF_MEMBERSHIPS).update(about="")
    entries.update(actor=None, membership=None)


def kept_reports(now: datetime) -> int:
    return delete(KeptReport.objects.filter(deleted_at__lt=before(now, "kept_reports")))


def wrong_texts(now: datetime) -> int:
    return delete(reported.old(before(now, "wrong_texts")))


def guests(now: datetime) -> int:
    """Erase guests who were never admitted, and accounts whose address was never confirmed."""
    since = before(now, "guests")
    return erase(of_partnerships.stale_guests(since)) + erase(of_partnerships.unconfirmed(since))


def accounts(now: datetime) -> int:
    """Warn people who have not signed in for long, and erase those who did not return. Guests cannot be warned."""
    since = before(now, "accounts")
    for user in of_partnerships.idle_accounts(since + WARNED_BEFORE).filter(is_guest=False).iterator():
        seen = user.last_login or user.date_joined
        notify(IDLE, [user], reverse("home"), f"{seen:%Y-%m-%d}", days=WARNED_BEFORE.days)
    due = of_partnerships.idle_accounts(since)
    warned = Notification.objects.filter(
        recipient=OuterRef("pk"), kind=IDLE, mailed_at__lt=now - WARNED_BEFORE, created_at__gt=OuterRef("seen")
    )
    seen_at = models.functions.Coalesce("last_login", "date_joined")
    return erase(due.annotate(seen=seen_at).filter(Q(is_guest=True) | Exists(warned)))


def erase(people: QuerySet[User]) -> int:
    """Erase these people, each in her own transaction. Skip those whose erasure something prevents."""
    begun, count = time.monotonic(), 0
    for user in list(people.order_by("pk")[:BATCH]):
        if time.monotonic() - begun > MOST_SECONDS:
            break
        try:
            count += erase_person(user, BY_TIME)
        except Refused:
            continue
    return count
