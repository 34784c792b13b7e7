"""Changing one's name: earlier texts keep the old name, and each partnership's activity log says so."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import Partnership, User
from partnerships.names import comparable_name
from partnerships.services.refusal import Refused

MOST = 5  # changes of a name in
DAYS = 30


@transaction.atomic
def change_account(user: User, name: str, language: str) -> User:
    """Save a person's name and language. A new name is recorded in the activity log of each partnership."""
    pks = Partnership.objects.filter(memberships__user=user, memberships__voided_at=None).distinct().values("pk")
    partnerships = list(Partnership.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = locked.get_full_name()
    locked.name, locked.language = name, language
    if locked.get_full_name() != before:
        _refuse_often(locked)
        for partnership in partnerships:
            refuse_taken(partnership, locked)
    locked.save(update_fields=["name", "language"])
    if locked.get_full_name() != before:
        for partnership in partnerships:
            record(partnership, locked, "person.renamed")
    return locked


def refuse_taken(partnership: Partnership, user: User) -> None:
    """Refuse a name that another member, or somebody who waits, has in this partnership. The caller holds the lock."""
    memberships = partnership.memberships.filter(voided_at=None).exclude(user=user.pk).select_related("user")
    if comparable_name(user.get_full_name()) in {
        comparable_name(membership.user.get_full_name()) for membership in memberships
    }:
        raise Refused(
            _(
                "Someone in “%(partnership)s” already has this name. Add a second name or your organisation to "
                "your name."
            )
            % {"partnership": partnership}
        )


def _refuse_often(user: User) -> None:
    since = timezone.now() - timedelta(days=DAYS)
    if sum(datetime.fromisoformat(entry["until"]) > since for entry in user.former_names) >= MOST:
        raise Refused(_("You have changed your name too often in the last few days. Please try again later."))
