"""Archiving an assessment and taking it out of the archive, and what the settings of a partnership list of it."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Matter, Stage
from assessments.services.notifications import notify_memberships
from assessments.services.setup.deletion import forget_in_cache
from assessments.workflow import actions, guards
from assessments.workflow.actions.table import BEFORE_RATING
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Partnership
from partnerships.services.archiving import Content


@transaction.atomic
def archive(assessment: Assessment, member: MemberRoles) -> Assessment:
    """Take an assessment off everyone's lists, and tell everyone. A second time changes nothing."""
    locked = actions.lock_and_require(assessment, member, actions.WorkflowAction.ARCHIVE)
    return locked if locked.archived_at else _set_archived(locked, member, actions.WorkflowAction.ARCHIVE)


@transaction.atomic
def restore(assessment: Assessment, member: MemberRoles) -> Assessment:
    """Take an assessment out of the archive, and tell everyone. A second time changes nothing."""
    locked = actions.lock_and_require(assessment, member, actions.WorkflowAction.RESTORE)
    return _set_archived(locked, member, actions.WorkflowAction.RESTORE) if locked.archived_at else locked


def _set_archived(locked: Assessment, member: MemberRoles, action: actions.WorkflowAction) -> Assessment:
    archived = action == actions.WorkflowAction.ARCHIVE
    locked.archived_at = timezone.now() if archived else None
    locked.save(update_fields=["archived_at"])
    activity_log.record(locked.partnership, member.any.user, action, locked.title)
    notify_memberships(locked, "assessments.archived", archived=archived)
    return locked


# --- what the settings of a partnership ask


def contents(partnership: Partnership) -> Iterable[Content]:
    """Yield the assessments, newest first, with the pages on which each is archived and deleted."""
    for each in partnership.assessments.order_by("-created_at", "-pk"):
        yield Content(
            each.title,
            _("archived") if each.archived_at else Stage(each.stage).label,
            reverse("assessments:archive", args=[each.code]),
            reverse("assessments:side-words", args=[each.code, Matter.DELETE_ASSESSMENT]),
            each.archived_at is not None,
        )


def obstacle_to_archiving(partnership: Partnership) -> str:
    """Return which assessment runs, if one does."""
    running = partnership.assessments.filter(stage__in=guards.RUNNING).first()
    if running is None:
        return ""
    text = _("You cannot archive this partnership while “%(title)s” is running. Close or delete that assessment first.")
    return text % {"title": running.title}


def obstacle_to_deleting(partnership: Partnership) -> str:
    """Return in which assessment rating has been open, or whose report is kept."""
    begun = partnership.assessments.exclude(first_opened_at=None, stage__in=BEFORE_RATING).first()
    if begun:
        text = _("You cannot delete this partnership because “%(title)s” has begun. Delete that assessment first.")
        return text % {"title": begun.title}
    if partnership.kept_reports.exists():
        return _(
            "You cannot delete this partnership yet. Members can still download the report of a deleted assessment. "
            "Wait until this report has been deleted."
        )
    return ""


def deleting(partnership: Partnership) -> None:
    """Forget what the cache holds of the assessments that go with a partnership."""
    forget_in_cache(list(partnership.assessments.values_list("pk", flat=True)))
