"""A daily job runs once for each due time: after a restart or a break of beat, and with two beats."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings
from django.db import connection

from partnerships.models import DailyRun
from powertool import daily
from powertool.celery import app
from tests.processes import new_site  # noqa: F401 (a fixture)
from tests.waiting import wait_until

JOB = daily.Job("of.a.test", time(6))
DAY = timedelta(days=1)
SIX = datetime(2026, 11, 29, 6, tzinfo=UTC)


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """Let one job of a test be all that there is; what it did is listed."""
    found: list[str] = []
    monkeypatch.setattr(daily, "JOBS", (JOB,))
    monkeypatch.setattr(daily, "do", lambda job: found.append(job.task))
    return found


def sweep(at: datetime) -> None:
    """Do what beat and the worker do, without the messages between them."""
    for task in daily.start(at):
        daily.run(task, at)


@pytest.mark.django_db
def test_a_job_runs_once_from_its_hour_on(done):
    sweep(SIX - DAY)
    done.clear()
    sweep(SIX - timedelta(seconds=1))
    assert done == []
    for minutes in (0, 1, 12 * 60, 24 * 60 - 1):
        sweep(SIX + timedelta(minutes=minutes))
    assert done == [JOB.task]
    sweep(SIX + DAY)
    assert done == [JOB.task] * 2


@pytest.mark.django_db
def test_a_job_catches_up_once_after_days_away(done):
    sweep(SIX)
    sweep(SIX + 3 * DAY + timedelta(hours=5))
    sweep(SIX + 3 * DAY + timedelta(hours=6))
    assert done == [JOB.task] * 2


@pytest.mark.django_db
def test_a_clock_that_goes_back_repeats_nothing(done):
    sweep(SIX + DAY)
    sweep(SIX)
    assert done == [JOB.task]


@pytest.mark.django_db
def test_a_job_that_failed_is_tried_again_later(done, monkeypatch):
    def fail(job: daily.Job) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(daily, "do", fail)
        with pytest.raises(OSError):  # noqa: PT011
            sweep(SIX)
    sweep(SIX + daily.LEASE - timedelta(seconds=1))  # as after a worker that was killed: it may still be at it
    assert done == []
    sweep(SIX + daily.LEASE)
    assert done == [JOB.task]


def at_once(act: Callable[[], object], times: int = 4) -> list[object]:
    """Do something in several threads that begin together; return what each found."""
    found, ready = [], threading.Barrier(times)

    def go() -> None:
        ready.wait()
        found.append(act())
        connection.close()

    threads = [threading.Thread(target=go) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_a_job_that_two_beats_send_runs_once(done):
    for day in range(3):
        found = at_once(lambda day=day: daily.run(JOB.task, SIX + day * DAY))
        assert sorted(found) == [False, False, False, True]
    assert done == [JOB.task] * 3


def test_each_job_is_a_task_and_none_waits_a_day_in_beat():
    app.loader.import_default_modules()
    assert {job.task for job in daily.JOBS} <= set(app.tasks)
    intervals = [each["schedule"] for each in settings.CELERY_BEAT_SCHEDULE.values()]
    assert all(each <= 60 for each in intervals if isinstance(each, int | float))
    tasks = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.isdisjoint(job.task for job in daily.JOBS)


def test_beats_that_were_just_started_do_what_is_due(new_site):  # noqa: F811
    site = new_site("daily", changes={"SWEEP_SECONDS": "1"})
    site.worker()
    for name in ("one", "two"):
        site.beat(name)

    def rows() -> dict[str, datetime]:
        with site.rows():
            return dict(DailyRun.objects.exclude(done_for=None).values_list("task", "done_for"))

    tasks = {job.task for job in daily.JOBS}
    first = wait_until(lambda: tasks == set(found := rows()) and found, 60, "all daily jobs are done")
    assert all(timedelta(0) <= datetime.now(UTC) - due <= DAY for due in first.values())
    with site.rows():
        DailyRun.objects.update(done_for=SIX - 300 * DAY)
    site.beat("three")
    assert wait_until(lambda: (found := rows()) == first and found, 60, "what was missed is made up")
