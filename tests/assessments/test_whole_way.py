"""The whole way of an assessment, by its services alone."""

import pytest

from assessments.models import Job, Release, Stage
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from tests.assessments.making import agree_levels, answer_all, closed, rating, step


@pytest.mark.django_db
def test_from_proposal_to_closing(cast):
    assessment = rating(cast)
    for person in (cast.north_representative, cast.south_representative, cast.guest):
        answer_all(assessment, cast.membership(person), lambda d, p: 4 if p.side == "north" else 1, tick=True)
    assessment = step(cast, assessment, "close_rating")
    assert assessment.stage == Stage.JOINT
    assert Job.objects.pending().filter(kind="release").count() == 1
    release = make_release(assessment)
    assert release.data["assessment"]["north"] == 3.0
    assert release.data["assessment"]["south"] == 3.0
    agree_levels(cast, assessment, actual=lambda d, p: 4 if p.side == "north" else 0)
    assert make_agreed_result(assessment).scores["assessment"] == {"gap": 4.0, "balance": 0.0}


@pytest.mark.django_db
def test_closed_by_the_confirmations_of_both_facilitators(cast):
    assessment = closed(cast)
    assert assessment.stage == Stage.CLOSED
    assert assessment.agreed_results.get(final=True).scores["assessment"]["balance"] == 100.0
    assert Release.objects.get().data["assessment"]["north"] is None
