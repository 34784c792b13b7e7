"""Deleting an assessment, unseen and with everything that belongs to it."""

from typing import Any, cast

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from assessments.models import Assessment
from assessments.services.notifications import notify_memberships
from assessments.services.setup import kept_reports
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from assessments.workflow.locking import lock_if_there
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import User

IN_CACHE = ("here", "ticket", "dealt")  # who is at the session, and the devices' tickets for a pause


@transaction.atomic
def delete_alone(assessment: Assessment, member: MemberRoles) -> None:
    """Delete an assessment whose rating has never opened, as one facilitator may."""
    if locked := lock_if_there(assessment.pk):
        actions.require(locked, member, WorkflowAction.DELETE_ALONE)
        delete(locked, member.any.user)


def delete(locked: Assessment, actor: User | None) -> None:
    """Delete it and tell every member; the caller holds the lock and has asked whether it may be."""
    kept = actor is None and kept_reports.keep(locked)
    page = "assessments:kept-reports" if kept else "assessments:workspace"
    notify_memberships(
        locked, "assessments.assessment_deleted", url=reverse(page, args=[locked.partnership.code]), kept=kept
    )
    activity_log.record(locked.partnership, actor, "delete_alone" if actor else "words.delete_assessment", locked.title)
    forget_in_cache([locked.pk])
    locked.delete()


def forget_in_cache(assessments: list[int]) -> None:
    """Delete, once this is committed, what the cache holds of assessments for a moment."""
    patterns = [f"{kind}:{pk}:*" for pk in assessments for kind in IN_CACHE]
    transaction.on_commit(lambda: [cast(Any, cache).delete_pattern(pattern) for pattern in patterns], robust=True)
