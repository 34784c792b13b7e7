"""Workbooks and CSV files as rows of text: bounded before they are unpacked, and nothing in them is computed."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

MOST_UPLOAD = 2_500_000
MOST_UNPACKED = 40_000_000
MOST_ROWS = 500
MOST_COLUMNS = 4_000
MOST_CELLS = 600_000


class Unreadable(Exception):
    """The whole file cannot be read; the message says why."""


def put(sheet, row: int, column: int, value: object):
    """Write a cell. Text stays text, whatever it begins with: people's words are never a formula."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = sheet.cell(row, column, value)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")):
        cell.data_type = "s"
        cell.quotePrefix = True
    return cell


def table(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file, or of a workbook's first sheet."""
    if data[:2] == b"PK":
        book = workbook(data)
        return list(rows(book[book.sheetnames[0]]))
    return list(bounded(_csv(data)))


def workbook(data: bytes):
    """Open a workbook; formulas stay the text that they are."""
    try:
        return load_workbook(io.BytesIO(unpacked(data)), read_only=True, data_only=False, keep_links=False)
    except Unreadable:
        raise
    except Exception as error:  # a damaged workbook fails in any of many ways
        raise Unreadable(_("This file is not a workbook, or it is damaged. Save it as .xlsx and try again.")) from error


def unpacked(data: bytes) -> bytes:
    """Return the same zip stored flat, never larger than the limit: whoever opens it cannot unpack more than that."""
    flat, left = io.BytesIO(), MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(flat, "w", zipfile.ZIP_STORED) as copy:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise Unreadable(
                        _("This file is too large when unpacked. Check that you chose the file with the answers.")
                    )
                copy.writestr(member.filename, content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InvalidFileException(str(error)) from error
    return flat.getvalue()


def rows(sheet) -> Iterator[list[str]]:
    """Return a sheet's rows as text, whatever size it claims to have."""
    try:
        sheet.reset_dimensions()
        yield from bounded([text(value) for value in row] for row in _values(sheet))
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_("This file is not a workbook, or it is damaged. Save it as .xlsx and try again.")) from error


def _values(sheet) -> Iterator[tuple]:
    return sheet.iter_rows(max_row=MOST_ROWS * 12, values_only=True)


def bounded(found) -> Iterator[list[str]]:
    """Pass rows on until there are more cells than any export of an assessment has."""
    cells = 0
    for row in found:
        while row and not row[-1]:
            row.pop()
        cells += len(row)
        if len(row) > MOST_COLUMNS:
            raise Unreadable(_("This file has more columns than a form can have. Check that you chose the right file."))
        if cells > MOST_CELLS:
            raise Unreadable(_("This file is too large to import at once. Export fewer rows."))
        yield row


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _("Line %(line)s is not encoded in UTF-8. Save the file as “CSV UTF-8”.") % {"line": line}
        ) from None
    head = decoded.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from ([cell.strip().replace("\0", "") for cell in row] for row in reader)
    except csv.Error:
        line = reader.line_num + 1
        raise Unreadable(
            _("Line %(line)s is not valid CSV. Check for a missing quotation mark.") % {"line": line}
        ) from None


def text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().replace("\0", "")
