"""Handing in from a device, the receipt, checking it later; leaving a phone."""

import json
import uuid

import pytest
from django.urls import reverse

from assessments.middleware import COOKIE, person_id
from assessments.models.private import HandIn, Rater
from assessments.services.rating import private_answers, receipts
from assessments.services.rating.receipts import check
from partnerships import limits
from tests.assessments.making import answer_all, mutation, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client, cast):
    client.force_login(cast.south_representative)
    return client


@pytest.fixture
def at(assessment):
    return lambda name: reverse(f"assessments:{name}", args=[assessment.code])


@pytest.fixture
def hand_in(client, at, own):
    def send(**body):
        body = {"w": own.code, "m": str(uuid.uuid4()), "s": None, "tick": False} | body
        accept = {"Accept": "application/json"}
        return client.post(at("rate-hand-in"), json.dumps(body), content_type="application/json", headers=accept)

    return send


@pytest.fixture
def code(assessment, own):
    """The code of a sheet that was handed in."""
    answer_all(assessment, own)
    return HandIn.objects.get().code


def test_a_device_hands_in_once_however_often_it_asks(assessment, own, hand_in):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    name = str(uuid.uuid4())
    first = hand_in(m=name, tick=True).json()
    assert (first["m"], first["n"]) == (name, 1)
    hand_in(tick=False)
    assert hand_in(m=name, tick=True).json() == first
    assert HandIn.objects.count() == 2
    assert not Rater.objects.get().show_small_side  # the replay changed nothing


@pytest.mark.parametrize("wrong", [{"m": "?"}, {"tick": "yes"}, {"s": -1}, {"m": None}])
def test_a_malformed_hand_in_is_refused(assessment, own, hand_in, wrong):
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    assert hand_in(**wrong).status_code == 400
    assert not HandIn.objects.exists()


def test_another_persons_device_an_empty_sheet_and_a_withdrawn_one_hand_in_nothing(cast, assessment, own, hand_in):
    assert hand_in().status_code == 409
    private_answers.save_level(assessment, own, 1, 1, 3, mutation())
    assert hand_in(w=cast.membership(cast.guest).code).status_code == 403
    assert hand_in(s=1).status_code == 409
    assert not HandIn.objects.exists()
    assert hand_in().status_code == 200


def test_a_code_tells_whether_the_answers_are_unchanged(assessment, own, code):
    rater = Rater.objects.get()
    assert check(rater, code.upper()) == receipts.CheckedReceipt(HandIn.objects.get(), None)
    private_answers.save_level(assessment, own, 1, 1, 0, mutation(base_version=1))
    changed = check(rater, code)
    assert changed.changed_at == rater.events.latest("received_at").received_at
    private_answers.save_level(assessment, own, 1, 1, 2, mutation(base_version=2))  # as it was
    assert check(rater, code).changed_at is None


def test_a_code_is_keyed_by_the_sheet_and_by_the_servers_secret(cast, assessment, own, code, settings):
    answer_all(assessment, cast.membership(cast.guest))  # the very same answers
    other = Rater.objects.get(membership=cast.membership(cast.guest))
    assert other.hand_ins.get().code != code
    assert check(other, code).known is None
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, [settings.SECRET_KEY]
    rater = Rater.objects.get(membership=own)
    assert check(rater, code).changed_at is None
    assert receipts.code_of(rater, receipts.canonical(rater), settings.SECRET_KEY) != code


def test_every_answer_is_in_the_code(assessment, own, code):
    rater, known = Rater.objects.get(), {code}
    private_answers.save_level(assessment, own, 2, 6, None, mutation(base_version=1))
    private_answers.hand_in(assessment, own, False)
    private_answers.save_agreement(assessment, own, 2, True, mutation(base_version=1), "me", "A reason")
    private_answers.hand_in(assessment, own, False)
    private_answers.save_agreement(assessment, own, 2, True, mutation(base_version=2), "group", "A reason")
    private_answers.hand_in(assessment, own, False)
    known |= set(rater.hand_ins.values_list("code", flat=True))
    assert len(known) == 4


def test_she_checks_her_code_on_a_page_also_after_closing(cast, client, assessment, at, code):
    url = at("rate-receipt")
    assert "Your answers are unchanged" in client.post(url, {"code": code}).content.decode()
    wrong = client.post(url, {"code": "0000-0000-0000"}).content.decode()
    assert "This code does not belong to your answers in this assessment." in wrong
    step(cast, assessment, "close_rating")
    assert "Your answers are unchanged" in client.post(url, {"code": code}).content.decode()


def test_wrong_codes_are_counted(client, at, code, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    tries = [client.post(at("rate-receipt"), {"code": typed}).status_code for typed in (code, "x", "y", "z", code)]
    assert tries == [200, 200, 200, 429, 200]


def test_the_review_shows_the_receipt_and_that_something_changed_since(client, assessment, own, at, code):
    page = client.get(at("rate-review")).content.decode()
    assert HandIn.objects.get().grouped in page
    assert "14 of your answers are saved on the server." in page
    assert "Your answers have changed since" not in page
    private_answers.save_level(assessment, own, 1, 1, 0, mutation(base_version=1))
    assert "Your answers have changed since " in client.get(at("rate-review")).content.decode()


def test_a_phone_is_told_whose_sheet_it_may_show_and_forgets_when_somebody_else_comes(cast, client, at):
    client.get(at("rate"))
    assert client.cookies[COOKIE].value == person_id(cast.south_representative)
    client.force_login(cast.guest)
    client.get("/")
    assert client.cookies[COOKIE].value == ""
    client.get(at("rate"))
    assert client.cookies[COOKIE].value == person_id(cast.guest)
    client.logout()
    client.cookies[COOKIE] = person_id(cast.guest)
    client.get("/")
    assert client.cookies[COOKIE].value == ""


def test_leaving_signs_out_and_tells_the_browser_to_forget(client):
    url = reverse("assessments:rater-leave")
    assert "Clear-Site-Data" not in client.get(url).headers
    response = client.post(url)
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "This phone has been cleared" in response.content.decode()
    assert client.get(reverse("assessments:rater")).status_code == 302


def test_the_sheet_for_devices_holds_the_questions_and_her_own_answers_only(cast, client, assessment, own, at):
    private_answers.save_level(assessment, own, 1, 2, None, mutation())
    private_answers.save_agreement(assessment, own, 2, False, mutation(), "me", "Why")
    private_answers.save_level(assessment, cast.membership(cast.guest), 1, 1, 4, mutation())
    data = client.get(at("rate-sheet")).json()
    assert data["answers"] == {"1": {"p2": [1, "none"]}, "2": {"a": [1, "no", "me", "Why"]}}
    assert data["decisions"] == [[1, "Dividing the budget", "", ""], [2, "Hiring the coordinator", "", ""]]
    assert (data["membership"], data["mine"], len(data["partners"])) == (own.code, 3, 6)
    step(cast, assessment, "close_rating")
    assert client.get(at("rate-sheet"), headers={"Accept": "application/json"}).status_code == 409


def test_the_shell_and_the_worker_are_the_same_for_everybody(client, at):
    names = ("rater-shell", "rater-worker", "rater-manifest")
    signed_in = [client.get(reverse(f"assessments:{name}")).content for name in names]
    client.logout()
    assert [client.get(reverse(f"assessments:{name}")).content for name in names] == signed_in
    assert client.get(reverse("assessments:rater-worker")).headers["Service-Worker-Allowed"] == "/assessments/"
