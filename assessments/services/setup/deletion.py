"""Deleting an assessment that is not closed, unseen and with everything that belongs to it."""

from typing import Any, cast

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from assessments.models import Assessment
from assessments.services.notifications import tell
from assessments.services.setup import kept_reports
from assessments.workflow import actions
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import User

IN_CACHE = ("here", "ticket", "dealt")  # who is at the session, and the devices' tickets for a pause


@transaction.atomic
def delete_alone(assessment: Assessment, member: MemberRoles) -> None:
    """Delete an assessment whose rating has never opened, as one facilitator may."""
    held = Assessment.objects.select_for_update(no_key=True).select_related("partnership").filter(pk=assessment.pk)
    if found := held.first():
        actions.require(found, member, "delete_alone")
        delete(found, member.any.user)


def delete(held: Assessment, actor: User | None) -> None:
    """Delete it and tell every member; the caller holds the lock and has asked whether it may be."""
    kept = actor is None and kept_reports.keep(held)
    page = "assessments:kept-reports" if kept else "assessments:workspace"
    tell(held, "assessments.assessment_deleted", url=reverse(page, args=[held.partnership.code]), kept=kept)
    activity_log.record(held.partnership, actor, "delete_alone" if actor else "words.delete_assessment", held.title)
    forget_in_cache([held.pk])
    held.delete()


def forget_in_cache(assessments: list[int]) -> None:
    """Delete, once this is committed, what the cache holds of assessments for a moment."""
    kept = [f"{kind}:{pk}:*" for pk in assessments for kind in IN_CACHE]
    transaction.on_commit(lambda: [cast(Any, cache).delete_pattern(pattern) for pattern in kept], robust=True)
