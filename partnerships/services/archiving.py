"""Archiving a partnership, taking it out of the archive, deleting it, and leaving it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import Membership, Partnership, User
from partnerships.notifications import notify
from partnerships.services.memberships import deactivate_guest, in_force, lock, void_membership
from partnerships.services.refusal import Refused


@dataclass(frozen=True)
class Content:
    """Something in a partnership that can be archived or deleted by itself, as the settings list it."""

    title: str
    state: str | Promise
    archive_url: str
    delete_url: str
    is_archived: bool


class PartnershipGuard(Protocol):
    """What an app above says about archiving and deleting. It adds its guard to `PARTNERSHIP_GUARDS` when ready."""

    def obstacle_to_archiving(self, partnership: Partnership) -> str:
        """Return why a partnership cannot be archived now and what to do; empty where it can."""

    def obstacle_to_deleting(self, partnership: Partnership) -> str:
        """Return why a partnership cannot be deleted and what to do; empty where it can."""

    def contents(self, partnership: Partnership) -> Iterable[Content]:
        """Return what can be archived or deleted by itself."""

    def deleting(self, partnership: Partnership) -> None:
        """Do what must be done before the rows go; the caller holds the lock."""


PARTNERSHIP_GUARDS: list[PartnershipGuard] = []  # an app adds its own when it is ready


def contents_of(partnership: Partnership) -> list[Content]:
    return [content for guard in PARTNERSHIP_GUARDS for content in guard.contents(partnership)]


def obstacle_to_archiving(partnership: Partnership) -> str:
    return next((why for guard in PARTNERSHIP_GUARDS if (why := guard.obstacle_to_archiving(partnership))), "")


def obstacle_to_deleting(partnership: Partnership) -> str:
    return next((why for guard in PARTNERSHIP_GUARDS if (why := guard.obstacle_to_deleting(partnership))), "")


@transaction.atomic
def archive(partnership: Partnership, by: Membership) -> None:
    """Take a partnership off everyone's lists, and tell everyone. A second time changes nothing."""
    locked, by = lock(partnership), in_force(by)
    if locked.archived_at:
        return
    if why := obstacle_to_archiving(locked):
        raise Refused(why)
    _set_archived(locked, by, True)


@transaction.atomic
def restore(partnership: Partnership, by: Membership) -> None:
    """Take a partnership out of the archive, and tell everyone. A second time changes nothing."""
    locked, by = lock(partnership), in_force(by)
    if locked.archived_at:
        _set_archived(locked, by, False)


def _set_archived(locked: Partnership, by: Membership, archived: bool) -> None:
    locked.archived_at = timezone.now() if archived else None
    locked.save(update_fields=["archived_at"])
    record(locked, by.user, "partnership.archived" if archived else "partnership.restored")
    _notify(locked, "partnerships.partnership_archived", locked.get_absolute_url(), archived=archived)


def _notify(partnership: Partnership, kind: str, url: str, **context: bool) -> None:
    people = User.objects.filter(memberships__in=partnership.memberships.filter(voided_at=None)).distinct()
    notify(
        kind, people, url, f"{partnership.code}:{timezone.now().isoformat()}", partnership=partnership.name, **context
    )


@transaction.atomic
def delete(partnership: Partnership, by: Membership) -> None:
    """Delete a partnership in which rating never opened, with everything in it, and tell everyone."""
    locked = Partnership.objects.select_for_update(no_key=True).filter(pk=partnership.pk).first()
    if locked is None:
        return
    in_force(by)
    if why := obstacle_to_deleting(locked):
        raise Refused(why)
    people = list(User.objects.filter(memberships__partnership=locked).distinct())
    _notify(locked, "partnerships.partnership_deleted", reverse("partnerships:list"))
    for guard in PARTNERSHIP_GUARDS:
        guard.deleting(locked)
    locked.delete()
    for user in people:
        deactivate_guest(user)


def obstacle_to_leaving(partnership: Partnership, user: User) -> str:
    """Return why somebody cannot leave: a partnership needs a facilitator. Empty where she can."""
    leading = set(partnership.memberships.in_force().facilitators().values_list("user", flat=True))
    if leading != {user.pk}:
        return ""
    return _("You are the last facilitator, so you cannot leave. Invite another facilitator first.")


@transaction.atomic
def leave(partnership: Partnership, user: User) -> None:
    """End all memberships of a person in a partnership, or none. A second time changes nothing."""
    locked = lock(partnership)
    if why := obstacle_to_leaving(locked, user):
        raise Refused(why)
    own = list(locked.memberships.filter(user=user, voided_at=None).select_related("user", "partner"))
    counting = [membership for membership in own if membership.admitted_at]
    for membership in own:
        if not membership.admitted_at and counting:
            void_membership(membership, counting[0])
    for membership in counting:
        void_membership(membership, membership)
