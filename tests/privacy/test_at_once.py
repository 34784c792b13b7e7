"""An erasure while something else of hers happens: it is through in the end, and whole."""

import pytest

from assessments.models import Vote
from assessments.models.private import Rating
from assessments.services.rating import private_answers
from assessments.services.setup import decisions
from partnerships.models import ActivityLogEntry, Membership, User
from powertool.privacy import erasure, retention
from tests.assessments import making
from tests.factories import make_cast
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def she():
    cast = make_cast()
    cast.she = cast.north_representative
    return cast


def test_twice_at_once_is_once(she):
    assert while_held(lambda: erasure.erase_person(she.she), lambda: erasure.erase_person(she.she)) is False
    assert not User.objects.filter(pk=she.she.pk).exists()
    assert ActivityLogEntry.objects.filter(verb="person.erased").count() == 1


def test_what_she_does_at_that_moment_goes_too(she):
    """The vote holds her membership; the erasure waits for it, meets a row that it had not seen, and begins anew."""
    assessment = making.step(she, making.make_assessment(she), "open_voting")
    own, code = she.membership(she.she), assessment.decisions.first().code
    assert while_held(lambda: decisions.vote(assessment, own, [code]), lambda: erasure.erase_person(she.she)) is True
    assert not Vote.objects.exists()
    assert not Membership.objects.filter(pk=own.pk).exists()


def test_an_answer_that_arrives_meanwhile_is_refused(she):
    assessment = making.rating(she)
    own = she.membership(she.she)
    making.answer_all(assessment, own)
    late = while_held(
        lambda: erasure.erase_person(she.she),
        lambda: private_answers.save_level(assessment, own, 1, 1, 3, making.mutation()),
    )
    assert isinstance(late, Exception)
    assert not Rating.objects.exists()


def test_two_tasks_at_once_keep_no_longer(she, settings):
    settings.RETENTION = {**settings.RETENTION, "accounts": 1}
    User.objects.filter(pk=she.guest.pk).update(last_login="2020-01-01T00:00:00Z")
    assert set(while_held(retention.retain, retention.retain)) == set(retention.retain())
    assert not User.objects.filter(pk=she.guest.pk).exists()
