"""Guests: people without an e-mail address, who return with a resume code and can move to an account."""

from django.db import models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.codes import keyed_hash, keyed_hashes, normalise, random_code
from partnerships.models import GuestKey, Membership, Notification, User
from partnerships.services.refusal import Refused
from partnerships.services.renaming import refuse_taken

GROUP, GROUPS = 4, 4  # 16 letters: 80 bits


def new_resume_code() -> str:
    """Return a code of 80 random bits, in groups that can be read aloud."""
    letters = random_code(GROUP * GROUPS)
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def digest(typed: str) -> str:
    return keyed_hash("resume", normalise(typed))


def digests(typed: str) -> list[str]:
    """Return the hashes of a code under the server's secret and its former secrets."""
    return keyed_hashes("resume", normalise(typed))


def resume_guest(typed: str) -> User | None:
    """Return the guest whose resume code this is, if she still has a membership."""
    users = User.objects.filter(guest_key__digest__in=digests(typed), is_guest=True, is_active=True)
    return users.filter(memberships__voided_at__isnull=True).distinct().first()


def make_guest(name: str, resume_code: str) -> User:
    guest = User.objects.create_guest(name, language=get_language() or "")
    GuestKey.objects.create(user=guest, digest=digest(resume_code))
    return guest


@transaction.atomic
def merge_guest(guest: User, account: User) -> None:
    """Move a guest's memberships and all that belongs to them to an account, and delete the guest. Idempotent."""
    if account.is_guest:
        raise Refused(_("Please sign in to an account first."))
    locked = User.objects.select_for_update(no_key=True).filter(pk=guest.pk, is_guest=True).first()
    if locked is None:
        return
    for membership in locked.memberships.filter(voided_at__isnull=True).select_related("partnership", "partner"):
        hand_over(membership, account)
    for membership in account.memberships.filter(voided_at__isnull=True).select_related("partnership"):
        refuse_taken(membership.partnership, account)
    Membership.objects.filter(user=locked).update(user=account)
    hand_over_works(locked, account)
    locked.delete()


def hand_over(membership: Membership, account: User) -> None:
    """Move one membership with its answers. If the account has the same role, the membership in force remains."""
    live = Membership.objects.filter(partnership=membership.partnership, role=membership.role, voided_at__isnull=True)
    own = live.filter(user=account).first()
    if own and own.admitted_at and membership.admitted_at:
        raise Refused(
            _("You already have this role in “%(partnership)s”. Ask a facilitator to end one of your two memberships.")
            % {"partnership": membership.partnership}
        )
    if own:
        spare = membership if own.admitted_at else own
        live.filter(pk=spare.pk).update(voided_at=models.functions.Now())
    live.filter(pk=membership.pk).update(user=account)
    record(membership.partnership, account, "guest.merged", membership=membership)


def hand_over_works(guest: User, account: User) -> None:
    """Move what names the guest as its author, and her notifications. The rest is deleted with her."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.SET_NULL:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: guest})
            rows.update(**{relation.field.name: account})
    existing = Notification.objects.filter(recipient=account).exclude(dedupe="").values_list("kind", "dedupe")
    twice = [n.pk for n in guest.notifications.all() if (n.kind, n.dedupe) in set(existing)]
    guest.notifications.exclude(pk__in=twice).update(recipient=account)
