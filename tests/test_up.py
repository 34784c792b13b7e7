"""`manage.py up`: everything starts, says what is wrong in one line, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
from django.conf import settings

from powertool import local
from powertool.local import LocalError
from powertool.management.commands.up import chosen_port
from tests import servers
from tests.processes import free_port
from tests.waiting import wait_until

PATIENCE = 240  # seconds; five processes start, beside the other tests


class Site:
    """An `up` in a folder of its own, with the static files of this run."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.log = var.parent / "terminal.log"
        if not var.exists():
            var.mkdir(mode=0o700)
            (var / "static").symlink_to(settings.STATIC_ROOT)

    @property
    def environment(self) -> dict[str, str]:
        ours = {"DATABASE_URL", "REDIS_URL", "CELERY_QUEUE", "SECRET_KEY", "MAKELEVEL"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        place = {"POWERTOOL_VAR": str(self.var), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "powertool.settings"}
        return kept | place

    def manage(self, *words: str, **changes: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *words]
        environment = self.environment | changes
        return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)  # noqa: S603

    def lay(self) -> None:
        """Give it the migrated database that the tests keep; the site that the tests share migrates an empty one."""
        servers.copy_kept(self.var)
        postgres = local.start_postgres(self.var)
        servers.execute("CREATE DATABASE {0} TEMPLATE {1}", "powertool", servers.TEMPLATE, var=self.var)
        local.stop(postgres, ask=signal.SIGINT)

    def start(self) -> list[psutil.Process]:
        """Start it, wait for its address, and return it with all that it started."""
        command = [sys.executable, "manage.py", "up", "--no-demo"]
        with self.log.open("w") as log:
            self.process = psutil.Popen(
                command, cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(
            lambda: "The site is at" in self.said() or not self.process.is_running(), PATIENCE, "the site starts"
        )
        assert "The site is at" in self.said()
        return [self.process, *self.process.children(recursive=True)]

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(PATIENCE)

    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> str:
        """Return a page; fail unless the site answers with 200."""
        with urlopen(f"http://localhost:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()


@pytest.fixture(scope="module")
def running(django_db_setup, tmp_path_factory) -> Iterator[Site]:
    """One that the tests share; ended by Ctrl-C, after which no process is left."""
    site = Site(tmp_path_factory.mktemp("up") / "var")
    processes = site.start()
    yield site
    site.end(signal.SIGINT)
    assert "Your data stay" in site.said()
    assert [process for process in processes if process.is_running()] == []


def test_site_answers_with_its_static_files(running):
    page = running.get("/accounts/login/")
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "{" in running.get(sheet)


def test_web_worker_and_beat_are_processes_of_their_own(running):
    commands = [" ".join(process.cmdline()) for process in running.process.children()]
    assert [sum(word in command for command in commands) for word in ("gunicorn", " worker ", " beat ")] == [1, 1, 1]


def test_commands_beside_it_find_its_servers(running):
    script = "from django.core.cache import cache; cache.set('a', 1); from partnerships.models import User; "
    done = running.manage("shell", "-c", script + "print('people', User.objects.count(), 'cache', cache.get('a'))")
    assert "people 0 cache 1" in done.stdout


def refused(done: subprocess.CompletedProcess) -> str:
    """Return the one line with which it refused."""
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_second_one_in_the_same_folder_is_refused(running):
    assert f"Already running in this folder: http://localhost:{running.port}" in refused(running.manage("up"))


def test_busy_port_is_refused(running, tmp_path):
    other = Site(tmp_path / "var")
    other.port = running.port
    assert f"Port {running.port} is busy" in refused(other.manage("up"))


@pytest.mark.parametrize("port", ["http", "0", "65536"])
def test_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(LocalError, match="PORT is a number"):
        chosen_port()


def test_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").touch()
    assert "cannot be used" in refused(
        Site(tmp_path / "var").manage("up", POWERTOOL_VAR=str(tmp_path / "file" / "var"))
    )


def test_it_is_for_a_local_machine_only(tmp_path):
    assert "DATABASE_URL" in refused(Site(tmp_path / "var").manage("up", POWERTOOL_LOCAL="0"))


def test_kill_leaves_no_process_and_data_survive_and_a_dying_child_ends_all(django_db_setup, tmp_path):
    site = Site(tmp_path / "var")
    site.lay()
    processes = site.start()
    site.manage("shell", "-c", "from partnerships.models import User; User.objects.create_user('ama@example.org')")
    site.end(signal.SIGKILL)
    wait_until(lambda: not any(process.is_running() for process in processes), what="the kernel ends what it started")

    processes = site.start()
    done = site.manage("shell", "-c", "from partnerships.models import User; print(User.objects.get().email)")
    assert "ama@example.org" in done.stdout
    next(process for process in processes if " beat " in " ".join(process.cmdline())).kill()
    assert site.process.wait(PATIENCE) == 1
    assert "beat has ended" in site.said()
    assert [process for process in processes if process.is_running()] == []
