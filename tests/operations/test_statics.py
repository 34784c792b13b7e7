"""Pages that are open during an update find their scripts and styles, whichever release answers."""

import os
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client

from powertool import static_files

OLD, NEW = "site.0123456789ab.css", "site.ba9876543210.css"


@pytest.fixture
def place(settings, tmp_path) -> Path:
    """Let releases be kept in a folder of this test."""
    settings.STATIC_KEPT = tmp_path / "releases"
    return tmp_path


def release(place: Path, settings, name: str, age: int = 0) -> Path:
    """Keep a release whose only file has this name."""
    settings.STATIC_ROOT = place / f"static-{name}"
    (settings.STATIC_ROOT / "css").mkdir(parents=True)
    (settings.STATIC_ROOT / "css" / name).write_text(f"/* {name} */")
    (settings.STATIC_ROOT / "staticfiles.json").write_text(name)
    folder = static_files.store_release()
    os.utime(folder, (folder.stat().st_mtime - age,) * 2)
    return folder


def text(name: str) -> str | None:
    answer = Client().get(f"/static/css/{name}")
    return b"".join(answer.streaming_content).decode() if answer.status_code == 200 else None


@pytest.mark.django_db
def test_each_release_serves_the_files_of_the_other(place, settings):
    before, own = settings.STATIC_ROOT, staticfiles_storage.stored_name("site.css")
    release(place, settings, OLD, age=60)
    release(place, settings, NEW)
    settings.STATIC_ROOT = before
    assert [text(OLD), text(NEW)] == [f"/* {OLD} */", f"/* {NEW} */"]
    assert Client().get(f"/static/{own}").status_code == 200


@pytest.mark.django_db
def test_only_hashed_names_of_kept_releases_are_served(place, settings):
    before = settings.STATIC_ROOT
    (release(place, settings, OLD) / "css" / "plain.css").write_text("plain")
    (place / "releases" / "secret.0123456789ab.txt").write_text("secret")
    (place / "secret.0123456789ab.txt").write_text("secret")
    settings.STATIC_ROOT = before
    for path in ("../secret.0123456789ab.txt", "../../secret.0123456789ab.txt", "css/plain.css", "css/"):
        assert Client().get(f"/static/{path}").status_code == 404, path


@pytest.mark.django_db
def test_two_releases_are_kept_and_again_is_as_good_as_once(place, settings):
    first = release(place, settings, "a.000000000000.css", age=60)
    second = release(place, settings, OLD, age=30)
    assert static_files.stored_releases() == [second, first]
    third = release(place, settings, NEW)
    assert static_files.store_release() == third
    assert static_files.stored_releases() == [third, second]


@pytest.mark.django_db(transaction=True)
def test_a_release_is_prepared_again_without_harm(place, settings):
    for _time in range(2):
        call_command("prepare", verbosity=0)
    assert len(static_files.stored_releases()) == 1
