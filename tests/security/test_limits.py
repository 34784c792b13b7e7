"""What costs the server work is counted by person; who asks too often is told when to come back."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from partnerships import limits
from tests.test_permissions import urls

ONCE = limits.limited("of-a-test", 1, 60)(lambda request: HttpResponse("here you are"))
POSTED_ONCE = limits.limited("of-a-test", 1, 60, methods=("POST",))(lambda request: HttpResponse("here you are"))

COUNTED = {
    "search": ["community:search"],
    "import": [
        *("assessments:import", "assessments:fieldwork", "assessments:my-form"),
        *("community:paper-import", "community:attach", "assessments:iati", "assessments:iati-choose"),
    ],
    "export": [
        *("assessments:report-make", "assessments:report-pdf", "assessments:dates", "assessments:print-kit"),
        *("assessments:share-make", "assessments:share-file"),
        *("assessments:fieldwork-paper", "assessments:fieldwork-xlsform"),
        *("assessments:my-form-paper", "assessments:my-form-sheet"),
        *("community:paper-file", "community:evidence-file", "community:download"),
    ],
    "join": ["partnerships:invitation"],
    "wrong text": ["translations"],
}


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    """Let no minute end in the middle of a test."""
    monkeypatch.setattr(limits, "time", lambda: 30.0)


def asked(user, method="get", address="10.0.0.1", **headers):
    request = getattr(RequestFactory(), method)("/", REMOTE_ADDR=address, **headers)
    request.user = user
    return request


def test_each_person_is_counted_for_herself(cast):
    nora, sara = cast.north_representative, cast.south_representative
    answers = [ONCE(asked(one)).status_code for one in (nora, nora, sara)]
    assert answers == [200, 429, 200]


def test_strangers_are_counted_by_address(cast):
    here, there = asked(AnonymousUser()), asked(AnonymousUser(), address="10.0.1.1")
    assert [ONCE(request).status_code for request in (here, here, there)] == [200, 429, 200]


def test_looking_is_not_counted_where_only_posts_are(cast):
    nora = cast.north_representative
    answers = [POSTED_ONCE(asked(nora, method)).status_code for method in ("get", "get", "post", "get", "post")]
    assert answers == [200, 200, 200, 200, 429]


def test_another_minute_is_another_count(cast, monkeypatch):
    nora = asked(cast.north_representative)
    monkeypatch.setattr(limits, "time", lambda: 59.0)
    assert [ONCE(nora).status_code, ONCE(nora).headers["Retry-After"]] == [200, "1"]
    monkeypatch.setattr(limits, "time", lambda: 60.0)
    assert ONCE(nora).status_code == 200


def test_programs_are_told_in_their_way(cast):
    asks = asked(cast.north_representative, HTTP_ACCEPT="application/json")
    ONCE(asks)
    refused = ONCE(asks)
    assert refused.headers["Content-Type"] == "application/json"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_it_holds_while_redis_is_away(cast, redis_is_down):
    nora = asked(cast.north_representative)
    assert [ONCE(nora).status_code, ONCE(nora).status_code] == [200, 429]


def test_the_search_is_counted(client, cast):
    client.force_login(cast.outsider)
    address = reverse("community:search")
    answers = [client.get(address, {"q": "water"}) for _n in range(61)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert b"Please try again in a minute" in answers[-1].content


def test_a_client_does_not_choose_its_address(settings):
    """Only what our own proxy added counts, whatever the client wrote before it."""
    asks = asked(AnonymousUser(), HTTP_X_FORWARDED_FOR="1.2.3.4, 10.9.9.9")
    assert "10.0.0.1" in limits.key(asks, "x")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert "10.9.9.9" in limits.key(asks, "x")


def test_files_in_and_out_and_the_search_are_counted():
    known = urls()
    counts = {name: getattr(known[name].callback, "counts", None) for names in COUNTED.values() for name in names}
    assert counts == {name: action for action, names in COUNTED.items() for name in names}
