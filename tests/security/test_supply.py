"""The libraries are known by name, and those known to be unsafe make `make lint` red."""

import json

import pytest

from supply import advisories, bom

SAFE = {"name": "django", "version": "5.2", "vulns": []}
UNSAFE = {"name": "left", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
SKIPPED = {"name": "django", "skip_reason": "Dependency not found"}


@pytest.fixture(scope="module")
def python_pins() -> dict:
    return bom.of_python()


def test_what_is_unsafe_is_named():
    assert advisories.read_python({"dependencies": [SAFE, UNSAFE]}) == ["left 1: PYSEC-1, mended in 2"]
    assert advisories.read_python({"dependencies": [SAFE]}) == []
    assert advisories.read_npm({"vulnerabilities": {"sass": {"severity": "high", "range": "<2"}}}) == ["sass: high, <2"]


@pytest.mark.parametrize(
    ("read", "report"),
    [
        (advisories.read_python, {"dependencies": [SKIPPED, SKIPPED]}),
        (advisories.read_python, {}),
        (advisories.read_npm, {"message": "405 Method Not Allowed"}),
    ],
)
def test_a_source_that_answers_nothing_is_not_taken_for_good_news(read, report):
    with pytest.raises(advisories.Unreachable):
        read(report)


@pytest.mark.parametrize(("found", "code", "said"), [([], 0, "NOT audited"), (["left 1: PYSEC-1"], 1, "PYSEC-1")])
def test_only_what_was_found_makes_it_red(monkeypatch, tmp_path, capsys, found, code, said):
    def silent():
        raise advisories.Unreachable("no name")

    monkeypatch.setattr(advisories, "CLEAN", tmp_path / "clean")
    monkeypatch.setattr(advisories, "of_python", lambda: found)
    monkeypatch.setattr(advisories, "of_npm", silent)
    assert advisories.main() == code
    assert said in capsys.readouterr().out
    assert not advisories.CLEAN.exists()


def test_a_program_that_is_not_there_is_no_news_either():
    with pytest.raises(advisories.Unreachable):
        advisories.json_of(["no-such-program-at-all"])


def test_the_bill_names_every_pin(python_pins):
    bill = bom.whole(python_pins, bom.LOCK.read_text())
    names = {row["name"].lower() for row in bill["components"]}
    pins = {line.split("==")[0] for line in advisories.PINS.read_text().splitlines() if "==" in line[:60]}
    assert {pin.strip().lower() for pin in pins if not pin.startswith((" ", "#"))} <= names
    assert {"bootstrap", "idb", "plotly.js-basic-dist-min"} <= names
    assert "axe-core" not in names
    assert all(row["version"] for row in bill["components"])


def test_a_bill_that_is_none_is_refused(python_pins):
    lock = {"packages": {"node_modules/a": {"version": "1", "integrity": "sha1024-AAAA"}}}
    with pytest.raises(ValueError, match="SHA-1024"):
        bom.whole(python_pins, json.dumps(lock))
