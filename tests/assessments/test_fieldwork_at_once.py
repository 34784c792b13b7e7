"""Two imports at the same moment, and an import and the web: each waits for the other, and nothing is counted twice."""

import pytest

from assessments.fieldwork import kobo
from assessments.fieldwork.questions import questions_of
from assessments.models.private import AnswerEvent, Rating, Submission
from assessments.services.rating import fieldwork, private_answers
from assessments.services.rating.fieldwork import FormState
from partnerships.models import Notification
from partnerships.services import Refused
from tests.assessments.fieldworking import as_csv, row
from tests.assessments.making import mutation, step
from tests.assessments.test_private_at_once import at_once
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def importing(cast, assessment, own):
    """Bring in a form of hers and one of the guest's."""
    rows = [row(assessment, own), row(assessment, cast.membership(cast.guest))]
    forms = kobo.parse_export(as_csv(*rows), questions_of(assessment)).forms
    return lambda: fieldwork.bring_in(assessment, cast.north_facilitator, forms)


def test_the_same_file_twice_at_once_counts_once(importing):
    assert at_once(importing, importing).result() == {FormState.SAME: 2}
    assert (Rating.objects.count(), AnswerEvent.objects.count(), Submission.objects.count()) == (2, 2, 2)
    assert Notification.objects.filter(kind="assessments.answers_imported").count() == 2


def test_the_second_import_into_an_assessment_waits_as_well(cast, assessment, own, importing):
    first = kobo.parse_export(as_csv(row(assessment, own, {(2, 2): "1"})), questions_of(assessment)).forms
    fieldwork.bring_in(assessment, cast.north_facilitator, first)
    assert at_once(importing, importing).result() == {FormState.SAME: 2}
    assert Rating.objects.count() == 3


def test_an_answer_on_the_web_of_the_same_moment_wins_as_the_newer(assessment, own, importing):
    receipt = at_once(importing, lambda: private_answers.save_level(assessment, own, 1, 1, 0, mutation())).result()
    assert receipt.won
    assert Rating.objects.get(rater__membership=own).level == 0


def test_a_withdrawal_of_the_same_moment_takes_the_import_with_it(assessment, own, importing):
    at_once(importing, lambda: private_answers.withdraw(assessment, own)).result()
    assert not Rating.objects.filter(rater__membership=own).exists()
    assert importing() == {FormState.SAME: 2}
    assert not Rating.objects.filter(rater__membership=own).exists()


def test_an_import_that_meets_the_closing_brings_in_nothing(cast, assessment, importing):
    late = at_once(lambda: step(cast, assessment, "close_rating"), importing)
    with pytest.raises(Refused):
        late.result()
    assert not Submission.objects.exists()


def test_another_code_at_the_same_moment_comes_before_or_after(assessment, own, importing):
    code = at_once(importing, lambda: fieldwork.renew_code(assessment, own)).result()
    assert Rating.objects.count() == 2
    assert fieldwork.code_of(assessment, own) == code
