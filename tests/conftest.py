"""What every test may ask for: real servers, a database of its own worker, a real Celery worker.

`pytest tests/x` alone works too, several at a time: each run has its own servers in a temporary folder.
"""

import gc
import os
import secrets
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import redis
from _pytest import runner
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from powertool import local
from powertool.cache import Cache
from tests import flush, servers
from tests.browser import axe, browser, live_server, new_page, page, watch  # noqa: F401  (fixtures)
from tests.deep_calls import with_room
from tests.factories import cast  # noqa: F401 (a fixture for all)
from tests.waiting import wait_until

QUEUE = settings.CELERY_TASK_DEFAULT_QUEUE
LONG = 60  # characters of a parameter that a test's name repeats
SLOW = (
    # whole servers that are killed and restarted, and commands that load the whole site
    *("tests/faults/", "tests/operations/", "tests/test_up.py", "tests/test_settings.py", "tests/test_demo.py"),
    # attacks with many tables, everything wrong sent to every URL, and every page seen before and after each act
    *("tests/disclosure/test_attack.py", "tests/disclosure/test_private_ballot.py", "tests/security/test_fuzz_"),
    *("tests/community/test_evidence_cuts.py", "tests/community/test_measures_after.py"),
    *("tests/community/test_hostile.py::test_pages_stay_harmless", "tests/interface/test_schema.py"),
    *("tests/security/test_found_activity.py", "tests/security/test_found_translations.py"),
    # much of everything: whether statements grow with it, and whether it still fits
    *("tests/test_queries.py", "tests/community/test_queries.py", "tests/community/test_papers_queries.py"),
    *("tests/community/test_measures_queries.py", "tests/community/test_sample.py", "tests/security/test_supply.py"),
    *("tests/assessments/test_fieldwork_forms.py::test_40_", "tests/assessments/test_fieldwork_pages.py::test_pages_"),
)
STARTED = pytest.StashKey[servers.Servers]()


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("DISCLOSURE_SEED", str(secrets.randbelow(2**32)))  # the workers of this run inherit it
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end in order: stop the servers, remove their folder
        config.stash[STARTED] = servers.Servers()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector pass over what is imported and collected: half a million objects that all stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives Chromium, so that `-m "not browser"` runs where there is none, and what takes long.

    Both come first: no worker is left alone with a long test at the end.
    """
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker("slow")
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: not any(item.iter_markers("slow")) and not any(item.iter_markers("browser")))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run each test as pytest does, with room for its calls."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the seed by which a run of the attack on disclosure can be repeated."""
    chosen = os.environ["DISCLOSURE_SEED"]
    terminalreporter.write_line(f"The attack on disclosure drew its tables with DISCLOSURE_SEED={chosen}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if started := config.stash.get(STARTED, None):
        started.stop()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by what can be read and is the same in each process, as the time in a ZIP file is not."""
    if isinstance(val, bytes):
        return argname
    if isinstance(val, str) and len(val) > LONG:
        return f"{val[:LONG]}…"
    return None


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> None:
    """Replace pytest-django's: copy the migrated database instead of migrating once per worker."""
    with django_db_blocker.unblock():
        servers.lay_database()
    flush.replace_flush()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Let no rate limit or cached page of one test reach another."""
    if "django_db_setup" in request.fixturenames:
        flush.empty_caches()


@pytest.fixture(autouse=True)
def _language() -> None:
    """Begin each test in English: a request in another language leaves it to the thread."""
    translation.deactivate()


@pytest.fixture
def redis_is_down(settings) -> Iterator[None]:
    """Let the cache find no Redis, as when its server went away."""
    away = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere.sock?db=0"}}
    settings.CACHES = settings.CACHES | away
    yield
    cache.spare.clear()
    Cache.away_until = 0.0


@pytest.fixture(autouse=True)
def _unheard(request: pytest.FixtureRequest) -> None:
    """Send the tasks of a test that asked for no worker where no worker listens: one that works on while the tables are
    emptied would deadlock with that."""
    if "django_db_setup" in request.fixturenames:
        request.getfixturevalue("settings").CELERY_TASK_DEFAULT_QUEUE = f"{QUEUE}-unheard"


@pytest.fixture(scope="session")
def _celery_process(django_db_setup) -> Iterator[Path]:
    log = settings.TEST_VAR / "log" / f"celery-{settings.WORKER}.log"
    command = [sys.executable, "-m", "celery", "-A", "powertool", "worker", "--loglevel=INFO", "--concurrency=1"]
    quiet = [
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        f"--hostname={settings.WORKER}@%h",
        "--include=tests.tasks",
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = local.spawn([*command, *quiet], log, environment=environment)
    local.wait_for(lambda: " ready." in log.read_text(), process, "Celery", log)
    yield log
    local.stop(process)


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    """This worker's Redis database, as the broker sees it."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture
def celery_worker(transactional_db, broker: redis.Redis, request: pytest.FixtureRequest, settings) -> Iterator[Path]:
    """A real worker process on this test's database and queue; the test needs `django_db(transaction=True)`."""
    settings.CELERY_TASK_DEFAULT_QUEUE = QUEUE
    yield request.getfixturevalue("_celery_process")

    def idle() -> bool:
        return not broker.llen(QUEUE) and not broker.hlen("unacked")

    wait_until(idle, what="the worker is idle, so that the tables can be emptied")
