"""A phone that still runs an old version of the form and its script is understood, for as long as it lives."""

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.models.private import PrivateAgreement, Rater, Rating
from assessments.services.rating import private_answers

pytestmark = pytest.mark.django_db
RECORDED = sorted((settings.BASE_DIR / "tests" / "data" / "old_form").glob("*.json"))


@pytest.fixture
def client(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.south_representative)
    return client


@pytest.fixture
def filled(cast, client, assessment):
    """Put this membership, its sheet and this browser's token in the place of those that were recorded."""

    def fill(body: str) -> str:
        sheet = (
            private_answers.sheet_number(
                private_answers.rater_of(assessment, cast.membership(cast.south_representative))
            )
            or ""
        )
        token = client.cookies["csrftoken"].value
        membership = cast.membership(cast.south_representative).code
        return body.replace("MEMBERSHIP", membership).replace("SHEET", str(sheet)).replace("TOKEN", token)

    return fill


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_an_old_form_and_an_old_script_still_save_and_hand_in(client, assessment, filled, file):
    recorded = json.loads(file.read_text())
    client.get(reverse("assessments:rate-decision", args=[assessment.code, 1]))
    url = reverse("assessments:rate-answer", args=[assessment.code])
    for request in recorded["json"]:
        body = filled(request["body"])
        headers = {"Accept": request["headers"]["accept"], "X-CSRFToken": client.cookies["csrftoken"].value}
        receipt = client.post(url, body, content_type="application/json", headers=headers).json()
        assert receipt == {"m": json.loads(body)["m"], "v": receipt["v"], "s": receipt["s"], "won": True}
    for request in recorded["form"]:
        path = reverse("assessments:rate", args=[assessment.code]) + request["path"]
        response = client.post(path, filled(request["body"]), content_type="application/x-www-form-urlencoded")
        assert response.status_code == 302
    assert dict(Rating.objects.filter(decision__number=1).values_list("participant__number", "level")) == {
        1: 4,
        2: None,
    }
    assert dict(Rating.objects.filter(decision__number=2).values_list("participant__number", "level")) == {
        1: 0,
        3: None,
    }
    one, two = PrivateAgreement.objects.order_by("decision__number")
    assert (one.agree, one.reason_use, one.reason) == (False, "signed", "We hear it when it is decided.\nNot before.")
    assert (two.agree, two.reason_use, two.reason) == (True, "me", "For me")
    sheet = Rater.objects.get()
    assert sheet.submitted_at
    assert sheet.show_small_side
