"""The locks of an assessment, each held until the transaction ends.

Take them in this order, so that no two transactions wait for each other: the partnership's people, the assessment,
rows inside it.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Stage
from partnerships.services import Refused, memberships


def lock_assessments(pks: Iterable[int]) -> list[Assessment]:
    """Lock several assessments, always in the same order, and return those that are there as they are now."""
    return list(_locked_rows().filter(pk__in=list(pks)).order_by("pk"))


def lock_if_there(pk: int) -> Assessment | None:
    """Lock an assessment and return it as it is now; None if it was deleted."""
    return _locked_rows().filter(pk=pk).first()


def lock_assessment(assessment: Assessment) -> Assessment:
    """Lock an assessment and return it as it is now; Refused if it was deleted."""
    locked = lock_if_there(assessment.pk)
    if locked is None:
        raise Refused(_("This assessment has been deleted."))
    return locked


def _locked_rows() -> QuerySet[Assessment]:
    return Assessment.objects.select_for_update(no_key=True, of=("self",)).select_related("partnership")


def lock_with_memberships(assessment: Assessment) -> Assessment:
    """Lock the partnership's people, then the assessment; return it as it is now."""
    memberships.lock(assessment.partnership)
    return lock_assessment(assessment)


def share_open_rating(assessment: Assessment) -> str | None:
    """Keep rating from closing, and let others answer at the same time; return its mode, or None if it is not open.

    A closing day that has come closes at its moment, also where no worker has closed yet.
    """
    query = "SELECT mode, stage, rating_closes_at FROM assessments_assessment WHERE id = %s FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(query, [assessment.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    mode, stage, closes_at = row
    is_open = stage == Stage.RATING and (closes_at is None or closes_at > timezone.now())
    return str(mode) if is_open else None


def lock_concerns() -> None:
    """Let one concern be written at a time: each write moves all rows. Take this before a row is read to be changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock('assessments_concern'::regclass::bigint)")


def try_lock_job(job_id: int) -> bool:
    """Lock a job unless a worker is at it. A lock on its row would make those wait who ask for it again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('assessments.work'), %s)", [job_id])
        return bool(cursor.fetchone()[0])
