"""The formats that there are: ending of the file, what it is, and who writes it."""

from collections.abc import Callable
from dataclasses import dataclass

from assessments.exports import Export, sheets, text


@dataclass(frozen=True)
class Format:
    """`kind` is its name in addresses."""

    kind: str
    ending: str
    content_type: str
    write: Callable[[Export], bytes]


FORMATS = {
    one.kind: one
    for one in (
        Format("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheets.xlsx),
        Format("ods", "ods", "application/vnd.oasis.opendocument.spreadsheet", sheets.ods),
        Format("csv", "zip", "application/zip", text.archive),
        Format("json", "json", "application/json", text.as_json),
    )
}
