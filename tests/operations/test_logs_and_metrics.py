"""Probes, request ids, logs and metrics of real processes: what a machine learns, and what nobody does."""

import http.client
import json
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from assessments.models import Release
from powertool import health
from tests.assessments.making import answer_all, rating, says_yes
from tests.factories import make_cast
from tests.processes import Answer, Process, Site, Visitor, free_port, new_site, sign_in  # noqa: F401 (a fixture)
from tests.waiting import wait_until

TOKEN = "a token for metrics"
SECRET = "SECRETWORD"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass
class RequestLogging:
    site: Site
    web: Process
    astray: Process  # a web server whose database is not there
    worker: Process
    port: int  # where the worker tells its metrics


@pytest.fixture(scope="module")
def watched(new_site) -> RequestLogging:  # noqa: F811
    site, port = new_site("watched", changes={"METRICS_TOKEN": TOKEN}), free_port()
    web, worker = site.web("web"), site.worker("worker", METRICS_PORT=str(port))
    astray = site.web("astray", DATABASE_URL=site.database_url + "_that_is_not_there")
    site.ready()
    return RequestLogging(site, web, astray, worker, port)


@pytest.fixture(scope="module")
def released(watched) -> str:
    """The id of a request that closed ratings, after which a worker made the release."""
    with watched.site.rows():
        cast = make_cast()
        assessment = rating(cast)
        answer_all(assessment, cast.membership(cast.north_representative), tick=True)
        says_yes(assessment, "south")
        facilitator = sign_in(watched.site, cast.north_facilitator)
    name = str(uuid4())
    path = reverse("assessments:side-words", args=[assessment.code, "close_rating"])
    assert facilitator.ask("POST", path, {"do": "give", "side": "north"}, watched.web, X_Request_ID=name).status == 302
    with watched.site.rows():
        wait_until(Release.objects.exists, 60, "the release")
    return name


def probe(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask as a machine inside does: by number, without TLS."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = line.getresponse()
    return Answer(response.status, response.headers, response.read())


def test_probes_answer_by_any_name_and_without_tls(watched):
    web = watched.web
    assert probe(web.port, "/livez").json() == {"status": "alive"}
    assert probe(web.port, "/readyz").json() == {"status": "ready", "redis": "answers"}
    assert probe(web.port, "/").status in (301, 400)


def test_without_its_database_a_server_lives_and_is_not_ready(watched):
    astray = watched.astray
    assert probe(astray.port, "/livez").status == 200
    answer = probe(astray.port, "/readyz")
    assert (answer.status, answer.json()) == (503, {"status": "not ready", "waits_for": "database"})


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_waited_for(client, monkeypatch):
    monkeypatch.setattr(health, "_has_all", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["waits_for"]) == (503, "migrations")


@pytest.mark.django_db
def test_without_redis_a_server_is_ready_and_says_so(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "redis": "away"})


def test_an_id_is_taken_from_the_proxy_or_made(watched):
    visitor, web, name = Visitor(watched.site), watched.web, str(uuid4())
    assert visitor.ask("GET", "/", web=web, X_Request_ID=name).headers["X-Request-ID"] == name
    for bad in ("", "short", "nora@example.org", "x" * 20, "a" * 65, f"{name} {name}"):
        made = visitor.ask("GET", "/", web=web, X_Request_ID=bad).headers["X-Request-ID"]
        assert len(made) == 32
        assert made != bad


def test_what_a_worker_does_is_logged_under_the_request_that_asked_for_it(watched, released):
    for process, word in ((watched.web, "assessments:side-words"), (watched.worker, "succeeded")):
        told = partial(messages_under, process, released, word)
        message = wait_until(told, what=f"a line of the {process.name} under the request's id")[0]
    assert message.startswith("Task assessments.tasks.run[")


def messages_under(process: Process, name: str, word: str) -> list[str]:
    return [line["message"] for line in lines_of(process) if line["request_id"] == name and word in line["message"]]


def lines_of(process: Process) -> list[dict]:
    """Return the lines of a log that are one JSON object each; a worker's banner is none."""
    return [json.loads(line) for line in process.said().splitlines() if line.startswith("{")]


def test_logs_hold_names_of_routes_and_no_addresses(watched):
    visitor, web = Visitor(watched.site), watched.web
    for path in (f"/i/{SECRET}", f"/{SECRET}/?q={SECRET}", f"/assessments/{SECRET}/?{SECRET}=1"):
        visitor.ask("GET", path, web=web, User_Agent=SECRET, Referer=f"https://power.example.org/{SECRET}")
    visitor.ask("POST", reverse("account_login"), {"login": f"{SECRET}@example.org", "password": SECRET}, web=web)
    visitor.ask("POST", reverse("account_login"), {"login": SECRET}, web=web, Origin=f"https://{SECRET}.example")
    visitor.ask("GET", "/", web=web, Host=f"{SECRET}.example.org")
    probe(web.port, f"/{SECRET}", SECRET)
    refused = wait_until(
        lambda: [line for line in lines_of(web) if line.get("method") == "OTHER"], what="the last line"
    )
    assert refused
    assert SECRET.lower() not in web.said().lower()
    routes = {line.get("route") for line in lines_of(web)}
    assert {"partnerships:invitation", "assessments:overview", "account_login", "unknown"} <= routes
    assert {line["message"].split(":")[0] for line in lines_of(web)} >= {"Not Found", "Forbidden", "Bad Request"}


def test_metrics_are_for_who_knows_the_token(watched, released):
    web = watched.web
    assert probe(web.port, "/metrics", **BEARER).status == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
        assert probe(web.port, "/metrics", X_Forwarded_Proto="https", **headers).status in (301, 400)
    asked = Visitor(watched.site).ask("GET", "/metrics", web=web)
    assert asked.status == 404
    assert probe(watched.port, "/metrics").status == 404
    done = 'powertool_tasks_total{outcome="success",task="assessments.tasks.run"}'
    wait_until(lambda: value(probe(watched.port, "/metrics", **BEARER), done) == 1, what="the worker has counted")


def test_metrics_count_what_all_processes_did(watched, released):
    web = watched.web
    visitor = Visitor(watched.site)

    def counted(name: str) -> float:
        return value(probe(web.port, "/metrics", **BEARER), name)

    seen = 'powertool_requests_total{method="GET",route="home",status="200"}'
    before = counted(seen)
    for _number in range(6):
        visitor.ask("GET", "/", web=web)
    assert counted(seen) == before + 6
    assert counted('powertool_request_seconds_count{route="home"}') == before + 6
    assert counted("powertool_releases") == 1
    assert counted("powertool_redis_up") == 1
    assert counted('powertool_work_waiting{kind="release"}') == 0
    assert counted('powertool_work_failed{kind="release"}') == 0
    assert counted("powertool_queue_messages") == 0


def value(answer: Answer, name: str) -> float:
    found = [line.rsplit(" ", 1)[1] for line in answer.body.decode().splitlines() if line.startswith(name + " ")]
    return float(found[0]) if found else 0
