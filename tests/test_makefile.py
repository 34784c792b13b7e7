"""The Makefile says in one line what a newcomer lacks."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

TOOLS = ("sh", "sed", "rm", "mkdir", "touch", "find", "expand", "env")


@pytest.fixture
def clone(tmp_path) -> Path:
    """A folder with nothing but the Makefile and the pins, on a machine with hardly a tool."""
    tmp_path.chmod(0o755)
    for name in ("Makefile", "requirements-local.txt", "requirements-dev.txt", "package.json", "package-lock.json"):
        shutil.copy(settings.BASE_DIR / name, tmp_path)
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    return tmp_path


def make(folder: Path, *words: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    command = [*before, shutil.which("make"), *words]
    environment = {"PATH": str(folder / "bin")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)  # noqa: S603


def said(done: subprocess.CompletedProcess) -> str:
    """Return what it said beside make's own line."""
    assert done.returncode != 0
    lines = [line for line in done.stderr.strip().splitlines() if not line.startswith("make")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_make_alone_explains(clone):
    done = make(clone)
    assert done.returncode == 0
    assert all(
        f"  {target} " in done.stdout for target in ("run", "check", "test", "format", "setup", "lint", "bench", "pins")
    )


def test_missing_python_is_said(clone):
    assert "Python 3.11 or newer is needed" in said(make(clone, "run"))


def put_python(folder: Path, name: str, refuses: str) -> None:
    """Lay a Python that fails where a word is asked of it, and makes no virtual environment."""
    python = folder / "bin" / name
    python.write_text(f'#!/bin/sh\ncase "$2" in *{refuses}*|venv) exit 1;; esac\n')
    python.chmod(0o755)


def test_too_old_python_is_said(clone):
    put_python(clone, "python3", refuses="version_info")
    assert "Python 3.11 or newer is needed" in said(make(clone, "run"))


def test_python_without_its_venv_module_is_said(clone):
    put_python(clone, "python3.13", refuses="ensurepip")
    assert "apt-get install python3-venv): python3.13" in said(make(clone, "run"))


def test_python_without_its_venv_module_is_passed_over(clone):
    put_python(clone, "python3.13", refuses="ensurepip")
    put_python(clone, "python3", refuses="nothing")
    assert "could not be made; more in .venv.log" in said(make(clone, "run"))


def test_python_that_is_named_is_the_only_one(clone):
    put_python(clone, "python3.13", refuses="nothing")
    assert "Python 3.11 or newer is needed" in said(make(clone, "run", "PYTHON=nowhere"))


def test_folder_that_cannot_be_written_is_said(clone):
    somebody = ()
    if os.geteuid() == 0:  # whom no mode keeps out
        clone.parent.chmod(0o755)
        somebody = (shutil.which("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups")
        for folder in clone.parents:
            if folder.name.startswith("pytest-"):
                folder.chmod(0o755)
    else:
        clone.chmod(0o555)
    assert "cannot be written to" in said(make(clone, "run", before=somebody))


def test_missing_chromium_is_said(clone):
    (clone / "bin" / "id").symlink_to(shutil.which("id"))
    assert "need Chromium" in said(make(clone, "chromium"))
