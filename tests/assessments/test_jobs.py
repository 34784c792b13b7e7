"""Jobs on a real worker: done once, picked up when its message is lost, whole or not at all when killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from assessments.models import Assessment, Job, Release
from assessments.results.release import make_release
from assessments.workflow import jobs
from powertool import local
from tests.assessments.making import answer_all, rating, step
from tests.waiting import wait_until

NOW = timedelta(0)
DOOMED = f"doomed-{settings.WORKER}"
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def closed_rating(transactional_db, cast):
    """Return a function that closes ratings that a Northern and a Southern organisation gave, with ticks."""

    def close() -> Assessment:
        assessment = rating(cast)
        for person in (cast.north_representative, cast.south_representative):
            answer_all(assessment, cast.membership(person), lambda d, p: 4 if p.side == "north" else 1, tick=True)
        return step(cast, assessment, "close_rating")

    return close


@pytest.fixture
def doomed_worker(transactional_db, broker) -> Iterator[subprocess.Popen]:
    """A worker of this test alone, in one process, to be killed."""
    log = settings.TEST_VAR / "log" / f"doomed-{settings.WORKER}.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "celery", "-A", "powertool", "worker", "--loglevel=INFO", "--pool=solo"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", f"--hostname=doomed-{settings.WORKER}@%h"]
    quiet += ["--queues", DOOMED]  # a queue of its own, so that no other worker takes its message
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = local.spawn([*command, *quiet], log, environment=environment)
    local.wait_for(lambda: " ready." in log.read_text(), process, "Celery", log)
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()
    broker.delete("unacked", "unacked_index", DOOMED)


def pending() -> bool:
    return Job.objects.pending().filter(kind="release").exists()


@pytest.mark.django_db(transaction=True)
def test_closing_the_ratings_makes_the_release_in_the_worker(celery_worker, closed_rating):
    assessment = closed_rating()
    release = wait_until(lambda: Release.objects.filter(assessment=assessment).first(), 60, "the release")
    assert release.data["assessment"]["north"] == 3.0
    wait_until(lambda: not pending(), what="the row is marked as done")


@pytest.mark.django_db(transaction=True)
def test_a_lost_message_is_picked_up_by_the_sweep(closed_rating, request):
    closed_rating()  # its message goes where no worker listens
    request.getfixturevalue("celery_worker")
    assert pending()
    assert jobs.sweep(older_than=NOW) == 1
    wait_until(Release.objects.exists, 60, "the release")


@pytest.mark.django_db(transaction=True)
def test_a_task_delivered_twice_changes_nothing(celery_worker, closed_rating):
    assessment = closed_rating()
    first = wait_until(lambda: Release.objects.filter(assessment=assessment).first(), 60, "the release")
    row = Job.objects.get(kind="release")
    assert jobs.run(row.pk, lambda _row: pytest.fail("done work was done again")) is False
    jobs.request(assessment, "release")
    wait_until(lambda: not pending(), 60, "the second request")
    again = Release.objects.get()
    assert (again.pk, again.data, again.created_at) == (first.pk, first.data, first.created_at)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_the_work_to_the_next_one(doomed_worker, cast, settings):
    assessment = rating(cast)
    answer_all(assessment, cast.membership(cast.north_representative), tick=True)
    settings.REDIS_URL = NOWHERE
    step(cast, assessment, "close_rating")
    # The worker waits for this lock in the middle of its transaction, behind its own lock on the work.
    with transaction.atomic():
        Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
        current_app.send_task("assessments.tasks.run", args=[Job.objects.get(kind="release").pk], queue=DOOMED)
        wait_until(_somebody_waits, 60, "the worker waits for the assessment")
        os.kill(doomed_worker.pid, signal.SIGKILL)
        doomed_worker.wait()
    assert pending()
    assert not Release.objects.exists()
    row = Job.objects.get(kind="release")
    assert wait_until(
        lambda: jobs.run(row.pk, lambda held: make_release(held.assessment)), what="the lock went with it"
    )
    assert Release.objects.count() == 1
    assert not pending()


def _somebody_waits() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')")
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db
def test_failed_job_says_so_and_can_be_tried_again(cast):
    assessment = rating(cast)
    step(cast, assessment, "close_rating")
    row = Job.objects.get(kind="release")

    def fail(_row):
        raise RuntimeError("no room left")

    for _attempt in range(jobs.MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            jobs.run(row.pk, fail)
    assert jobs.status_of(assessment, "release")["state"] == "failed"
    assert not pending()
    jobs.retry(Job.objects.get(pk=row.pk))
    assert jobs.status_of(assessment, "release")["state"] == "waiting"
    assert jobs.run(row.pk, lambda held: None) is True
    assert jobs.status_of(assessment, "release")["state"] == "done"


@pytest.mark.django_db
def test_what_waits_longer_than_usual_says_so(cast):
    assessment = rating(cast)
    step(cast, assessment, "close_rating")
    assert jobs.status_of(assessment, "release")["state"] == "waiting"
    assessment.jobs.update(created_at=timezone.now() - jobs.USUAL)
    late = jobs.status_of(assessment, "release")
    assert late["state"] == "late"
    assert "This is taking longer than usual, but nothing has been lost" in late["message"]


@pytest.mark.django_db
def test_what_is_asked_for_during_a_run_is_done_afterwards(cast):
    assessment = rating(cast)
    step(cast, assessment, "close_rating")
    row = Job.objects.get(kind="release")
    assert jobs.run(row.pk, lambda held: jobs.request(held.assessment, "release"))
    assert pending()
    assert jobs.run(row.pk, lambda held: None)
    assert not pending()


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_row_waits_and_nobody_else_does(celery_worker, cast, caplog, settings):
    there = settings.REDIS_URL
    settings.REDIS_URL = NOWHERE
    assert step(cast, rating(cast), "close_rating").stage == "joint"
    assert "The broker is away" in caplog.text
    assert pending()
    caplog.clear()
    settings.REDIS_URL = there
    assert step(cast, rating(cast), "close_rating").stage == "joint"
    assert "The broker is away" not in caplog.text
