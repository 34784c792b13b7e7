"""The joint session alone: nothing private is asked, taken or released, whoever tries on whatever page."""

import pytest
from django.apps import apps
from django.urls import reverse

from assessments.models import Assessment, Job, Release
from assessments.results import presenters
from assessments.results.reporting.content import content_of
from tests.assessments.making import agree_levels, make_assessment, step
from tests.assessments.test_session import as_

pytestmark = pytest.mark.django_db
ASKS = ("rate", "rate-review", "my-form", "my-form-sheet", "my-form-paper", "fieldwork", "fieldwork-xlsform", "caucus")
TAKES = {
    "rate-answer": {"number": "1", "partner": "1", "level": "4"},
    "rate-hand-in": {"show_small_side": "on"},
    "rate-withdraw": {},
    "remind": {},
}
SHOWS = ("overview", "dashboard", "session", "projector", "closing", "report", "my-answers")


@pytest.fixture
def assessment(cast) -> Assessment:
    """Return one in its session, with every level agreed."""
    assessment = step(cast, make_assessment(cast, private_ratings=False), "start_session")
    agree_levels(cast, assessment, actual=lambda decision, partner: partner.number % 5)
    return Assessment.objects.get(pk=assessment.pk)


def private_rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if model.__module__ in PRIVATE]
    assert len(models) > 5
    return {model.__name__: model._base_manager.count() for model in models}


PRIVATE = ("assessments.models.private", "assessments.models.caucus")


def test_nothing_private_is_asked_or_taken(cast, assessment):
    before = private_rows()
    for person in (cast.south_representative, cast.north_facilitator, cast.guest):
        client = as_(person)
        for name in ASKS:
            response = client.get(reverse(f"assessments:{name}", args=[assessment.code]))
            assert response.status_code in (302, 403, 409), (name, response.status_code)
        for name, data in TAKES.items():
            response = client.post(reverse(f"assessments:{name}", args=[assessment.code]), data)
            assert response.status_code in (302, 400, 403, 409), (name, response.status_code)
    assert private_rows() == before


def test_nothing_is_released_and_no_page_speaks_of_private_answers(cast, assessment):
    assert not Release.objects.exists()
    assert not Job.objects.filter(kind=Job.Kind.RELEASE).exists()
    assert presenters.results_of(assessment).data == {}
    assert content_of(assessment)["perception"] is None
    for person in (cast.south_representative, cast.north_facilitator, cast.observer):
        for name in SHOWS:
            page = as_(person).get(reverse(f"assessments:{name}", args=[assessment.code])).content.decode()
            for words in (
                "What the private answers show",
                "Not shown, to protect answers.",
                "of the organisations",
            ):
                assert words not in page, (name, words)
