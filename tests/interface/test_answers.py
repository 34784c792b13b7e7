"""What the interface answers: what the pages show, in pages, with ETags, and problems as problem objects."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.exports import text
from assessments.models import Action
from assessments.results import tables
from assessments.results.tables.columns import COLUMNS
from assessments.results.tables.export import export_of
from assessments.services.setup import opening
from partnerships import api as limits
from partnerships.codes import new_code
from tests.assessments import making
from tests.assessments.example import make_example
from tests.interface.asking import ask, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    return make_example()


@pytest.fixture
def token(example):
    return token_of(example.observer)


def test_the_data_are_those_of_the_file(example, token):
    answer = ask("data", example.assessment.code, token=token)
    assert answer.json() == json.loads(text.as_json(export_of(example.assessment)))


def test_release_and_agreed_hold_their_tables(example, token):
    release = ask("release", example.assessment.code, token=token).json()
    assert (release["mode"], release["erased_on"]) == ("by_side", None)
    assert [each["code"] for each in release["tables"]] == ["seen", "seen_overall", "private_agreement"]
    agreed = ask("agreed", example.assessment.code, token=token).json()
    assert [each["code"] for each in agreed["tables"]] == ["agreed", "levels"]
    assert agreed["digest"] == example.assessment.agreed_results.get().input_digest
    for answer in (release, agreed):
        assert not {"basis", "figures", "reasons", "input_digest"} & set(answer)


def test_before_there_is_anything_there_is_nothing(cast):
    assessment = making.rating(cast)
    token = token_of(cast.observer)
    assert ask("assessment", assessment.code, token=token).json()["stage"] == "rating"
    for name in ("data", "release", "agreed"):
        assert ask(name, assessment.code, token=token).status_code == 404
    assert ask("actions", assessment.code, token=token).json()["items"] == []


def test_lists_come_in_pages(example, token):
    def found(**query):
        return ask("actions", example.assessment.code, token=token, query=query).json()

    whole = found()
    assert (whole["count"], whole["page"], whole["pages"], len(whole["items"])) == (5, 1, 1, 5)
    assert whole["items"][0].keys() == {"action", "decision", "text", "owner", "confirmer", "due", "status"}
    assert [row for n in (1, 2, 3) for row in found(page=n, size=2)["items"]] == whole["items"]
    assert found(page=4, size=2)["items"] == []
    assert found(page=3, size=2)["pages"] == 3


@pytest.mark.parametrize("query", [{"page": 0}, {"size": 101}, {"page": "x"}, {"page": 10**20}])
def test_a_wrong_parameter_is_named(example, token, query):
    answer = ask("actions", example.assessment.code, token=token, query=query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["errors"][0]["loc"] == ["query", next(iter(query))]
    assert (problem["status"], problem["title"]) == (422, "Unprocessable Content")


def test_what_has_not_changed_is_not_sent_again(example, token):
    first = ask("data", example.assessment.code, token=token)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    again = ask("data", example.assessment.code, token=token, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Action.objects.update(status="dropped")
    changed = ask("data", example.assessment.code, token=token, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_words_come_in_the_language_that_is_asked_for(example, token):
    answer = ask("data", example.assessment.code, token=token, **{"Accept-Language": "ar"})
    assert answer.json()["language"] == answer["Content-Language"] == "ar"
    assert "Accept-Language" in answer["Vary"]


def test_an_address_that_is_not_there_is_a_problem(client):
    answer = client.get("/api/v1/nowhere/at/all")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert client.post(reverse("api:partnerships")).status_code == 405


def test_too_often_is_said_with_when_to_come_back(example, token, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    answers = [ask("partnerships", token=token) for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= limits.SECONDS
    assert ask("partnerships", token=token_of(example.facilitator)).status_code == 200


def test_the_number_of_statements_does_not_grow(example, token):
    def asked(name, code) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert ask(name, code, token=token).status_code == 200
        return len(seen)

    ask("partnerships", token=token)  # the day is remembered once
    code, here = example.assessment.code, example.partnership.code
    before = [asked("actions", code), asked("assessments", here), asked("data", code)]
    for action in example.assessment.actions.all():
        action.pk, action.code = None, new_code()
        action.save()
    opening.create_assessment(example.partnership, example.facilitator, title="Next")
    assert [asked("actions", code), asked("assessments", here), asked("data", code)] == before


def test_the_page_lists_every_address(client):
    page = client.get(reverse("api")).content.decode()
    for path in client.get(reverse("api:openapi-json")).json()["paths"]:
        assert path in page


def test_the_documentation_names_every_address_and_table(client):
    said = (settings.BASE_DIR / "docs" / "data.md").read_text()
    source = "".join(path.read_text() for path in Path(tables.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'_table\(\s*(?:results\.)?assessment,\s*"([a-z_]+)"', source))
    assert len(codes) == 19
    for name in codes | set(client.get(reverse("api:openapi-json")).json()["paths"]):
        assert f"`{name}`" in said, name
    assert [column for column in COLUMNS if not re.search(rf"\b{column}\b", said)] == []
