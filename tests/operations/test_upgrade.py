"""The code of the commit before serves under load while the database is migrated and the new code starts beside it."""

import hashlib
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from assessments.models import Job, Release
from powertool import local
from tests.processes import Load, Representative, Site, Visitor, lost, new_site  # noqa: F401 (a fixture)
from tests.waiting import wait_until


def git(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(["git", *words], cwd=settings.BASE_DIR, capture_output=True)  # noqa: S603, S607


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """The code of the commit before, in a folder of its own, with the style sheets that are built here.

    Where there is no commit before, as in an unpacked archive, this very code stands in for it.
    """
    folder = tmp_path_factory.mktemp("before") / "code"
    if git("rev-parse", "--verify", "HEAD~1^{commit}").returncode:
        git("fetch", "--deepen=1")  # a clone that is only one commit deep
    archive = git("archive", "--format=tar", "HEAD~1")
    if archive.returncode:
        made_here = shutil.ignore_patterns(".git", ".venv", "build", "node_modules", "var", "__pycache__", ".*_cache")
        shutil.copytree(settings.BASE_DIR, folder, ignore=made_here)
    else:
        folder.mkdir()
        subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)  # noqa: S607
    (folder / "build").mkdir()
    for name in ("assets", "fonts"):
        (folder / "build" / name).symlink_to(settings.BASE_DIR / "build" / name)
    return folder


def migrations_of(folder: Path) -> str:
    files = sorted(folder.glob("*/migrations/*.py"))
    return hashlib.sha256(b"\0".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()


@pytest.fixture
def site(before, new_site, tmp_path) -> Site:  # noqa: F811
    """The old code at work on a database as it knows it; the migrated one where both are the same."""
    differ = migrations_of(before) != migrations_of(settings.BASE_DIR)
    # Files that are there still serve the old pages; whoever deploys keeps the old ones.
    gone = git("diff", "--name-only", "--diff-filter=DR", "HEAD~1", "--", "static", "styles").stdout
    # The code before owns its tables, as on an installation from before there were roles.
    owner = {"DATABASE_URL": local.database_url(settings.TEST_VAR, f"site_upgraded_{settings.WORKER}")}
    static = {"STATIC_ROOT": str(tmp_path / "static")} if gone else {}
    site = new_site("upgraded", folder=before, empty=differ, changes=owner | static)
    if gone:
        managed(site, "collectstatic", "--no-input", "--verbosity=0")
    if differ:
        managed(site, "migrate", "--no-input", "--verbosity=0")
    site.web("web-before")
    site.worker("worker-before")
    site.beat("beat-before")
    site.ready()
    return site


def managed(site: Site, *words: str) -> None:
    done = site.manage(*words)
    assert done.returncode == 0, done.stderr


def laid_by(site: Site) -> dict[str, list[dict]]:
    command = [sys.executable, "-m", "tests.operations.laying"]
    done = subprocess.run(command, cwd=site.folder, env=site.environment, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_code_before_serves_on_the_migrated_database_until_the_new_code_is_there(site):
    laid = laid_by(site)
    people = [
        Representative.known(Visitor(site, one["session"]), one["path"], one["membership"]) for one in laid["answering"]
    ]
    readers = [(Visitor(site, one["session"]), path) for one in laid["answering"] for path in one["pages"]]
    facilitators = [(Visitor(site, one["session"]), one) for one in laid["closing"]]
    load, choose = Load(), random.Random(11)
    for person in people:
        load.add(lambda person=person: person.send(choose.randint(1, 2), choose.randint(1, 6), choose.choice([1, 3])))
    load.add(lambda: read(*choose.choice(readers)))
    old = list(site.processes)

    with load:
        wait_for_more(people)
        close(*facilitators[0])
        site.folder, site.changes = settings.BASE_DIR, {}
        if site.empty:
            managed(site, "migrate", "--no-input", "--verbosity=0")
            wait_for_more(people)  # the old code alone, on the new database
        close(*facilitators[1])
        wait_until(lambda: released(site) == 2, 120, "the old worker makes releases")
        site.web("web-after")
        site.worker("worker-after")
        site.ready()
        wait_for_more(people)  # both beside each other
        for process in old:
            process.kill()
        site.beat("beat-after")
        wait_for_more(people)
        close(*facilitators[2])

    assert lost(site, people) == []
    wait_until(lambda: released(site) == len(facilitators), 120, "the new worker makes releases")
    with site.rows():
        assert not Job.objects.filter(state=Job.State.FAILED).exists()
    said = "".join(process.said() for process in old)
    assert '"status": 500' not in said


def wait_for_more(people: list[Representative]) -> None:
    """Return once everybody has got more confirmed than now."""
    now = [len(person.confirmed) for person in people]
    wait_until(
        lambda: all(len(person.confirmed) > n + 2 for person, n in zip(people, now, strict=True)), 120, "saves go on"
    )


def read(visitor: Visitor, path: str) -> None:
    answer = visitor.ask_until_answered("GET", path)
    assert answer.status == 200, (path, answer.status)


def close(facilitator: Visitor, one: dict) -> None:
    """Close the ratings, and open the pages that follow."""
    assert facilitator.ask_until_answered("POST", one["path"], {"do": "give", "side": "north"}).status == 302
    for path in one["pages"]:
        read(facilitator, path)


def released(site: Site) -> int:
    with site.rows():
        return Release.objects.count()
