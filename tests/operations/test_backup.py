"""Backup and restore, each one command: every row, sequence, rule and file comes back, and nothing is overwritten."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from powertool import local
from tests.assessments.making import closed
from tests.factories import make_cast
from tests.processes import Site, new_site  # noqa: F401 (a fixture)

# PostgreSQL's programs are looked for as on any server.
CHANGES = {"PATH": f"{local.binaries()}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def before(new_site) -> Site:  # noqa: F811
    site = new_site("before", changes=CHANGES)
    with site.rows():
        closed(make_cast())
    (site.media / "papers").mkdir(parents=True)
    (site.media / "papers" / "brief – one.bin").write_bytes(bytes(range(256)))
    return site


@pytest.fixture(scope="module")
def made(before, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "site.tar"
    done = before.manage("backup", str(path))
    assert done.returncode == 0, done.stderr
    return path


def contents(site: Site) -> dict[str, list]:
    """Return all rows of all tables as text, where the sequences stand, and the rules of the database."""
    with site.rows(), connection.cursor() as cursor:

        def asked(query: str) -> list:
            cursor.execute(query)
            return cursor.fetchall()

        tables = [name for (name,) in asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        rows = {name: asked(f'SELECT t::text FROM "{name}" t ORDER BY 1') for name in tables}  # noqa: S608
        return rows | {
            "sequences": asked("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"),
            "triggers": asked(
                "SELECT tgname, tgrelid::regclass::text, tgtype, tgfoid::regproc::text "
                "FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
            ),
            # by name: PostgreSQL writes the brackets of a rule anew when it reads it again
            "constraints": asked(
                "SELECT conname, contype, conrelid::regclass::text, convalidated FROM pg_constraint ORDER BY 1, 3"
            ),
            "indexes": asked("SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
        }


def files(site: Site) -> dict[str, bytes]:
    paths = [path for path in site.media.rglob("*") if path.is_file()]
    return {str(path.relative_to(site.media)): path.read_bytes() for path in paths}


def refused(site: Site, *words: str) -> str:
    """Return the words with which a command refuses, run in this process."""
    with site.rows(), override_settings(MEDIA_ROOT=site.media), pytest.raises(CommandError) as error:
        call_command(*words)
    return str(error.value)


def test_all_comes_back_into_an_empty_database_and_never_over_another(before, made, new_site):  # noqa: F811
    after = new_site("after", changes=CHANGES, empty=True)
    done = after.manage("restore", str(made))
    assert done.returncode == 0, done.stderr
    held = contents(after)
    assert held == contents(before)
    assert len(held["assessments_release"]) == len(held["assessments_agreedresult"]) == 1
    assert files(after) == files(before) == {"papers/brief – one.bin": bytes(range(256))}
    again = after.manage("restore", str(made))
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert "The database is not empty" in again.stderr
    assert contents(after) == held


def test_a_backup_is_whole_private_and_takes_no_files_place(before, made):
    assert made.stat().st_mode & 0o777 == 0o600
    assert list(made.parent.iterdir()) == [made]
    size = made.stat().st_size
    assert "is there already" in refused(before, "backup", str(made))
    assert made.stat().st_size == size


def test_what_is_no_backup_and_a_folder_with_files_are_refused(made, new_site, tmp_path):  # noqa: F811
    empty = new_site("empty", changes=CHANGES, empty=True)
    (tmp_path / "text").write_text("no backup")
    assert "is no backup" in refused(empty, "restore", str(tmp_path / "text"))
    empty.media.mkdir()
    (empty.media / "mine").touch()
    assert "is not empty" in refused(empty, "restore", str(made))
    assert list(contents(empty)["indexes"]) == []
    assert files(empty) == {"mine": b""}


def test_without_postgresqls_programs_it_says_what_is_needed(before, tmp_path, monkeypatch, settings):
    monkeypatch.setenv("PATH", str(tmp_path))
    settings.LOCAL = False
    assert "pg_dump is not installed" in refused(before, "backup", str(tmp_path / "none.tar"))
    assert list(tmp_path.iterdir()) == []
