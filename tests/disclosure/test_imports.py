"""Disclosure is pure: it can be read, tested and reused without the web."""

import subprocess
import sys
from pathlib import Path

LOADED = """
import sys, assessments.disclosure
web = {"django", "celery", "plotly", "kombu", "psycopg2", "redis"}
print(*sorted(web & {name.partition(".")[0] for name in sys.modules}))
"""


def loaded_by(code):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_a_fresh_interpreter_loads_no_web_no_queue_and_no_charts():
    assert loaded_by("import django\n" + LOADED) == ["django"]
    assert loaded_by(LOADED) == []
