"""The interface against its own description: requests that schemathesis makes up from it, answers held to it."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from community.services import evidence
from powertool.wsgi import application
from tests.assessments.example import make_example
from tests.community.evidence_making import contribute
from tests.interface.asking import token_of
from tests.interface.test_access import NAMES

pytestmark = pytest.mark.django_db
# A parameter that nobody asked for is ignored, as everywhere on the web.
IGNORED = [negative_data_rejection]
# The same requests in each run, and few: the whole file takes seconds.
BOUNDED = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def served(environ, start_response):
    """Serve a request that comes from somewhere, as each does behind a web server."""
    return application({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


@pytest.fixture
def one_connection():
    """Keep the connection, and this test's transaction, open after each request, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_every_answer_is_as_described(monkeypatch):
    """Right and wrong parameters at every address, with a token and codes that are there, and with made-up ones."""
    for name in ("partnerships.api.MOST", "partnerships.api.OPEN_MOST", "partnerships.limits.MOST"):
        monkeypatch.setattr(name, 10**6)
    example = make_example()
    contribute(5)
    evidence.refresh()
    headers = {"Authorization": f"Bearer {token_of(example.observer)}", "Accept-Encoding": "identity"}
    statuses = {}
    for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served).get_all_operations():
        operation = result.ok()
        there = example.partnership if "/partnerships/" in operation.path else example.assessment
        seen = statuses[operation.path] = set()
        takes = [*operation.query, *operation.path_parameters]
        for mode in GenerationMode if takes else [GenerationMode.POSITIVE]:
            made_up = operation.as_strategy(generation_mode=mode)
            right = {"code": there.code, "key": "gap-all"} if mode == GenerationMode.POSITIVE else {}
            given(case=made_up)(BOUNDED(checking(headers, right, seen)))()
    assert len(statuses) == len(NAMES) - 2  # the root and the description are not described
    assert [path for path, seen in statuses.items() if not {200, 422} <= seen] == ["/api/v1/evidence"], statuses


def checking(headers: dict, right: dict, seen: set):
    """Return a check of one request as it was made up, and again with parameters of the path that are there."""

    def check(case):
        seen.add(case.call_and_validate(headers=headers, excluded_checks=IGNORED).status_code)
        if right:
            case.path_parameters = {name: right[name] for name in case.path_parameters or {}}
            seen.add(case.call_and_validate(headers=headers, excluded_checks=IGNORED).status_code)

    return check
