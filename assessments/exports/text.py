"""CSV and JSON. The evidence base writes its tables with the same hand."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from assessments.exports import Export, Table

# Signs with which a spreadsheet begins to compute, and their full-width forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMAT = "power-awareness-tool/assessment/1"


def written(rows: Iterable[Iterable[Any]]) -> str:
    """Return rows as CSV (RFC 4180); None is empty."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[guarded(value) for value in row] for row in rows])
    return out.getvalue()


def guarded(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def archive(export: Export) -> bytes:
    """Return a zip: a CSV per table with codes and HXL tags on top, a dictionary of all columns, and the facts."""
    files = {f"{table.code}.csv": as_csv(table) for table in export.tables}
    files["dictionary.csv"] = written(
        [["table", "column", "hxl_tag", "heading", "meaning"]]
        + [[table.code, c.code, c.tag, c.heading, c.meaning] for table, c in export.dictionary()]
    )
    reading = [["reading", "", text] for text in export.reading]
    files["about.csv"] = written([["fact", "label", "text"], *map(list, export.facts), *reading])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            moment = max(export.moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
            member = zipfile.ZipInfo(name, moment)
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, content.encode("utf-8-sig"))
    return out.getvalue()


def as_csv(table: Table) -> str:
    codes, tags = [column.code for column in table.columns], [column.tag for column in table.columns]
    return written([codes, tags, *table.rows])


def as_json(export: Export) -> bytes:
    return json.dumps(plain(export), ensure_ascii=False, indent=1).encode()


def plain(export: Export) -> dict[str, Any]:
    """Return the export as JSON has it; also what the interface for programs answers."""
    return {
        "format": FORMAT,
        "language": export.language,
        "title": export.title,
        "facts": [{"code": code, "label": label, "text": text} for code, label, text in export.facts],
        "reading": list(export.reading),
        "tables": [plain_table(table) for table in export.tables],
    }


def plain_table(table: Table) -> dict[str, Any]:
    return {
        "code": table.code,
        "title": table.title,
        "columns": [{"code": c.code, "heading": c.heading, "hxl": c.tag, "meaning": c.meaning} for c in table.columns],
        "rows": table.records(),
    }
