"""Pending work: ask for it, run it once, pick up what a lost message or a killed worker left behind."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Job
from assessments.workflow.locking import try_lock_job
from partnerships.messages import send_task

MOST_ATTEMPTS = 3
UNDER_WAY = ("waiting", "late")
USUAL = timedelta(seconds=20)  # what takes longer waits: for Redis, for a worker, or behind others


def request(assessment: Assessment, kind: str, language: str = "") -> Job:
    """Ask for work in the running transaction; the message goes out on commit."""
    work, created = Job.objects.get_or_create(assessment=assessment, kind=kind, language=language)
    if not created:
        Job.objects.filter(pk=work.pk).update(
            wanted=F("wanted") + 1, state=Job.State.WAITING, attempts=0, error="", created_at=timezone.now()
        )
    transaction.on_commit(lambda: send(work.pk), robust=True)
    return work


def send(work_id: int) -> None:
    """Send the message that makes it fast. Without Redis nothing is lost: the row waits for the sweep."""
    send_task("assessments.tasks.run", work_id)


def sweep(older_than: timedelta = timedelta(seconds=10)) -> int:
    """Send again what waits for longer than it should; return how many."""
    waiting = Job.objects.pending().filter(created_at__lt=timezone.now() - older_than).order_by("pk")
    found = list(waiting.values_list("pk", flat=True)[:500])
    for work_id in found:
        send(work_id)
    return len(found)


def run(work_id: int, make: Callable[[Job], object]) -> bool:
    """Do the work unless it is done or somebody else is at it; return whether it was done here.

    `make` and the mark that it is done are one transaction, so a worker that is killed half-way leaves the row pending.
    """
    try:
        with transaction.atomic():
            if not try_lock_job(work_id):
                return False
            work = Job.objects.select_related("assessment__partnership").filter(pk=work_id).first()
            if work is None or work.done >= work.wanted or work.state == Job.State.FAILED:
                return False
            make(work)
            _mark_done(work)
    except Exception as error:
        _mark_failed(work_id, error)
        raise
    if Job.objects.pending().filter(pk=work_id).exists():
        send(work_id)
    return True


def _mark_done(work: Job) -> None:
    Job.objects.filter(pk=work.pk).update(done=work.wanted, attempts=0, error="", finished_at=timezone.now())
    Job.objects.filter(pk=work.pk, wanted=work.wanted).update(state=Job.State.DONE)


def _mark_failed(work_id: int, error: Exception) -> None:
    Job.objects.filter(pk=work_id).update(attempts=F("attempts") + 1, error=type(error).__name__)
    Job.objects.filter(pk=work_id, attempts__gte=MOST_ATTEMPTS).update(state=Job.State.FAILED)


def given_up() -> QuerySet[Job]:
    """Return the work that no worker tries again by itself, the oldest first."""
    return Job.objects.filter(state=Job.State.FAILED).order_by("created_at", "pk")


def retry(work: Job) -> None:
    """Start failed work again, by hand."""
    with transaction.atomic():
        request(work.assessment, work.kind, work.language)


def settle(assessment: Assessment) -> None:
    """Mark everything asked for so far as done, where the results were just made without a worker."""
    assessment.work.update(done=F("wanted"), state=Job.State.DONE, finished_at=timezone.now())


def status_of(assessment: Assessment, kind: str, language: str = "") -> dict:
    """Say for a page how this work stands: `state` is none, waiting, late, done or failed; `message` is for people."""
    return _said(assessment.work.filter(kind=kind, language=language).first())


def statuses_of(assessment: Assessment, kinds: Sequence[str]) -> dict[str, dict]:
    """Say how several kinds of work stand, in one query."""
    rows = {row.kind: row for row in assessment.work.filter(kind__in=kinds, language="")}
    return {kind: _said(rows.get(kind)) for kind in kinds}


def _said(work: Job | None) -> dict:
    if work is None:
        return {"state": "none", "message": ""}
    if work.state == Job.State.FAILED:
        return {
            "state": "failed",
            "message": _("This could not be computed. Nothing is lost; try again."),
            "work": work,
        }
    if work.done < work.wanted and timezone.now() - work.created_at > USUAL:
        message = _(
            "This takes longer than usual. It waits for its turn; nothing is lost, and this page fills in by itself."
        )
        return {"state": "late", "message": message, "work": work}
    if work.done < work.wanted:
        return {"state": "waiting", "message": _("Being computed. This page fills in by itself."), "work": work}
    return {"state": "done", "message": "", "work": work}
