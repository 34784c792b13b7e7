"""Processes that die at named points: what was confirmed is there, what was not says so, and work resumes by itself."""

from functools import partial

import pytest
from django.urls import reverse

from assessments.models import AgreedResult, Assessment, Job
from assessments.models.private import AnswerEvent, Rating
from tests.assessments.making import agree_levels, in_session, nothing_to_add, rating, step
from tests.factories import make_cast
from tests.faults.points import AFTER_COMMIT, AFTER_PUBLISH, BEFORE_ACKNOWLEDGEMENT, BEFORE_COMMIT
from tests.processes import Load, Representative, lost, sign_in
from tests.waiting import wait_until

SAVED, ASKED, DONE = 'INSERT INTO "assessments_rating"', 'INSERT INTO "assessments_job"', 'UPDATE "assessments_job"'
RUN = "assessments.tasks.run"


@pytest.fixture
def phone(ground) -> Representative:
    with ground.site.rows():
        cast = make_cast()
        return Representative(ground.site, rating(cast), cast.membership(cast.south_representative))


@pytest.mark.parametrize(("point", "there"), [(BEFORE_COMMIT, 0), (AFTER_COMMIT, 1)])
def test_the_web_server_dies_in_the_middle_of_a_save(ground, phone, point, there):
    first = phone.send(1, 1, 3)
    order = ground.order(point, SAVED)
    sent = phone.send_once(1, 2, 4)
    assert not order.exists(), "it did not die"
    assert not sent.receipt
    with ground.site.rows():
        assert AnswerEvent.objects.filter(mutation_id=sent.mutation).count() == there
    again = phone.again(sent)  # by the same name, as phones do
    assert again.receipt
    assert again.receipt["won"]
    with ground.site.rows():
        assert AnswerEvent.objects.filter(mutation_id=sent.mutation).count() == 1
        assert Rating.objects.get(mutation_id=sent.mutation).version == 1
    assert phone.confirmed == [first, sent]
    assert lost(ground.site, [phone]) == []


def test_the_whole_web_server_dies_and_is_started_again(ground, phone):
    phone.send(1, 1, 3)
    order = ground.order(BEFORE_COMMIT, SAVED, everybody=True)
    sent = phone.send_once(1, 2, 4)
    assert not sent.receipt
    assert not order.exists()
    ground.web.popen.wait(30)
    ground.site.start_again(ground.web)
    ground.site.ready()
    phone.again(sent)
    assert lost(ground.site, [phone]) == []


@pytest.mark.parametrize(
    ("point", "about", "stage"),
    [(BEFORE_COMMIT, ASKED, "rating"), (AFTER_COMMIT, ASKED, "joint"), (AFTER_PUBLISH, RUN, "joint")],
    ids=["before commit", "between commit and publish", "after publish"],
)
def test_the_web_server_dies_while_a_facilitator_closes_the_ratings(ground, closing, point, about, stage):
    order = ground.order(point, about)
    assert closing.close() == 0, "nothing was confirmed"
    assert not order.exists()
    assert closing.stage == stage
    if stage == "rating":
        assert wait_until(closing.close) == 302
    if point == AFTER_COMMIT:
        assert not closing.released(), "no message went out"
        ground.age(closing.assessment)
    wait_until(closing.released, 60, "the release, without a hand")


@pytest.mark.parametrize(
    ("point", "about"),
    [(BEFORE_COMMIT, DONE), (AFTER_COMMIT, DONE), (BEFORE_ACKNOWLEDGEMENT, RUN)],
    ids=["before commit", "after commit", "between publish and acknowledgement"],
)
def test_a_worker_dies_at_the_release(ground, closing, point, about):
    order = ground.order(point, about)
    assert closing.close() == 302
    wait_until(lambda: not order.exists(), what="its death")
    wait_until(closing.released, 60, "the release, once, without a hand")


def test_the_whole_worker_dies_in_the_middle_and_another_one_takes_over(ground, closing):
    order = ground.order(BEFORE_COMMIT, DONE, everybody=True)
    assert closing.close() == 302
    wait_until(lambda: not order.exists() and not ground.worker.runs, what="its death")
    assert not closing.released()
    ground.age(closing.assessment)
    ground.site.start_again(ground.worker)
    wait_until(closing.released, 60, "the release, by the sweep")


def test_a_message_delivered_twice_at_once_does_the_work_once(ground, closing):
    """Both processes of the worker get it; the one that comes second leaves it to the first."""
    assert closing.close() == 302
    with ground.site.rows():
        job = Job.objects.get(assessment=closing.assessment)
    for _time in range(2):
        ground.publish(RUN, job.pk)
    wait_until(closing.released, 60, "the release, once")


def test_two_facilitators_close_at_once(ground):
    with ground.site.rows():
        cast = make_cast()
        assessment = in_session(cast)
        agree_levels(cast, assessment)
        assessment = step(cast, assessment, "read_back")
        nothing_to_add(assessment)
        both = [sign_in(ground.site, one) for one in (cast.north_facilitator, cast.south_facilitator)]
    statuses: list[int] = []
    load, path = Load(), reverse("assessments:closing-confirm", args=[assessment.code])
    for one in both:
        load.once(partial(lambda one: statuses.append(one.ask("POST", path, {}).status), one))
    with load:
        wait_until(lambda: len(statuses) == 2, what="both answers")
    assert statuses == [302, 302]
    with ground.site.rows():
        assert Assessment.objects.get(pk=assessment.pk).stage == "closed"
        final = AgreedResult.objects.filter(assessment=assessment, final=True)
        wait_until(lambda: final.count() == 1 and not assessment.jobs.pending().exists(), 60, "the final result, once")
