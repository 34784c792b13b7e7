"""The pages under /staff/: usage in counts, tasks that were given up, what waits for coordinators."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Job
from assessments.models.private import Rating
from community.models import FileState, PaperFile
from community.services import moderation
from community.services.papers import publishing
from partnerships.models import Partnership
from powertool import usage
from tests.assessments.making import answer_all, closed, rating, step
from tests.community.making import make_finding, member, reader
from tests.community.papermaking import leader, make_paper
from tests.factories import make_cast
from tests.security import secondstep

pytestmark = pytest.mark.django_db
PAGES = ("staff-usage", "staff-failed", "staff-moderation", "staff-texts")


def version(paper):
    """Publish a paper, whose files then wait."""
    editor = leader("Lore Lead")
    return publishing.publish(paper, editor.user, reader(editor))


@pytest.fixture
def staff(client, cast):
    secondstep.sign_in(client, cast.staff)
    return client


def fail(assessment: Assessment, kind: str = "release") -> Job:
    row = Job.objects.get_or_create(assessment=assessment, kind=kind)[0]
    Job.objects.filter(pk=row.pk).update(state="failed", attempts=3, error="RuntimeError")
    return row


def test_usage_counts_by_month_without_demonstrations(staff, cast):
    closed(cast)
    elsewhere = make_cast()
    Partnership.objects.filter(pk=elsewhere.partnership.pk).update(is_demo=True)
    rating(elsewhere)
    newest, before, *_older = usage.by_month()
    assert newest["month"] == timezone.localdate().replace(day=1)
    told = {name: newest[name] for name in ("partnerships", "started", "closed", "releases")}
    assert told == {"partnerships": 3, "started": 1, "closed": 1, "releases": 1}
    assert set(before.values()) - {before["month"]} == {0}
    assert dict(usage.by_stage())["closed"] == 1
    assert sum(count for _stage, count in usage.by_stage()) == 1
    assert staff.get(reverse("staff-usage")).status_code == 200


def test_months_go_back_over_the_new_year_and_end():
    found = usage.months(date(2027, 2, 14))
    assert (found[0], found[1], found[2], found[-1]) == (
        date(2027, 2, 1),
        date(2027, 1, 1),
        date(2026, 12, 1),
        date(2026, 3, 1),
    )


def test_what_is_older_than_a_year_is_left_out(cast):
    assessment = rating(cast)
    first = usage.months(timezone.localdate())[-1]
    moment = timezone.now().replace(year=first.year, month=first.month, day=1, hour=0, minute=0, second=1)
    for created, count in ((moment, 1), (moment - timedelta(seconds=2), 0)):
        Assessment.objects.filter(pk=assessment.pk).update(created_at=created)
        assert sum(row["started"] for row in usage.by_month()) == count


def test_failed_task_is_started_anew_after_asking(staff, cast):
    row = fail(rating(cast))
    url = reverse("staff-failed")
    page = staff.get(url).content.decode()
    assert "RuntimeError" in page
    assert cast.partnership.name in page
    asked = staff.post(url, {"task": f"job-{row.pk}"})
    assert asked.status_code == 200
    assert Job.objects.get().state == "failed"
    assert staff.post(url, {"task": f"job-{row.pk}", "sure": "yes"}).status_code == 302
    found = Job.objects.get()
    assert (found.state, found.attempts, found.wanted) == ("waiting", 0, 2)
    staff.post(url, {"task": f"job-{row.pk}", "sure": "yes"})  # pressed twice
    assert Job.objects.get().wanted == 2
    assert "No task has failed." in staff.get(url).content.decode()


@pytest.mark.parametrize("name", ["", "job-", "job-0", "file-1", "job-" + "9" * 40])
def test_what_was_not_given_up_is_not_started(staff, cast, name):
    row = fail(rating(cast))
    assert staff.post(reverse("staff-failed"), {"task": name, "sure": "yes"}).status_code == 302
    assert Job.objects.get(pk=row.pk).state == "failed"


def test_a_file_of_a_paper_that_was_given_up_is_made_after_all(staff):
    files = version(make_paper()).files
    files.update(state=FileState.FAILED, attempts=publishing.ATTEMPTS)
    file = files.first()
    assert publishing.make(file.pk) is False
    assert staff.get(reverse("staff-failed")).content.decode().count("Pay partners in time") >= files.count()
    staff.post(reverse("staff-failed"), {"task": f"file-{file.pk}", "sure": "yes"})
    assert PaperFile.objects.get(pk=file.pk).state == FileState.WAITING
    assert file.pk in publishing.unfinished()
    assert set(publishing.given_up()) == set(files.exclude(pk=file.pk))


def test_no_page_shows_a_private_answer_or_a_reason(staff, cast):
    assessment = rating(cast)
    answer_all(assessment, cast.membership(cast.north_representative), lambda d, p: 4, tick=True)
    step(cast, assessment, "close_rating")
    fail(assessment)
    with CaptureQueriesContext(connection) as queries:
        for name in PAGES:
            assert staff.get(reverse(name)).status_code == 200
        admin = staff.get(reverse("admin:index")).content.decode()
    read = "\n".join(query["sql"] for query in queries)
    private = (
        "_rating",
        "_rater",
        "_privateagreement",
        "_answerevent",
        "_handin",
        "_agreetap",
        "_concern",
        "_submission",
    )
    assert [name for name in private if f'"assessments{name}"' in read] == []
    assert Rating.objects.exists()
    assert "/staff/assessments/" not in admin


def test_the_queue_tells_what_waits_and_not_who_reported(staff):
    item, reporter = make_finding(member("Ama"), "Claim", "It was so."), member("Rita Reporter")
    moderation.report(item, reporter.user, "A reason of hers")
    page = staff.get(reverse("staff-moderation")).content.decode()
    assert item.title in page
    assert "A reason of hers" not in page
    assert reporter.user.name not in page


def test_numbers_of_statements_do_not_grow(staff):
    found = []
    for _round in range(2):
        for _number in range(3):
            fail(rating(make_cast()))
            moderation.report(make_finding(member(), "Claim", "It was so."), member().user, "Why")
        counts = []
        for name in PAGES:
            with CaptureQueriesContext(connection) as queries:
                staff.get(reverse(name))
            counts.append(len(queries))
        found.append(counts)
    assert found[0] == found[1]
