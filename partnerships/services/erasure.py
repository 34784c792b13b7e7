"""Erasing a person: what stands against it, and what goes in this app. `powertool.privacy.erasure` puts it together."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import Draft, Invitation, Membership, Notice, Partnership, User
from partnerships.services import confirmed_addresses
from partnerships.services.memberships import settle

IDLE = "partnerships.account_idle"  # the notice to somebody who has not signed in for long


def seen_with(user: User) -> QuerySet[Partnership]:
    """Return the partnerships in which a person has, or had, a membership."""
    return Partnership.objects.filter(pk__in=user.memberships.values("partnership"))


def others_in(user: User) -> Exists:
    """Say of a partnership whether anybody else has a membership there, or waits for one."""
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
    """Let nobody else change these partnerships' people until the transaction ends."""
    held = Partnership.objects.select_for_update(no_key=True).filter(pk__in=seen_with(user).values("pk"))
    return list(held.order_by("pk"))


def erase(user: User, verb: str) -> None:
    """Delete what is hers here, and her row with all that hangs on it. The caller holds the locks."""
    partnerships = list(seen_with(user))
    for partnership in partnerships:
        if user.memberships.filter(partnership=partnership, voided_at=None).exists():
            record(partnership, None, verb)
    Invitation.objects.filter(Q(used_by__user=user) | Q(email__in=addresses(user))).delete()
    _unname_in_notices(user, partnerships)
    user.delete()
    for partnership in partnerships:
        settle(partnership)  # of those who wait, some wait for nobody any more


def _unname_in_notices(user: User, partnerships: list[Partnership]) -> None:
    """Take her name out of the notices of those who knew her."""
    name = user.get_full_name()
    known = Q(memberships__partnership__in=partnerships) | Q(
        group_memberships__group__in=user.group_memberships.values("group")
    )
    people = User.objects.filter(known).exclude(pk=user.pk).values("pk")
    notices = Notice.objects.filter(context__contains={"name": name}, recipient__in=people).select_related("recipient")
    for notice in notices:
        with translation.override(notice.recipient.language or settings.LANGUAGE_CODE):
            notice.context = {**notice.context, "name": _("Somebody who left")}
        notice.save(update_fields=["context"])


def stale_guests(since) -> QuerySet[User]:
    """Return guests from before a moment whom nobody ever let in.

    Not those whose membership was taken back: what they answered would go, and what was released would shrink, by
    somebody else's act.
    """
    admitted = Membership.objects.filter(user=OuterRef("pk"), admitted_at__isnull=False)
    guests = User.objects.filter(is_guest=True, pretend_in=None, date_joined__lt=since)
    return guests.filter(~Exists(admitted)).exclude(memberships__created_at__gte=since).exclude(last_login__gte=since)


def closed_invitations(since) -> QuerySet[Invitation]:
    """Return what was used, withdrawn or ran out before a moment."""
    used = Q(used_at__lt=since) & ~Q(channel=Invitation.Channel.JOIN_CODE)
    return Invitation.objects.filter(used | Q(withdrawn_at__lt=since) | Q(expires_at__lt=since))


def old_drafts(since) -> QuerySet[Draft]:
    return Draft.objects.filter(changed_at__lt=since)


def unconfirmed(since) -> QuerySet[User]:
    """Return accounts made before a moment whose address nobody confirmed, and by which nobody ever signed in."""
    return confirmed_addresses.unconfirmed_accounts().filter(date_joined__lt=since)


def old_notices(since) -> QuerySet[Notice]:
    """Return notices from before a moment, but those by which people were warned: these count the days."""
    needless = ~Q(kind=IDLE) | Q(recipient__last_login__gt=F("created_at"))
    return Notice.objects.filter(needless, created_at__lt=since)


def idle_accounts(since) -> QuerySet[User]:
    """Return people who last signed in before a moment, and whose programs did not ask since. Staff stay."""
    people = User.objects.filter(pretend_in=None, is_staff=False, is_superuser=False)
    people = people.exclude(api_tokens__last_used_on__gte=since.date())
    return people.filter(Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since))


def end_sessions(user: User) -> None:
    """Delete every session that is hers, or that waits for a step of hers (a code by mail, a second step)."""
    words = {f'"{address}"' for address in addresses(user)} | {f'"{user.code}"'}
    for session in Session.objects.iterator(1000):
        kept = session.get_decoded()
        if str(kept.get("_auth_user_id")) == str(user.pk) or any(
            word in repr(kept).replace("'", '"') for word in words
        ):
            session.delete()
