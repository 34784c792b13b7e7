"""Ask whether the pins have known vulnerabilities. Red only if there is one; where nobody can be asked, it says so.

`python -m supply.advisories` (part of `make lint`). What was clean is asked again after a day, or when the pins change.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
PINS, LOCK = HOME / "requirements.txt", HOME / "package-lock.json"
CLEAN = HOME / "build" / ".advisories"
DAY = 24 * 3600
PROBE = "django"  # asked about first: whoever cannot answer this will not answer the rest


class Unreachable(Exception):
    """Nobody there who knows about advisories."""


def main() -> int:
    """Print what was found, and return 1 if something was."""
    pins = hashlib.sha256(PINS.read_bytes() + LOCK.read_bytes()).hexdigest()
    if CLEAN.exists() and CLEAN.read_text() == pins and time.time() - CLEAN.stat().st_mtime < DAY:
        print("Advisories: none today, as asked before.")
        return 0
    known: list[str] = []
    silent = False
    for what, ask in (("Python", of_python), ("npm", of_npm)):
        try:
            known += ask()
        except Unreachable as error:
            silent = True
            print(f"Advisories: the {what} pins were NOT audited, their source cannot be reached from here ({error}).")
    for line in known:
        print(f"Advisories: {line}")
    if not known and not silent:
        print("Advisories: no known vulnerability in the Python and npm pins.")
        CLEAN.parent.mkdir(exist_ok=True)
        CLEAN.write_text(pins)
    return 1 if known else 0


def of_python() -> list[str]:
    """Return a line per vulnerability of the Python pins."""
    pins = PINS.read_text()
    probe = next(line.split(" ")[0] for line in pins.splitlines() if line.startswith(f"{PROBE}=="))
    read_python(audited(probe))
    return read_python(audited(pins))


def audited(pins: str) -> dict:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(pins)
        file.flush()
        options = ["--no-deps", "--disable-pip", "--progress-spinner=off", "--timeout=10", "--format=json"]
        return json_of([sys.executable, "-m", "pip_audit", *options, f"--requirement={file.name}"])


def read_python(report: dict) -> list[str]:
    """Return the vulnerabilities of pip-audit's report; Unreachable if it could look up nothing."""
    rows = report.get("dependencies", [])
    if not any("vulns" in row for row in rows):
        raise Unreachable(next((row.get("skip_reason", "") for row in rows), "no report"))
    return [
        f"{row['name']} {row['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none yet'}"
        for row in rows
        for found in row.get("vulns", [])
    ]


def of_npm() -> list[str]:
    """Return a line per package of the npm pins with a vulnerability, without what only tests use."""
    return read_npm(json_of(["npm", "audit", "--json", "--omit=dev"]))


def read_npm(report: dict) -> list[str]:
    if "vulnerabilities" not in report:
        raise Unreachable(str(report.get("message") or "no report")[:90])
    return [f"{name}: {row['severity']}, {row['range']}" for name, row in report["vulnerabilities"].items()]


def json_of(command: Iterable[str]) -> dict:
    """Return what a program prints as JSON; Unreachable if it prints none."""
    try:
        done = subprocess.run([*command], capture_output=True, text=True, cwd=HOME, timeout=300)  # noqa: S603
        return json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreachable(type(error).__name__) from error
    except ValueError as error:
        raise Unreachable((done.stderr.strip().splitlines() or ["no report"])[-1][:90]) from error


if __name__ == "__main__":
    sys.exit(main())
