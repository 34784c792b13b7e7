"""The cache holds JSON, in Redis and in its spare; each value that the site keeps comes back as it was."""

import json
import pickle
import re
from datetime import date
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.safestring import SafeString

from assessments.services.session import presence
from assessments.views.followup import dashboard
from partnerships.access import member_roles_of
from powertool.cache import as_kept
from tests.assessments.example import make_example
from tests.assessments.making import in_session
from tests.security import secondstep

pytestmark = pytest.mark.django_db
PREFIX = f"{settings.CACHES['default']['KEY_PREFIX']}:{settings.CACHES['default']['VERSION']}:"
CHANGED = [(1, 2), {1: "a"}, {"a": (1,)}, {1, 2}, date(2026, 11, 29), float("nan"), b"bytes", object()]
PLAIN = [None, True, 7, 0.1, 1764400000.123456, "words", "007", "", [0.5, 1.25], {"a": [1, None, "b"]}]


@pytest.fixture(params=["Redis", "its spare"])
def place(request) -> str:
    """Keep values in Redis, or in what stands in for it."""
    if request.param == "its spare":
        request.getfixturevalue("redis_is_down")
    return request.param


@pytest.mark.parametrize("value", PLAIN)
def test_a_plain_value_comes_back_with_its_type(place, value):
    cache.set("colour", value)
    cache.add("shape", value)
    cache.set_many({"size": value})
    found = [cache.get("colour"), cache.get("shape"), *cache.get_many(["size"]).values()]
    assert found == [value] * 3
    assert {type(each) for each in found} == {type(value)}


@pytest.mark.parametrize("value", CHANGED)
def test_a_value_that_json_would_change_is_refused(place, value):
    for keep in (cache.set, cache.add, lambda key, value: cache.set_many({key: value})):
        with pytest.raises((TypeError, ValueError)):
            keep("colour", value)
    assert cache.get("colour") is None


def test_counting_gives_whole_numbers(place):
    cache.add("count", 0)
    assert [cache.incr("count"), cache.incr("count"), cache.get("count")] == [1, 2, 2]


class Runs:
    """An object whose pickle makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple:
        return Path.touch, (self.mark,)


def test_a_pickle_that_somebody_put_into_redis_does_not_run(broker: redis.Redis, tmp_path):
    cache.set("colour", "green")
    (key,) = [key for key in broker.scan_iter() if b"colour" in key]
    broker.set(key, pickle.dumps(Runs(tmp_path / "ran")))
    with pytest.raises(ValueError):  # noqa: PT011 (of JSON or of its letters)
        cache.get("colour")
    assert not (tmp_path / "ran").exists()


def test_every_value_that_the_site_keeps_is_json(broker: redis.Redis, cast):
    """Each use of the cache in our code and in allauth's is made once; no other module uses the cache."""
    use_limits(cast)
    use_session(cast)
    use_second_step(cast)
    use_dashboard()
    kept = {key.decode().removeprefix(PREFIX): broker.get(key) for key in broker.scan_iter(f"{PREFIX}*")}
    assert {re.split(r"[:?]", key)[0] for key in kept} == {
        *("misses", "uses", "allauth", "allauth.mfa.totp.used", "here", "dealt", "ticket", "dashboard")
    }
    for key, value in kept.items():
        assert json.loads(value or b"") == cache.get(key), key


def use_limits(cast) -> None:
    stranger = Client()
    stranger.get("/i/nosuchcode12")
    stranger.post("/accounts/login/", {"login": "ama@example.org", "password": "wrong"})
    as_(cast.observer).get(reverse("community:search"), {"q": "water"})


def use_session(cast) -> None:
    assessment = in_session(cast)
    as_(cast.guest).get(reverse("assessments:session", args=[assessment.code]))
    presence.note(assessment, member_roles_of(cast.guest, assessment.partnership))
    assert list(presence.memberships_here(assessment)[1].values()) == ["en"]


def use_second_step(cast) -> None:
    assert secondstep.TOTP(device := secondstep.set_up(cast.staff)).validate_code(secondstep.code_of(device))


def use_dashboard() -> None:
    example = make_example()
    client, page = as_(example.observer), reverse("assessments:dashboard", args=[example.assessment.code])
    first, second = (client.get(page) for _time in range(2))
    assert first.context["results"] == second.context["results"]
    assert isinstance(second.context["results"], SafeString)
    assert first.context["charts"] is second.context["charts"] is True


def as_(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# Who keeps what, for how long; another module that asks for the cache needs its value in the test above.
PLACES = {
    "assessments/services/setup/deletion.py",  # deletes only
    "assessments/services/setup/iati.py",  # a whole percentage
    "assessments/services/session/pause_requests.py",
    "assessments/services/session/cached_board.py",  # in the memory of its process
    "assessments/services/session/presence.py",
    "assessments/views/followup/dashboard.py",
    "partnerships/limits.py",
    "powertool/cache.py",
    "powertool/settings.py",
}


def test_no_other_module_uses_the_cache():
    apps = ("powertool", "partnerships", "assessments", "community")
    files = [file for app in apps for file in (settings.BASE_DIR / app).rglob("*.py")]
    users = {str(file.relative_to(settings.BASE_DIR)) for file in files if "django.core.cache" in file.read_text()}
    assert users == PLACES


def test_a_dashboard_keeps_what_comes_back_as_it_was(cast):
    example = make_example()
    member = member_roles_of(example.observer, example.assessment.partnership)
    made = dashboard._render_results(example.assessment, member, published=[])
    assert as_kept(made) == made
