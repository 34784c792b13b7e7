"""Workbooks with decisions down and partners across: bytes to grids and back, XLSX and OpenDocument."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from odf import opendocument
from odf.table import Table, TableCell, TableRow
from odf.teletype import extractText
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from assessments.exports.sheets import ods_row
from assessments.fieldwork import cells
from assessments.fieldwork.cells import Unreadable, put
from assessments.importing.grids import (
    ACTIONS,
    AGREEMENT,
    LEVELS,
    MOST_CELLS,
    TITLES,
    WANTED,
    Grid,
    Grids,
    kinds_of,
    yes_and_no,
)
from assessments.models import Action, AgreedLevel, Assessment, Outcome

MOST_REPEATED = 1000
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


# --- in


def parse_workbook(data: bytes) -> Grids:
    """Return the sheets of an XLSX or ODS workbook; raise Unreadable with the reason if there are none."""
    sheets = dict(_ods(data) if _is_ods(data) else _xlsx(data))
    return {kind: _bounded(sheets[name]) for kind, name in kinds_of(list(sheets)).items()}


def _is_ods(data: bytes) -> bool:
    return CONTENT_TYPES["ods"].encode() in data[:200]


def _xlsx(data: bytes) -> Iterator[tuple[str, Grid]]:
    book = cells.workbook(data)
    for name in book.sheetnames:
        yield name, list(cells.rows(book[name]))


def _ods(data: bytes) -> Iterator[tuple[str, Grid]]:
    try:
        document = opendocument.load(io.BytesIO(cells.unpacked(data)))
        for table in document.spreadsheet.getElementsByType(Table):
            yield str(table.getAttribute("name")), list(cells.bounded(_ods_rows(table)))
    except Unreadable:
        raise
    except Exception as error:  # a damaged file fails in any of many ways
        raise Unreadable(
            _("This file is not a workbook, or it is damaged. Save it as .xlsx or .ods, and try again.")
        ) from error


def _ods_rows(table: Any) -> Iterator[list[str]]:
    for row in table.getElementsByType(TableRow):
        found = _ods_cells(row)
        while found and not found[-1]:
            found.pop()
        yield from repeat(found, _repeated(row, "numberrowsrepeated") if found else 1)


def _ods_cells(row: Any) -> list[str]:
    found: list[str] = []
    for cell in row.getElementsByType(TableCell):
        found += [_ods_text(cell)] * _repeated(cell, "numbercolumnsrepeated")
        if len(found) > MOST_CELLS:
            raise _too_many()
    return found


def _ods_text(cell: Any) -> str:
    """Return a cell's text; a date in the form that every reader shares."""
    value = cell.getAttribute("datevalue") or "\n".join(extractText(one) for one in cell.childNodes)
    return str(value).strip().replace("\0", "")


def _repeated(element: Any, name: str) -> int:
    return min(int(element.getAttribute(name) or 1), MOST_REPEATED)


def pasted(text: str) -> Grids:
    """Return cells that were copied in a spreadsheet program: the sheet with the levels of today."""
    rows = csv.reader(io.StringIO(text.strip("\r\n").replace("\0", ""), newline=""), delimiter="\t")
    try:
        return {LEVELS: _bounded([[cell.strip() for cell in row] for row in rows])}
    except csv.Error as error:
        raise Unreadable(_("These cells cannot be read. Copy them again from your spreadsheet program.")) from error


def _bounded(grid: Grid) -> Grid:
    if sum(len(row) for row in grid) > MOST_CELLS:
        raise _too_many()
    return [[" ".join(cell.split()) for cell in row] for row in grid]


def _too_many() -> Unreadable:
    return Unreadable(_("This sheet has too many cells. Copy only the cells that belong to the assessment."))


# --- out


def template(acronyms: Iterable[str]) -> Grids:
    """Return empty sheets with the partners of a partnership, in the reader's language."""
    return _grids(list(acronyms), [], {}, {}, [], [])


def grids_of(assessment: Assessment) -> Grids:
    """Return what the group agreed on in an assessment, as sheets that can be imported again."""
    partners = list(assessment.participants.values_list("pk", "acronym"))
    decisions = list(assessment.decisions.active().order_by("number", "position", "pk").values_list("pk", "wording"))
    rows = AgreedLevel.objects.filter(decision__assessment=assessment)
    levels = rows.values_list("decision_id", "participant_id", "actual", "desired")
    acronym = dict(partners)
    today = {(decision, acronym[partner]): actual for decision, partner, actual, _desired in levels}
    wanted = {(decision, acronym[partner]): desired for decision, partner, _actual, desired in levels}
    return _grids([*acronym.values()], decisions, today, wanted, _answers(assessment), _actions(assessment))


def _answers(assessment: Assessment) -> list[tuple[str, str]]:
    words = yes_and_no()
    rows = Outcome.objects.filter(decision__assessment=assessment, agree__isnull=False).order_by("decision__number")
    return [
        (wording, words["yes" if agree else "no"]) for wording, agree in rows.values_list("decision__wording", "agree")
    ]


def _actions(assessment: Assessment) -> list[tuple[str, str, str, str]]:
    rows = Action.objects.filter(assessment=assessment).order_by("decision__number", "due", "pk")
    found = rows.values_list("decision__wording", "text", "owner__acronym", "due")
    return [(wording, text, owner, due.isoformat()) for wording, text, owner, due in found]


def _grids(
    acronyms: list[str],
    decisions: list[tuple[int, str]],
    today: dict[tuple[int, str], int | None],
    wanted: dict[tuple[int, str], int | None],
    answers: Iterable[tuple[str, ...]],
    actions: Iterable[tuple[str, ...]],
) -> Grids:
    def levels(held: dict[tuple[int, str], int | None]) -> Grid:
        return [[_("Decision"), *acronyms]] + [
            [wording, *(_shown(held.get((pk, acronym))) for acronym in acronyms)] for pk, wording in decisions
        ]

    return {
        LEVELS: levels(today),
        WANTED: levels(wanted),
        AGREEMENT: [[_("Decision"), _("Do we agree?")], *map(list, answers)],
        ACTIONS: [[_("Decision"), _("Action"), _("Partner"), _("By when")], *map(list, actions)],
    }


def _shown(level: int | None) -> str:
    return "" if level is None else str(level)


def write(grids: Grids, kind: str) -> bytes:
    """Return sheets as a workbook, with their titles in the reader's language."""
    return _write_ods(grids) if kind == "ods" else _write_xlsx(grids)


def _write_xlsx(grids: Grids) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for kind, grid in grids.items():
        page = book.create_sheet(str(TITLES[kind])[:31])
        page.sheet_view.rightToLeft = translation.get_language_bidi()
        page.column_dimensions["A"].width = 60
        page.freeze_panes = "B2"
        for row, values in enumerate(grid, start=1):
            for column, value in enumerate(values, start=1):
                cell = put(page, row, column, _value(value))
                cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=row == 1)
    book.properties.creator = ""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_ods(grids: Grids) -> bytes:
    document = opendocument.OpenDocumentSpreadsheet()
    for kind, grid in grids.items():
        page = Table(name=str(TITLES[kind]))
        for values in grid:
            page.addElement(ods_row(tuple(_value(value) for value in values)))
        document.spreadsheet.addElement(page)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _value(text: str) -> str | int | None:
    """Return a level as a number, so that spreadsheet programs count with it; nothing for an empty cell."""
    return int(text) if text.isdecimal() and len(text) == 1 else text or None
