"""Daily jobs: each is done at its hour (UTC), or as soon as beat is back if it was away then.

A row per job holds the last due time that was done, so it matters neither when beat was started nor how many run.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from celery import current_app
from django.db.models import Q
from django.utils import timezone

from partnerships.models import DailyRun
from partnerships.task_sending import send_task

LEASE = timedelta(minutes=10)  # longer than a worker lets a task run; then another worker may try


@dataclass(frozen=True)
class Job:
    """A task without arguments, and its hour. It may run again after a worker was killed half-way."""

    task: str
    at: time


JOBS = (
    Job("powertool.tasks.retain", time(1)),
    Job("community.tasks.refresh_evidence", time(2)),
    Job("assessments.tasks.remind", time(5)),
)


def last_due(job: Job, now: datetime) -> datetime:
    """Return when a job was due for the last time."""
    today = datetime.combine(now.astimezone(UTC), job.at, UTC)
    return today if today <= now else today - timedelta(days=1)


def start(now: datetime | None = None) -> list[str]:
    """Send a message for each job that is due, and return their names; one message too many is harmless."""
    now = now or timezone.now()
    waiting = [job.task for job in JOBS if not is_done(job, last_due(job, now))]
    for task in waiting:
        send_task("powertool.tasks.run_daily", task)
    return waiting


def is_done(job: Job, due: datetime) -> bool:
    return DailyRun.objects.filter(task=job.task, done_for__gte=due).exists()


def run(task: str, now: datetime | None = None) -> bool:
    """Do a job if it is due and no other worker does it; return whether it was done here."""
    now = now or timezone.now()
    job = next(job for job in JOBS if job.task == task)
    due = last_due(job, now)
    if not lease(job, due, now):
        return False
    do(job)
    DailyRun.objects.filter(task=task).update(done_for=due, taken_until=None)
    return True


def lease(job: Job, due: datetime, now: datetime) -> bool:
    """Lease a job for a while. Of two workers that try at once, one gets it."""
    DailyRun.objects.get_or_create(task=job.task)
    is_due = Q(done_for=None) | Q(done_for__lt=due)
    is_free = Q(taken_until=None) | Q(taken_until__lte=now)
    return bool(DailyRun.objects.filter(is_due, is_free, task=job.task).update(taken_until=now + LEASE))


def do(job: Job) -> None:
    """Run a job's task in this process."""
    current_app.tasks[job.task]()
