"""What the last `make bench` found, as tables for docs/figures.md: `python -m bench.table`."""

import json
import sys
from typing import Any

from bench.run import RESULTS


def main() -> None:
    if not RESULTS.exists():
        sys.exit("There are no results yet: make bench")
    found = json.loads(RESULTS.read_text())
    for row in [*found.get("ratios", []), *found.get("scoring", [])]:
        sys.stdout.write(line(row))


def heading() -> str:
    return "| what | median | p95 | R | at most | queries | met |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |\n"


def line(row: dict[str, Any]) -> str:
    """Return a row of a table in Markdown."""
    most = f"{row['most']:g} {row.get('unit', 'R')}" if row.get("most") else ""
    queries = f"{row['statements']}" if "statements" in row else ""
    queries += f" (at most {row['most_statements']})" if row.get("most_statements") else ""
    cells = [row["what"], ms(row, "median_ms"), ms(row, "p95_ms"), f"{row['ratio']:.2f}", most, queries]
    return f"| {' | '.join([*cells, 'yes' if row['met'] else '**no**'])} |\n"


def ms(row: dict[str, Any], name: str) -> str:
    return f"{row[name]:.1f} ms" if name in row else ""


if __name__ == "__main__":
    sys.stdout.write(heading())
    main()
