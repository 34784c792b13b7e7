"""What the locks of an assessment hold back, asked over a second connection."""

import pytest
from django.db import OperationalError, connection, transaction

from assessments.models import Assessment
from assessments.workflow.locking import lock_assessment, lock_with_memberships, share_open_rating
from partnerships.services import Refused
from tests.assessments import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other():
    """Return a second connection to the same database."""
    second = connection.copy()
    yield second
    second.close()


def is_free(other, table: str, pk: int, strength: str = "NO KEY UPDATE") -> bool:
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR {strength} NOWAIT", [pk])  # noqa: S608
    except OperationalError:
        return False
    return True


@pytest.mark.parametrize(("lock", "people_free"), [(lock_assessment, True), (lock_with_memberships, False)])
def test_a_lock_holds_the_assessment_and_people_where_asked(cast, other, lock, people_free):
    assessment = making.make_assessment(cast)
    with transaction.atomic():
        assert lock(assessment).partnership == cast.partnership
        assert not is_free(other, "assessments_assessment", assessment.pk)
        assert is_free(other, "partnerships_partnership", cast.partnership.pk) == people_free
    assert is_free(other, "assessments_assessment", assessment.pk)


def test_people_answer_at_the_same_time_and_closing_waits(cast, other):
    assessment = making.rating(cast)
    with transaction.atomic():
        assert share_open_rating(assessment) == assessment.mode
        assert is_free(other, "assessments_assessment", assessment.pk, "SHARE")
        assert not is_free(other, "assessments_assessment", assessment.pk)


def test_a_deleted_assessment_is_refused(cast):
    assessment = making.make_assessment(cast)
    with transaction.atomic():
        assert lock_assessment(assessment)
    Assessment.objects.filter(pk=assessment.pk).delete()
    with transaction.atomic(), pytest.raises(Refused, match="deleted"):
        lock_assessment(assessment)
