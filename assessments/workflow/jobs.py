"""Jobs for the workers: ask for one, run it once, and send again what a lost message or a killed worker left behind."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypedDict

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Job
from assessments.workflow.locking import try_lock_job
from partnerships.task_sending import send_task

MOST_ATTEMPTS = 3
UNDER_WAY = ("waiting", "late")
USUAL = timedelta(seconds=20)  # what takes longer waits: for Redis, for a worker, or behind others


class JobStatus(TypedDict):
    """What a page shows of a job: its state (none, waiting, late, done, failed) and a sentence for people."""

    state: str
    message: str


def request(assessment: Assessment, kind: str, language: str = "") -> Job:
    """Ask for a job in the running transaction; the message goes out on commit."""
    job, created = Job.objects.get_or_create(assessment=assessment, kind=kind, language=language)
    if not created:
        Job.objects.filter(pk=job.pk).update(
            wanted=F("wanted") + 1, state=Job.State.WAITING, attempts=0, error="", created_at=timezone.now()
        )
    transaction.on_commit(lambda: send(job.pk), robust=True)
    return job


def request_unless_pending(assessment: Assessment, kind: str, language: str) -> Job:
    """Ask for a job; while one is under way, no second is asked for."""
    pending = assessment.jobs.pending().filter(kind=kind, language=language).first()
    return pending or request(assessment, kind, language)


def send(job_id: int) -> None:
    """Send the message that makes it fast. Without Redis nothing is lost: the row waits for the sweep."""
    send_task("assessments.tasks.run", job_id)


def sweep(older_than: timedelta = timedelta(seconds=10)) -> int:
    """Send again the jobs that wait for longer than they should; return how many."""
    waiting = Job.objects.pending().filter(created_at__lt=timezone.now() - older_than).order_by("pk")
    job_ids = list(waiting.values_list("pk", flat=True)[:500])
    for job_id in job_ids:
        send(job_id)
    return len(job_ids)


def run(job_id: int, make: Callable[[Job], object]) -> bool:
    """Do a job unless it is done or another worker is at it; return whether it was done here.

    `make` and the mark that it is done are one transaction, so a worker that is killed half-way leaves the row pending.
    """
    try:
        with transaction.atomic():
            if not try_lock_job(job_id):
                return False
            job = Job.objects.select_related("assessment__partnership").filter(pk=job_id).first()
            if job is None or job.done >= job.wanted or job.state == Job.State.FAILED:
                return False
            make(job)
            _mark_done(job)
    except Exception as error:
        _mark_failed(job_id, error)
        raise
    if Job.objects.pending().filter(pk=job_id).exists():
        send(job_id)
    return True


def _mark_done(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(done=job.wanted, attempts=0, error="", finished_at=timezone.now())
    Job.objects.filter(pk=job.pk, wanted=job.wanted).update(state=Job.State.DONE)


def _mark_failed(job_id: int, error: Exception) -> None:
    Job.objects.filter(pk=job_id).update(attempts=F("attempts") + 1, error=type(error).__name__)
    Job.objects.filter(pk=job_id, attempts__gte=MOST_ATTEMPTS).update(state=Job.State.FAILED)


def given_up() -> QuerySet[Job]:
    """Return the jobs that no worker tries again by itself, the oldest first."""
    return Job.objects.filter(state=Job.State.FAILED).order_by("created_at", "pk")


def retry(job: Job) -> None:
    """Start a failed job again, by hand."""
    with transaction.atomic():
        request(job.assessment, job.kind, job.language)


def settle(assessment: Assessment) -> None:
    """Mark everything asked for so far as done, where the results were just made without a worker."""
    assessment.jobs.update(done=F("wanted"), state=Job.State.DONE, finished_at=timezone.now())


def status_of(assessment: Assessment, kind: str, language: str = "") -> JobStatus:
    """Return the status of a job, for a page."""
    return _status(assessment.jobs.filter(kind=kind, language=language).first())


def statuses_of(assessment: Assessment, kinds: Sequence[str]) -> dict[str, JobStatus]:
    """Return the status of several kinds of job, in one query."""
    jobs = {job.kind: job for job in assessment.jobs.filter(kind__in=kinds, language="")}
    return {kind: _status(jobs.get(kind)) for kind in kinds}


def _status(job: Job | None) -> JobStatus:
    if job is None:
        return {"state": "none", "message": ""}
    if job.state == Job.State.FAILED:
        return {
            "state": "failed",
            "message": _("The calculation failed, but nothing was lost. Please try again."),
        }
    if job.done < job.wanted and timezone.now() - job.created_at > USUAL:
        message = _(
            "This is taking longer than usual, but nothing has been lost. This page will show the result when it is "
            "ready."
        )
        return {"state": "late", "message": message}
    if job.done < job.wanted:
        return {
            "state": "waiting",
            "message": _("We are calculating the results. This page will show them automatically."),
        }
    return {"state": "done", "message": ""}
