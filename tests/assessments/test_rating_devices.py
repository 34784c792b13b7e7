"""The small endpoint that saves one answer, as devices speak to it."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating
from assessments.services.rating import private_answers
from tests.assessments.making import mutation, step

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


@pytest.fixture
def client(client, cast):
    client.force_login(cast.south_representative)
    return client


@pytest.fixture
def send(client, assessment, own):
    """Send one answer: the level 3 for the first partner in the first decision, or what the test says."""
    return lambda **body: post(client, assessment, given(own, **body))


def given(membership, **body) -> dict:
    now = int(timezone.now().timestamp() * 1000)
    default = {
        "w": membership.code,
        "s": None,
        "m": str(uuid.uuid4()),
        "d": 1,
        "p": 1,
        "l": 3,
        "b": 0,
        "t": now,
        "n": now,
    }
    return default | body


def post(client, assessment, body, **headers):
    url = reverse("assessments:rate-answer", args=[assessment.code])
    headers = {"Accept": "application/json", **headers}
    body = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(url, body, content_type="application/json", headers=headers)


def test_an_answer_gets_a_receipt_that_names_its_mutation(send):
    name = str(uuid.uuid4())
    response = send(m=name)
    rater = Rater.objects.get()
    assert response.json() == {"m": name, "v": 1, "s": private_answers.sheet_number(rater), "won": True}
    assert Rating.objects.get().level == 3


def test_a_receipt_with_its_heads_is_small(send):
    """An answer has 2 KB up and down, as `make bench` counts; each head that all answers get is paid here."""
    receipt = send()
    assert len(receipt.serialize_headers()) + len(receipt.content) <= MOST_OF_A_RECEIPT


MOST_OF_A_RECEIPT = 800  # bytes


def test_the_agreement_with_its_reason(send):
    assert send(p=None, a=False, u="group", r="We hear it late").json()["won"]
    agreement = PrivateAgreement.objects.get()
    assert (agreement.agree, agreement.reason_use, agreement.reason) == (False, "group", "We hear it late")


def test_a_retry_counts_once(send):
    name = str(uuid.uuid4())
    assert send(m=name).json() == send(m=name).json()
    assert AnswerEvent.objects.count() == 1


def test_where_another_answer_won_it_comes_with_the_receipt(send, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, None, mutation())
    private_answers.save_agreement(assessment, own, 1, True, mutation(), "me", "Mine")
    now = int(timezone.now().timestamp() * 1000)
    old = {"t": now - HOUR, "n": now}
    lost = send(**old).json()
    assert (lost["won"], lost["l"], lost["v"]) == (False, None, 1)
    lost = send(p=None, a=False, **old).json()
    assert (lost["won"], lost["a"], lost["u"], lost["r"]) == (False, True, "me", "Mine")


def test_a_clock_that_is_wrong_still_tells_how_old_an_answer_is(send, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 4, mutation(ago=timezone.timedelta(minutes=5)))
    assert send(t=HOUR, n=HOUR).json()["won"]  # given just now, by a clock that stands in 1970
    assert not send(t=0, n=HOUR, l=1).json()["won"]
    assert Rating.objects.get().level == 3


def test_without_the_hour_of_sending_the_hour_of_the_answer_is_taken_as_it_is(client, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 4, mutation(ago=timezone.timedelta(minutes=5)))
    for ahead, won in ((-HOUR, False), (10**15, True)):
        body = given(own, t=int(timezone.now().timestamp() * 1000) + ahead)
        del body["n"]
        assert post(client, assessment, body).json()["won"] is won
    assert Rating.objects.get().answered_at <= timezone.now()


@pytest.mark.parametrize(
    "wrong",
    [
        {"l": 5},
        {"l": "3"},
        {"l": True},
        {"m": "?"},
        {"m": 7},
        {"b": -1},
        {"b": 2**31},
        {"b": None},
        {"d": "1"},
        {"d": None},
        {"p": "1"},
        {"p": True},
        {"t": "now"},
        {"n": 1.5},
        {"s": {}},
        {"s": -1},
        {"p": None, "a": "yes"},
        {"p": None},
        {"p": None, "a": True, "u": "all"},
        {"p": None, "a": True, "r": "no use chosen"},
        {"p": None, "a": True, "u": "me", "r": 3},
        {"p": None, "a": True, "u": "me", "r": "x" * 601},
    ],
)
def test_what_is_malformed_is_refused(send, wrong):
    response = send(**wrong)
    assert response.status_code == 400
    assert response.json()["error"]
    assert not Rater.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"3", b"null", b"{", b"\xff\xfe", b'{"m": NaN}', b"[" * 100_000])
def test_what_is_no_answer_is_refused(client, assessment, body):
    assert post(client, assessment, body).status_code == 400


@pytest.mark.parametrize("foreign", [{"d": 3}, {"d": 10**30}, {"p": 7}, {"p": 10**30}, {"p": -1}])
def test_what_is_not_in_this_assessment_is_not_there(send, foreign):
    assert send(**foreign).status_code == 404
    assert not Rater.objects.exists()


def test_a_mutation_used_for_another_answer_is_refused(send):
    name = str(uuid.uuid4())
    send(m=name)
    assert send(m=name, p=2).status_code == 400


def test_another_persons_page_is_refused(cast, send):
    response = send(w=cast.membership(cast.guest).code)
    assert response.status_code == 403
    assert "Someone else has signed in since this page was opened." in response.json()["error"]
    assert not Rater.objects.exists()


def test_signed_out_gets_401_and_no_page_that_looks_like_success(client, assessment, own):
    client.logout()
    response = post(client, assessment, given(own))
    assert (response.status_code, response.content) == (401, b"")


@pytest.mark.parametrize(("person", "status"), [("north_facilitator", 403), ("observer", 403), ("outsider", 404)])
def test_only_representatives_answer(cast, client, assessment, own, person, status):
    client.force_login(getattr(cast, person))
    assert post(client, assessment, given(own)).status_code == status
    assert not Rater.objects.exists()


def test_without_the_token_of_the_site_nothing_is_taken(cast, assessment, own):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.south_representative)
    assert post(client, assessment, given(own)).status_code == 403
    client.get(reverse("assessments:rate-decision", args=[assessment.code, 1]))
    token = client.cookies["csrftoken"].value
    assert post(client, assessment, given(own), **{"X-CSRFToken": token}).json()["won"]


def test_closed(cast, send, assessment):
    step(cast, assessment, "close_rating")
    response = send()
    assert response.status_code == 409
    assert response.json()["error"]
    assert not Rating.objects.exists()


def test_withdrawn_since_the_page_was_opened(send, assessment, own):
    sheet = send().json()["s"]
    private_answers.withdraw(assessment, own)
    response = send(s=sheet)
    assert response.status_code == 409
    assert "withdrawn" in response.json()["error"]
    assert not Rater.objects.exists()


def test_one_answer_takes_few_statements(send):
    send()
    with CaptureQueriesContext(connection) as queries:
        send(p=2)
    assert len(queries) == 13  # session, person, assessment, memberships; savepoint, stage, sheet, decision, partners,
    #                            cell, replay, history, cell, savepoint
