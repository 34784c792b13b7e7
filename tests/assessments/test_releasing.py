"""Which sheets a release is made from, that it is made once, and how it shrinks."""

import pytest
from django.utils import timezone

from assessments.models import Release
from assessments.results import frames
from assessments.results.release import erase_answers, make_release
from assessments.services.rating import private_answers
from partnerships.models import Membership, Role
from tests.assessments.making import answer_all, mutation, rating, step
from tests.factories import membership

pytestmark = pytest.mark.django_db


def organisations(assessment) -> set[int]:
    return set(frames.ratings(assessment)["rater_partner"])


def southern(cast) -> list[Membership]:
    own = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"])
    return [cast.membership(cast.south_representative), cast.membership(cast.guest), own]


def answered(cast, tick=True):
    assessment = rating(cast)
    for each in [cast.membership(cast.north_representative), *southern(cast)]:
        answer_all(assessment, each, lambda d, p: 4 if p.side == "north" else 1, tick=tick)
    return step(cast, assessment, "close_rating")


def test_only_what_was_handed_in_counts(cast):
    assessment = rating(cast)
    answer_all(assessment, cast.membership(cast.north_representative))
    first = assessment.decisions.get(number=1)
    started = cast.membership(cast.south_representative)
    private_answers.save_level(assessment, started, first.number, 1, 3, mutation())
    assert organisations(assessment) == {1}
    private_answers.hand_in(assessment, started, show_small_side=False)
    assert organisations(assessment) == {1, 3}


@pytest.mark.parametrize(
    ("change", "left"), [({"voided_at": timezone.now()}, {1, 3, 4, 5}), ({"admitted_at": None}, {1, 3, 5})]
)
def test_answers_count_of_members_who_left_and_of_nobody_unconfirmed(cast, change, left):
    assessment = answered(cast)
    Membership.objects.filter(user=cast.guest).update(**change)
    assert organisations(assessment) == left


def test_a_release_made_twice_is_the_same(cast):
    assessment = answered(cast)
    first = make_release(assessment)
    Membership.objects.filter(user=cast.guest).delete()
    second = make_release(assessment)
    assert (first.pk, first.data) == (second.pk, second.data)


def test_erasing_takes_a_side_that_stood_by_ticks_and_leaves_the_other(cast):
    assessment = answered(cast)
    before = make_release(assessment)
    assert (before.data["assessment"]["north"], before.data["assessment"]["south"]) == (3.0, 3.0)
    version = type(assessment).objects.get(pk=assessment.pk).joint_version
    erase_answers(assessment, cast.membership(cast.north_representative))
    after = Release.objects.get()
    assert after.data["assessment"]["north"] is None
    assert after.data["assessment"]["south"] == 3.0
    assert after.shrunk_at is not None
    assert type(assessment).objects.get(pk=assessment.pk).joint_version == version + 1


def test_erasing_leaves_a_large_side_as_it_was(cast):
    assessment = answered(cast)
    before = make_release(assessment).data
    erase_answers(assessment, cast.membership(cast.guest))
    assert Release.objects.get().data == before
    assert not assessment.raters.filter(membership=cast.membership(cast.guest)).exists()
