"""Telling people: in the app always, by mail as each of them chose."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from community.models import DEFAULTS, DigestLine, How, MailChoice, Subject
from partnerships.models import Notification, User
from partnerships.notifications import notify, render_notification, unsubscribe_headers
from partnerships.task_sending import send_on_commit

SALT = "community.unsubscribe"
DIGEST = "daily"
AT_MOST_EVERY = timedelta(hours=20)  # a daily mail, also where beat starts anew
# What a notification is about, by its name; whoever sends notifications of a new name adds it here.
SUBJECTS = {
    "mention": Subject.MENTION,
    "comment": Subject.COMMENT,
    "changed": Subject.CHANGE,
    "status": Subject.CHANGE,
    "translated": Subject.CHANGE,
    "maturity": Subject.CHANGE,
    "published": Subject.WORK,
    "answered": Subject.CHANGE,
    "round_closed": Subject.WORK,
    "version": Subject.WORK,
}


@transaction.atomic
def notify_members(name: str, users: Iterable[User], url: str, dedupe: str, /, **context: Any) -> None:
    """Write a notification `community.<name>` to each, once per `dedupe`; mail it at once, with the daily mail, or not.

    Names that are not in SUBJECTS cannot be turned off: they ask for something, or are about one's own text.
    """
    people = {user.pk: user for user in users if user.is_active and not user.is_guest}
    chosen = choices_of(people.values(), SUBJECTS.get(name))
    kind = f"community.{name}"
    now = [user for user in people.values() if chosen[user.pk] == How.NOW]
    notify(kind, now, url, dedupe, **context)
    notify(kind, [user for user in people.values() if user not in now], url, dedupe, mail=False, **context)
    daily = [pk for pk, how in chosen.items() if how == How.DAILY]
    waiting = Notification.objects.filter(kind=kind, dedupe=dedupe, recipient__in=daily, digest_line=None)
    DigestLine.objects.bulk_create(
        [DigestLine(notification=notification, user_id=notification.recipient_id) for notification in waiting],
        ignore_conflicts=True,
    )
    send_on_commit("partnerships.tasks.send_notifications")


def choices_of(users: Iterable[User], subject: Subject | None) -> dict[int, str]:
    """Return how each wants to be told, by primary key."""
    if subject is None:
        return {user.pk: How.NOW for user in users}
    pks = [user.pk for user in users]
    made = dict(MailChoice.objects.filter(user__in=pks, subject=subject).values_list("user", "how"))
    return {pk: made.get(pk, DEFAULTS[subject]) for pk in pks}


def choices(user: User) -> dict[str, str]:
    """Return one person's choice for each subject."""
    made = dict(user.mail_choices.values_list("subject", "how"))
    return {subject: made.get(subject, how) for subject, how in DEFAULTS.items()}


def choose(user: User, subject: str, how: str) -> None:
    MailChoice.objects.update_or_create(user=user, subject=Subject(subject), defaults={"how": How(how)})


# --- one click to stop


def stop_address(user: User, what: str) -> str:
    """Return the link that stops mails on one subject, or (`DIGEST`) the daily mail."""
    return settings.BASE_URL + reverse("community:unsubscribe", args=[dumps([user.code, str(what)], salt=SALT)])


def whose(token: str) -> tuple[User, str] | None:
    """Return whom and what a link stops, or nothing for a forged one."""
    try:
        code, what = loads(token, salt=SALT)
    except (BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(code=code, is_active=True).first()
    return (user, what) if user and what in {DIGEST, *Subject.values} else None


@transaction.atomic
def stop(user: User, what: str) -> None:
    """Send no more mails on a subject, or no daily mail; the notifications in the app stay."""
    stopped = [what] if what != DIGEST else [subject for subject, how in choices(user).items() if how == How.DAILY]
    for subject in stopped:
        choose(user, subject, How.NONE)


def stop_of_notification(notification: Notification) -> str:
    """Return the address that stops mails like this notification's, or nothing (for `partnerships.notifications`)."""
    subject = SUBJECTS.get(name_of(notification))
    return stop_address(notification.recipient, subject) if subject else ""


def name_of(notification: Notification) -> str:
    return notification.kind.split(".", 1)[1]


# --- the daily mail


def waiting_for_digest() -> list[int]:
    """Return who has something in the next daily mail and had none in the last 20 hours (primary keys)."""
    since = timezone.now() - AT_MOST_EVERY
    lately = DigestLine.objects.filter(sent_at__gt=since).values("user")
    lines = DigestLine.objects.filter(sent_at=None, user__is_active=True, user__email__isnull=False)
    return list(lines.exclude(user__in=lately).values_list("user", flat=True).distinct())


@transaction.atomic
def send_digest(user_id: int) -> bool:
    """Mail what waits for one person, in her language; what she has read in the app or turned off is left out."""
    lines = DigestLine.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).filter(
        user=user_id, sent_at=None
    )
    waiting = list(lines.select_related("notification__recipient").order_by("notification__created_at", "pk"))
    if not waiting:
        return False
    user = waiting[0].notification.recipient
    chosen = choices(user)
    notifications = [
        line.notification for line in waiting if line.notification.read_at is None and _still(line.notification, chosen)
    ]
    if notifications:
        digest_mail(user, notifications).send()
    DigestLine.objects.filter(pk__in=[line.pk for line in waiting]).update(sent_at=timezone.now())
    return bool(notifications)


def _still(notification: Notification, chosen: dict[str, str]) -> bool:
    return chosen.get(SUBJECTS[name_of(notification)]) != How.NONE


def digest_mail(user: User, notifications: list[Notification]) -> EmailMessage:
    address = stop_address(user, DIGEST)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        lines = [
            (render_notification(notification)[0], settings.BASE_URL + notification.url)
            for notification in notifications
        ]
        choose_at = settings.BASE_URL + reverse("community:preferences")
        facts = {"lines": lines, "choose_at": choose_at, "stop_at": address}
        body = render_to_string("community/mail/digest.txt", facts)
        subject = _("Today in your working groups")
    return EmailMessage(subject, body.strip() + "\n", to=[user.email or ""], headers=unsubscribe_headers(address))
