"""Row locks that let others refer to the row: a stronger one waits for, and deadlocks with, each insert beneath it."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("assessments", "community", "partnerships", "powertool")


def locks(source: str) -> list[tuple[int, bool]]:
    """Return the line of each row lock, and whether it leaves the key alone."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        (call.lineno, "no_key" in {one.arg for one in call.keywords})
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "select_for_update"
    ]


@pytest.mark.parametrize("app", APPS)
def test_every_row_lock_leaves_the_key_to_those_who_refer_to_it(app):
    files = Path(settings.BASE_DIR / app).rglob("*.py")
    strong = [f"{path}:{line}" for path in files for line, weak in locks(path.read_text()) if not weak]
    assert not strong


def test_the_search_finds_both_kinds():
    assert sorted(locks("a.select_for_update().get()\nb.select_for_update(no_key=True)")) == [(1, False), (2, True)]
