"""Erasing a person: what prevents it, and what is deleted in this app. `powertool.privacy.erasure` calls all apps."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import Draft, Invitation, Membership, Notification, Partnership, User
from partnerships.services import confirmed_addresses
from partnerships.services.memberships import settle

IDLE = "partnerships.account_idle"  # the notification to somebody who has not signed in for long


def seen_with(user: User) -> QuerySet[Partnership]:
    """Return the partnerships in which a person has, or had, a membership."""
    return Partnership.objects.filter(pk__in=user.memberships.values("partnership"))


def others_in(user: User) -> Exists:
    """Return a condition on partnerships: someone else has a membership there, or waits for one."""
    return Exists(Membership.objects.filter(partnership=OuterRef("pk"), voided_at=None).exclude(user=user))


def led_alone(user: User) -> QuerySet[Partnership]:
    """Return the real partnerships in which others take part and this person is the only facilitator."""
    facilitators = Membership.objects.in_force().facilitators().filter(partnership=OuterRef("pk"))
    own, others = facilitators.filter(user=user), facilitators.exclude(user=user)
    return Partnership.objects.real().filter(Exists(own), ~Exists(others), others_in(user))


def left_by_all(user: User) -> QuerySet[Partnership]:
    """Return the real partnerships in which nobody but this person has a membership."""
    own = Membership.objects.filter(partnership=OuterRef("pk"), voided_at=None, user=user)
    return Partnership.objects.real().filter(Exists(own), ~others_in(user))


def addresses(user: User) -> list[str]:
    """Return the e-mail addresses that a person has confirmed: what she never confirmed may be somebody else's."""
    return sorted(confirmed_addresses.confirmed_addresses(user))


def lock_partnerships(user: User) -> list[Partnership]:
    """Lock these partnerships, so that no one else changes their members until the transaction ends."""
    locked = Partnership.objects.select_for_update(no_key=True).filter(pk__in=seen_with(user).values("pk"))
    return list(locked.order_by("pk"))


def erase(user: User, verb: str) -> None:
    """Delete a person with everything that belongs to her in this app. The caller holds the locks."""
    partnerships = list(seen_with(user))
    for partnership in partnerships:
        if user.memberships.filter(partnership=partnership, voided_at=None).exists():
            record(partnership, None, verb)
    Invitation.objects.filter(Q(used_by__user=user) | Q(email__in=addresses(user))).delete()
    _unname_in_notifications(user, partnerships)
    user.delete()
    for partnership in partnerships:
        settle(partnership)  # some memberships waited for this person only


def _unname_in_notifications(user: User, partnerships: list[Partnership]) -> None:
    """Replace her name in the notifications of people from her partnerships and groups."""
    name = user.get_full_name()
    are_near = Q(memberships__partnership__in=partnerships) | Q(
        group_memberships__group__in=user.group_memberships.values("group")
    )
    people = User.objects.filter(are_near).exclude(pk=user.pk).values("pk")
    notifications = Notification.objects.filter(context__contains={"name": name}, recipient__in=people).select_related(
        "recipient"
    )
    for notification in notifications:
        with translation.override(notification.recipient.language or settings.LANGUAGE_CODE):
            notification.context = {**notification.context, "name": _("Someone who has left")}
        notification.save(update_fields=["context"])


def stale_guests(since) -> QuerySet[User]:
    """Return guests from before a moment whom nobody ever let in.

    Not those whose membership was taken back: what they answered would go, and what was released would shrink, by
    somebody else's act.
    """
    admitted = Membership.objects.filter(user=OuterRef("pk"), admitted_at__isnull=False)
    guests = User.objects.filter(is_guest=True, pretend_in=None, date_joined__lt=since)
    return guests.filter(~Exists(admitted)).exclude(memberships__created_at__gte=since).exclude(last_login__gte=since)


def closed_invitations(since) -> QuerySet[Invitation]:
    """Return invitations that were used, withdrawn or expired before a moment."""
    used = Q(used_at__lt=since) & ~Q(channel=Invitation.Channel.JOIN_CODE)
    return Invitation.objects.filter(used | Q(withdrawn_at__lt=since) | Q(expires_at__lt=since))


def old_drafts(since) -> QuerySet[Draft]:
    return Draft.objects.filter(changed_at__lt=since)


def unconfirmed(since) -> QuerySet[User]:
    """Return accounts made before a moment that were never confirmed and never used to sign in."""
    return confirmed_addresses.unconfirmed_accounts().filter(date_joined__lt=since)


def old_notifications(since) -> QuerySet[Notification]:
    """Return notifications from before a moment, except warnings of erasure, which start the last days."""
    needless = ~Q(kind=IDLE) | Q(recipient__last_login__gt=F("created_at"))
    return Notification.objects.filter(needless, created_at__lt=since)


def idle_accounts(since) -> QuerySet[User]:
    """Return people who last signed in before a moment, and whose programs did not ask since. Staff stay."""
    people = User.objects.filter(pretend_in=None, is_staff=False, is_superuser=False)
    people = people.exclude(api_tokens__last_used_on__gte=since.date())
    return people.filter(Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since))


def end_sessions(user: User) -> None:
    """Delete every session of a person, also those in the middle of signing in (a mailed code, a second step)."""
    marks = {f'"{address}"' for address in addresses(user)} | {f'"{user.code}"'}
    for session in Session.objects.iterator(1000):
        data = session.get_decoded()
        if str(data.get("_auth_user_id")) == str(user.pk) or any(
            mark in repr(data).replace("'", '"') for mark in marks
        ):
            session.delete()
