"""A web process that is busy asks screens to poll less often, and nobody else for anything."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from assessments.services.session.presence import HERE_FOR
from powertool import pacing
from powertool import settings as site
from powertool.pacing import CALM, LONGEST, SHORTEST, THREADS, Pacing, poll_after


@pytest.fixture
def clock(monkeypatch):
    """The seconds of the process's clock, which only the test moves."""
    now = [100.0]
    monkeypatch.setattr(pacing.time, "monotonic", lambda: now[0])
    return now


def answer_while(clock, running: int, seconds: float, **headers: str) -> HttpResponse:
    """Return the answer to a request that ends after others were at work beside it for so many seconds."""

    def work(request) -> HttpResponse:
        clock[0] += seconds
        return HttpResponse()

    paced = Pacing(work)
    for _other in range(running - 1):
        paced.change(1)
    return paced(RequestFactory().get("/", headers=headers))


def test_a_busy_process_asks_screens_to_wait(clock):
    response = answer_while(clock, THREADS, 60, HX_Request="true")
    assert response["Poll-After"] == str(LONGEST)


def test_more_requests_than_threads_ask_for_no_longer_wait(clock):
    response = answer_while(clock, 3 * THREADS, 60, HX_Request="true")
    assert response["Poll-After"] == str(LONGEST)


def test_a_short_rush_is_no_reason_to_wait(clock):
    assert "Poll-After" not in answer_while(clock, THREADS, 1, HX_Request="true")


def test_a_calm_process_says_nothing(clock):
    assert "Poll-After" not in answer_while(clock, THREADS // 2, 60, HX_Request="true")


def test_a_page_that_a_person_opens_is_told_nothing(clock):
    assert "Poll-After" not in answer_while(clock, THREADS, 60)


def test_a_rush_that_is_over_is_forgotten(clock):
    paced = Pacing(lambda request: HttpResponse())
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    for by in (*[1] * THREADS, *[-1] * THREADS):
        paced.change(by)
        clock[0] += 30
    assert "Poll-After" not in paced(request)


def test_the_wait_grows_with_the_share_of_threads_at_work():
    waits = [poll_after(busy) for busy in (0, CALM, 0.6, 0.75, 0.9, 1)]
    assert waits == [SHORTEST, SHORTEST, 6, 11, 16, LONGEST]


def test_a_screen_that_waits_longest_is_still_here():
    """It waits up to a fifth longer by itself, and one poll may be lost."""
    assert 2 * 1.2 * LONGEST < HERE_FOR


def test_a_request_that_fails_is_no_longer_at_work():
    def fail(request) -> HttpResponse:
        raise ConnectionError

    paced = Pacing(fail)
    with pytest.raises(ConnectionError):
        paced(RequestFactory().get("/"))
    assert paced.running == 0


def test_the_site_paces_what_its_own_threads_answer():
    """The settings of the tests put another in its place: their server has a thread for each request."""
    assert site.MIDDLEWARE.index("powertool.pacing.Pacing") < site.MIDDLEWARE.index(
        "powertool.request_logging.RequestLogging"
    )
