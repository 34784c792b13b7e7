"""Write the bill of materials: every pinned library of Python and of the browser, as CycloneDX (`make bom`)."""

import base64
import json
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LOCK = HOME / "package-lock.json"
BOM = HOME / "build" / "bom.json"


def main() -> None:
    BOM.parent.mkdir(exist_ok=True)
    bill = whole(of_python(), LOCK.read_text())
    BOM.write_text(json.dumps(bill, indent=2) + "\n")
    print(f"{BOM.relative_to(HOME)}: {len(bill['components'])} libraries")


def of_python() -> dict:
    """Return the bill of the Python pins of production."""
    program = [sys.executable, "-m", "cyclonedx_py", "requirements", "requirements.txt"]
    options = ["--pyproject=pyproject.toml", "--output-reproducible", "--short-PURLs", "--sv=1.6", "--of=JSON"]
    done = subprocess.run([*program, *options], capture_output=True, text=True, cwd=HOME, check=True)  # noqa: S603
    return json.loads(done.stdout)


def whole(bill: dict, lock: str) -> dict:
    """Return the bill with the npm pins added; ValueError if it is no CycloneDX."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator  # takes half a second to load

    added = bill | {"components": [*bill["components"], *of_npm(json.loads(lock))]}
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(added)):
        raise ValueError(wrong)
    return added


def of_npm(lock: dict) -> list[dict]:
    """Return the npm pins as components, once each, without what only tests use."""
    found = {}
    for place, row in lock["packages"].items():
        if place and not row.get("dev"):
            name = place.rsplit("node_modules/", 1)[1]
            address = f"pkg:npm/{name.replace('@', '%40')}@{row['version']}"
            kind, _dash, digest = row["integrity"].partition("-")
            hashes = [{"alg": kind.replace("sha", "SHA-"), "content": base64.b64decode(digest).hex()}]
            found[address] = {
                "type": "library",
                "bom-ref": address,
                "name": name,
                "version": row["version"],
                "purl": address,
                "hashes": hashes,
            }
    return list(found.values())


if __name__ == "__main__":
    main()
