"""docs/security.md has one row per requirement of ASVS 5.0.0, levels 1 and 2, and the tests that it names exist."""

import ast
import csv
import re
from collections import Counter
from functools import cache

from django.conf import settings

TESTS = settings.BASE_DIR / "tests"
LIST = TESTS / "data" / "asvs-5.0.0-levels-1-2.csv"  # ids and levels
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)


def rows() -> list[tuple[str, str, str, str, str]]:
    return ROW.findall((settings.BASE_DIR / "docs" / "security.md").read_text())


@cache
def names_in(file: str) -> set[str]:
    """Return the names of the tests that pytest would collect of a file."""
    tree = ast.parse((TESTS / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def missing(named: str) -> list[str]:
    found = []
    for one in re.findall(r"`([^`]+)`", named):
        file, _colons, test = one.partition("::")
        if not (TESTS / file).is_file() or test not in names_in(file):
            found.append(one)
    return found


def test_every_requirement_has_one_row():
    with LIST.open() as file:
        wanted = {(row["id"], row["level"]) for row in csv.DictReader(file)}
    assert len(wanted) == 253
    assert Counter((number, level) for number, level, *_rest in rows()) == Counter(wanted)


def test_what_is_met_names_tests_that_exist():
    """No row names a test that looks at this table only: it would stay green without any protection."""
    assert [number for number, _level, status, _how, shown in rows() if status == "met" and "`" not in shown] == []
    assert [number for number, *_rest, shown in rows() if "test_asvs.py" in shown] == []
    assert [one for *_rest, shown in rows() for one in missing(shown)] == []


def test_what_is_not_says_why():
    statuses = {status for _number, _level, status, _how, _shown in rows()}
    assert statuses == {"met", "partly", "not applicable", "not met"}
    assert [number for number, _level, status, how, _shown in rows() if status != "met" and len(how) < 6] == []


def test_a_test_that_does_not_exist_is_seen():
    assert missing("`security/test_asvs.py::test_a_test_that_does_not_exist_is_seen`") == []
    assert missing("`security/test_asvs.py::test_nothing` `nowhere.py::test_x`") == [
        "security/test_asvs.py::test_nothing",
        "nowhere.py::test_x",
    ]
