"""Rules that the database itself holds, whatever code writes to it."""

import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessments.models import AgreedLevel, Assessment, Participant, Release
from assessments.models.private import Rater, Rating
from tests.assessments.making import agree_levels, closed, in_session, make_assessment, rating, step
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def new_rating(assessment, cast, **fields):
    rater, _ = Rater.objects.get_or_create(
        assessment=assessment,
        membership=cast.membership(cast.south_representative),
        defaults={"participant": assessment.participants.get(acronym="S1")},
    )
    own = {
        "rater": rater,
        "decision": assessment.decisions.first(),
        "participant": assessment.participants.first(),
        "mutation_id": uuid.uuid4(),
        "answered_at": timezone.now(),
        "level": 2,
    }
    with transaction.atomic():
        return Rating.objects.create(**{**own, **fields})


def test_a_level_is_between_0_and_4_or_missing(cast):
    assessment = rating(cast)
    with refused("rating_level_0_to_4"):
        new_rating(assessment, cast, level=5)
    assert new_rating(assessment, cast, level=None).level is None


def test_one_rating_per_cell(cast):
    assessment = rating(cast)
    new_rating(assessment, cast)
    with refused("rating_once_per_cell"):
        new_rating(assessment, cast)


def test_no_rating_after_closing(cast):
    assessment = rating(cast)
    new_rating(assessment, cast)
    step(cast, assessment, "close_rating")
    with refused("private ratings are closed"):
        new_rating(assessment, cast, participant=assessment.participants.last())


def test_no_rating_across_assessments(cast):
    one, other = rating(cast), rating(cast)
    with refused("different assessments"):
        new_rating(one, cast, decision=other.decisions.first())


def test_a_side_is_frozen(cast):
    participant = rating(cast).participants.first()
    Participant.objects.filter(pk=participant.pk).update(name="New name")
    with refused("side is frozen"), transaction.atomic():
        Participant.objects.filter(pk=participant.pk).update(side="south")


def test_the_mode_is_fixed_when_rating_first_opens(cast):
    assessment = make_assessment(cast)
    Assessment.objects.filter(pk=assessment.pk).update(mode="all_together")
    step(cast, assessment, "open_rating")
    with refused("mode is fixed"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(mode="named")


def test_k_only_goes_up(cast):
    assessment = make_assessment(cast)
    Assessment.objects.filter(pk=assessment.pk).update(k=4)
    with refused("assessment_k_upwards_only"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(k=2)


def test_a_release_is_made_once_and_not_changed(cast):
    assessment = in_session(cast)
    release = Release.objects.get(assessment=assessment)
    with refused("release is made once"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(data={})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('powertool.shrink', 'on', true)")
        Release.objects.filter(pk=release.pk).update(data={})


def test_agreed_levels_change_in_the_session_only(cast):
    assessment = in_session(cast)
    agree_levels(cast, assessment)
    step(cast, assessment, "read_back")
    with refused("joint session only"), transaction.atomic():
        AgreedLevel.objects.filter(decision__assessment=assessment).update(actual=4)
    step(cast, assessment, "back_to_session")
    AgreedLevel.objects.filter(decision__assessment=assessment).update(actual=4)


def test_one_agreed_level_per_cell_and_none_where_it_differs(cast):
    assessment = in_session(cast)
    cell = {"decision": assessment.decisions.first(), "participant": assessment.participants.first()}
    AgreedLevel.objects.create(**cell, actual=2)
    with refused("agreed_level_once_per_cell"), transaction.atomic():
        AgreedLevel.objects.create(**cell, actual=3)
    with refused("agreed_actual_only_where_agreed"), transaction.atomic():
        AgreedLevel.objects.filter(**cell).update(state="differs")


def test_closed_stays_closed(cast):
    assessment = closed(cast)
    with refused("stays closed"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(stage="joint", closed_at=None)


def test_the_final_result_stays(cast):
    result = closed(cast).agreed_results.get(final=True)
    with refused("final result stays"), transaction.atomic():
        result.scores = {}
        result.save()
