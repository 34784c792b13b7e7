"""Two things at the same moment, on the real database: the second waits until the first has committed."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from assessments.models.private import AnswerEvent, Rater, Rating
from assessments.results import frames
from assessments.services.rating import private_answers
from partnerships.services import Refused
from tests.assessments.making import answer_all, mutation, step
from tests.factories import make_cast
from tests.partnerships.overlapping import blocked
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_cast()


def at_once(first: Callable, second: Callable) -> Future:
    """Run `first`; before it commits, start `second` in another connection and see it wait for a lock."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = pool.submit(in_own_connection, second)
            wait_until(lambda: running.done() or blocked(), what="the second waits for the first")
            assert not running.done(), "the second did not wait"
        return running


def in_own_connection(act: Callable):
    try:
        return act()
    finally:
        connection.close()


def answer(assessment, membership, level, partner=1, **kwargs) -> Callable:
    given = mutation(**kwargs)
    return lambda: private_answers.save_level(assessment, membership, 1, partner, level, given)


def test_the_first_answers_of_two_devices_share_one_sheet(assessment, own):
    second = at_once(answer(assessment, own, 3), answer(assessment, own, 1))
    assert second.result().won
    assert (Rater.objects.count(), Rating.objects.get().level, AnswerEvent.objects.count()) == (1, 1, 2)


def test_a_retry_that_overtakes_its_first_try_counts_once(assessment, own):
    same = answer(assessment, own, 3)
    assert at_once(same, same).result().won
    assert (Rating.objects.get().version, AnswerEvent.objects.count()) == (1, 1)


def test_an_answer_confirmed_before_the_closing_is_in_the_frame(cast, assessment, own):
    answer_all(assessment, own, lambda d, p: 2)
    later = answer(assessment, own, 4, base_version=1)
    closing = at_once(later, lambda: step(cast, assessment, "close_rating"))
    assert closing.result().rating_closed_at
    frame = frames.ratings(assessment).set_index(["decision", "partner"])["level"]
    assert frame[1, 1] == 4


def test_an_answer_that_meets_the_closing_is_refused_and_not_in_the_frame(cast, assessment, own):
    answer_all(assessment, own, lambda d, p: 2)
    late = at_once(lambda: step(cast, assessment, "close_rating"), answer(assessment, own, 4, base_version=1))
    with pytest.raises(Refused):
        late.result()
    assert set(frames.ratings(assessment)["level"]) == {2}


def test_a_withdrawal_takes_an_answer_of_the_same_moment_with_it(assessment, own):
    answer(assessment, own, 3)()
    at_once(answer(assessment, own, 1, partner=2), lambda: private_answers.withdraw(assessment, own)).result()
    assert not Rater.objects.exists()


def test_an_answer_after_a_withdrawal_of_the_same_moment_begins_anew(assessment, own):
    answer(assessment, own, 3)()
    second = at_once(lambda: private_answers.withdraw(assessment, own), answer(assessment, own, 1))
    assert second.result().version == 1
    assert AnswerEvent.objects.count() == 1
