"""Workbooks: XLSX and ODS. A page of facts, a dictionary of the columns, and a sheet per table."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties, TableProperties, TextProperties
from odf.table import Table as OdfTable
from odf.table import TableCell, TableColumn, TableHeaderRows, TableRow
from odf.teletype import addTextToElement
from odf.text import P
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from assessments.exports import Export, Value
from assessments.fieldwork.cells import put

WIDE, NARROW = 60, 14  # characters
WRAPPED = Alignment(wrap_text=True, vertical="top")
HEADS = (Font(bold=True), Font(italic=True))


@dataclass(frozen=True)
class Sheet:
    name: str
    heads: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Value, ...], ...]
    widths: tuple[int, ...]


def sheets_of(export: Export) -> Iterator[Sheet]:
    """Yield the sheets. Those of tables have two heads: in the reader's words, and the codes that never change."""
    facts = [(label, text) for _code, label, text in export.facts] + [("", text) for text in export.reading]
    yield Sheet(_("About"), ((export.title, ""),), tuple(facts), (30, 100))
    known = [(t.code, t.title, c.code, c.heading, c.tag, c.meaning) for t, c in export.dictionary()]
    top = (_("Table"), _("Title"), _("Column"), _("Heading"), _("HXL tag"), _("Meaning"))
    yield Sheet(_("Dictionary"), (top,), tuple(known), (18, 40, 18, 30, 34, 90))
    for table in export.tables:
        heads = tuple(column.heading for column in table.columns)
        codes = tuple(column.code for column in table.columns)
        widths = tuple(_width(cells) for cells in zip(heads, *table.rows, strict=True))
        yield Sheet(table.code, (heads, codes), table.rows, widths)


def _width(cells: tuple[Value, ...]) -> int:
    return min(WIDE, max(NARROW, *(len(cell) + 2 for cell in cells if isinstance(cell, str)), 0))


def xlsx(export: Export) -> bytes:
    """Return the workbook as Office Open XML."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets_of(export):
        page = book.create_sheet(sheet.name[:31])
        page.sheet_view.rightToLeft = export.right_to_left
        for row, values in enumerate((*sheet.heads, *sheet.rows), start=1):
            for column, value in enumerate(values, start=1):
                cell = put(page, row, column, _clean(value) if isinstance(value, str) else value)
                if row <= len(sheet.heads):
                    cell.font = HEADS[row - 1]
                cell.alignment = WRAPPED
        for column, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(column)].width = width
        page.freeze_panes = f"A{len(sheet.heads) + 1}"
        page.print_title_rows = f"1:{len(sheet.heads)}"
    book.properties.title, book.properties.language = _clean(export.title), export.language
    book.properties.creator = ""
    book.properties.created = export.moment.replace(tzinfo=None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(export: Export) -> bytes:
    """Return the workbook as OpenDocument."""
    document = OpenDocumentSpreadsheet()
    bold = Style(name="head", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    direction = Style(name="direction", family="table")
    direction.addElement(TableProperties(writingmode="rl-tb" if export.right_to_left else "lr-tb"))
    for style in (bold, direction):
        document.automaticstyles.addElement(style)
    columns: dict[int, Style] = {}
    for sheet in sheets_of(export):
        page = OdfTable(name=sheet.name, stylename=direction)
        for width in sheet.widths:
            if width not in columns:
                columns[width] = Style(name=f"w{width}", family="table-column")
                columns[width].addElement(TableColumnProperties(columnwidth=f"{width * 0.2:.1f}cm"))
                document.automaticstyles.addElement(columns[width])
            page.addElement(TableColumn(stylename=columns[width]))
        top = TableHeaderRows()
        for values in sheet.heads:
            top.addElement(ods_row(values, stylename=bold))
        page.addElement(top)
        for row in sheet.rows:
            page.addElement(ods_row(row))
        document.spreadsheet.addElement(page)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def ods_row(values: tuple[Value, ...], **style) -> TableRow:
    """Return a row of an OpenDocument table, in which text is never computed."""
    row = TableRow()
    for value in values:
        row.addElement(_cell(value, **style))
    return row


def _cell(value: Value, **style) -> TableCell:
    """Return a cell with its type, so that text is never computed."""
    if value is None:
        return TableCell(**style)
    if isinstance(value, str):
        cell = TableCell(valuetype="string", **style)
        said = P()
        addTextToElement(said, _clean(value))
        cell.addElement(said)
        return cell
    cell = TableCell(valuetype="float", value=value, **style)
    cell.addElement(P(text=str(value)))
    return cell


def _clean(text: str) -> str:
    """Return the text without signs that XML cannot carry."""
    return ILLEGAL_CHARACTERS_RE.sub("", text).replace("\ufffe", "").replace("\uffff", "")
