"""Whether the facilitators of a partnership need a second step of signing in: facilitators of both sides decide it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from partnerships.activity_log import record
from partnerships.models import Membership, Partnership, SecondStepYes, User
from partnerships.notifications import notify
from partnerships.services.memberships import facilitator_sides, in_force, is_admitted, lock
from partnerships.services.refusal import Refused


def yeses(partnership: Partnership) -> list[SecondStepYes]:
    """Return who of the facilitators has said yes to the change."""
    said = SecondStepYes.objects.filter(by__in=partnership.memberships.in_force().facilitators())
    return list(said.select_related("by__user", "by__partner").order_by("at"))


@transaction.atomic
def say_yes(partnership: Partnership, by: Membership, required: bool) -> bool:
    """Say yes to a change, and make it once both sides have. Return whether it is made."""
    locked, by = lock(partnership), in_force(by)
    if by.partnership_id != locked.pk:
        raise PermissionDenied
    if locked.is_rehearsal:
        raise Refused(_("In a rehearsal, you cannot change whether facilitators need a second step to sign in."))
    if locked.second_step_required == required:
        raise Refused(_("This decision has already been made."))
    _said, new = SecondStepYes.objects.get_or_create(by=by)
    if new:
        record(locked, by.user, "second_step.yes")
    if is_admitted(facilitator_sides(locked), {yes.by_id for yes in yeses(locked)}):
        _change(locked, required)
        return True
    if new:
        _notify(locked, "asked", str(by.user))
    return False


def _change(locked: Partnership, required: bool) -> None:
    locked.second_step_required = required
    locked.save(update_fields=["second_step_required"])
    SecondStepYes.objects.filter(by__partnership=locked).delete()
    record(locked, None, "second_step.required" if required else "second_step.ended")
    _notify(locked, "required" if required else "ended")


def _notify(partnership: Partnership, what: str, name: str = "") -> None:
    people = User.objects.filter(memberships__in=partnership.memberships.in_force().facilitators()).distinct()
    key = f"{partnership.code}:{what}:{partnership.activity_log.count()}"
    url = resolve_url("partnerships:second_step", partnership.code)
    notify("partnerships.second_step", people, url, key, partnership=partnership.name, what=what, name=name)


@transaction.atomic
def withdraw_yes(partnership: Partnership, by: Membership) -> None:
    """Take one's own yes back. A second time changes nothing."""
    locked, by = lock(partnership), in_force(by)
    deleted, _by_model = SecondStepYes.objects.filter(by=by).delete()
    if deleted:
        record(locked, by.user, "second_step.withdrawn")
