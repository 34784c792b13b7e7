"""Rehearsal leaves no trace: every table, every key, every file is as it was before."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Release, Report, Stage
from partnerships.models import ActivityLogEntry, Notification, Partnership
from tests.factories import UserFactory
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "This is a rehearsal."
SIGN_INS = ("django_session", "usersessions_usersession")


def traces(broker) -> dict[str, object]:
    """Return what every table holds, row by row, and the names of all keys and files.

    How often a person asked for files is counted for some minutes, whatever the files were of.
    """
    rows = {model._meta.db_table: rows_of(model) for model in apps.get_models(include_auto_created=True)}
    keys = {key.decode() for key in broker.scan_iter("*") if not key.startswith(b"_kombu") and b":uses:" not in key}
    files = (
        {str(path) for path in Path(settings.MEDIA_ROOT).rglob("*")} if Path(settings.MEDIA_ROOT).exists() else set()
    )
    return {**rows, "keys": keys, "files": files}


def rows_of(model) -> list:
    """Return the rows of a table; of sign-ins only which there are, since every page writes to them."""
    fields = ["pk"] if model._meta.db_table in SIGN_INS else []
    return sorted(map(repr, model._base_manager.values_list(*fields)))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def takes(page: Page, assessment: Assessment, action: str) -> None:
    page.goto(f"{assessment.get_absolute_url()}step/{action}/")
    expect(page.get_by_text(MARK)).to_be_visible()
    page.locator("main form[method=post] button[type=submit], main form[method=post] .btn-primary").last.click()
    page.wait_for_url(f"**{assessment.get_absolute_url()}")


def looks_as(page: Page, trial: Partnership, name: str) -> None:
    page.goto(f"/assessments/in/{trial.code}/rehearsal/")
    page.get_by_role("button", name=f"View as Invented person from {name}").click()
    expect(page.get_by_text(f"You are viewing these pages as Invented person from {name}.")).to_be_visible()


def test_a_rehearsal_from_start_to_end_leaves_no_trace(celery_worker, broker, new_page):
    noor = UserFactory(name="Noor")
    page = new_page(noor, width=360, height=740)
    page.goto("/")
    before = traces(broker)
    page.get_by_role("link", name="Rehearse first").first.click()
    press(page, "Rehearse with two sides")
    page.wait_for_url("**/rehearsal/")
    trial = Partnership.objects.get()
    assessment = Assessment.objects.get()

    collects(page, assessment)
    takes(page, assessment, "open_rating")
    looks_as(page, trial, "Dawa")
    page.goto(f"{assessment.get_absolute_url()}rate/")
    expect(page.get_by_text(MARK)).to_be_visible()
    page.goto(f"/assessments/in/{trial.code}/rehearsal/")
    press(page, "Let the invented people answer")
    expect(page.get_by_text("6 invented people have answered.")).to_be_visible()
    press(page, "View as myself again")
    page.goto(f"{assessment.get_absolute_url()}words/close_rating/")
    page.get_by_label("Last day to answer").fill(timezone.localdate().isoformat())
    press(page, "Set the last day")
    press(page, "Say yes for Northern partners")
    wait_until(lambda: Release.objects.exists(), what="the worker puts the release together")

    page.goto(f"{assessment.get_absolute_url()}session/")
    expect(page.get_by_text(MARK)).to_be_visible()
    page.goto(f"{assessment.get_absolute_url()}session/wall/")
    expect(page.get_by_text(MARK)).to_be_visible()
    page.goto(f"{assessment.get_absolute_url()}report/")
    expect(page.get_by_text("Nothing in this report is real.")).to_be_visible()
    press(page, "Create the PDF")
    wait_until(lambda: Report.objects.exists(), 60, "the worker makes the report")
    assert Assessment.objects.get().stage == Stage.JOINT
    assert ActivityLogEntry.objects.exists()
    assert not Notification.objects.exists()
    assert traces(broker) != before

    page.goto(f"/assessments/in/{trial.code}/rehearsal/")
    press(page, "Delete the rehearsal")
    expect(page.get_by_text("The rehearsal and all its contents have been deleted.")).to_be_visible()
    wait_until(lambda: not broker.llen(settings.CELERY_TASK_DEFAULT_QUEUE), what="no message waits")
    after = traces(broker)
    assert {name: after[name] for name in after if after[name] != before[name]} == {}


def collects(page: Page, assessment: Assessment) -> None:
    """Say who is not in the room, which is kept with the rest."""
    page.goto(f"{assessment.get_absolute_url()}heard/")
    page.locator("#id_absent_text").fill("The herders")
    page.get_by_role("button", name="Add my answer").first.click()
    expect(page.get_by_text("The herders", exact=True)).to_be_visible()
