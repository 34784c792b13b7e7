"""pandoc, kept in a box: no files, no network, no filters, little memory, little time."""

import os
import subprocess
from datetime import datetime

import pypandoc

SECONDS = 20  # drafts are read while somebody waits
MEMORY = "512M"
MOST_OUT = 40 * 1024 * 1024  # bytes of anything that it writes


class Unreadable(Exception):
    """pandoc could not make sense of what it was given."""


def convert(data: bytes, source: str, target: str, *options: str, made_at: datetime | None = None) -> bytes:
    """Return `data` in another format; raise Unreadable if that fails, takes too long or needs too much."""
    command = [pypandoc.get_pandoc_path(), "+RTS", f"-M{MEMORY}", "-RTS", "--sandbox"]
    command += [f"--from={source}", f"--to={target}", "--output=-", *options]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    if made_at:
        environment["SOURCE_DATE_EPOCH"] = str(int(made_at.timestamp()))
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=environment, check=True)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as error:
        raise Unreadable(str(error)) from error
    if len(done.stdout) > MOST_OUT:
        raise Unreadable("It became too large.")
    return done.stdout


def office(html: str, target: str, title: str, language: str, made_at: datetime) -> bytes:
    """Return a page's clean HTML as a Word (docx) or OpenDocument (odt) file."""
    options = [
        "--standalone",
        "--shift-heading-level-by=-1",
        f"--metadata=title:{title}",
        f"--metadata=lang:{language}",
    ]
    return convert(html.encode(), "html", target, *options, made_at=made_at)
