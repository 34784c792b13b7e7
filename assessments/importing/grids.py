"""Read the sheets of a workbook: decisions down, partners across. Asks no database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assessments.importing.parsing import Parsed
from assessments.models.limits import LONGEST_ACTION, LONGEST_WORDING
from assessments.scoring.levels import parse_level
from partnerships.codes import latin_digits
from partnerships.models import Partner

Grid = list[list[str]]
Grids = dict[str, Grid]  # by kind of sheet

LEVELS, WANTED, AGREEMENT, ACTIONS = "levels", "wanted", "agreement", "actions"
TITLES = {
    LEVELS: gettext_lazy("Levels today"),
    WANTED: gettext_lazy("Desired levels"),
    AGREEMENT: pgettext_lazy("sheet of a workbook", "Agreement"),
    ACTIONS: gettext_lazy("Actions"),
}
MISSING = ("", "?", "-", "–")
MOST_PROBLEMS, MOST_CELLS = 50, 20_000


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell. Row and column count from 1; row 0 is the whole sheet."""

    sheet: str
    row: int
    column: int
    value: str
    message: str

    @property
    def title(self) -> str:
        return str(TITLES[self.sheet])

    @property
    def place(self) -> str:
        return f"{column_letters(self.column)}{self.row}" if self.row else ""

    @property
    def key(self) -> str:
        """Return the name of the input that corrects this cell."""
        return f"{self.sheet}.{self.row}.{self.column}"


@dataclass
class Checked:
    """What the sheets say, as the rows that an import writes, and what is wrong with them."""

    parsed: Parsed = field(default_factory=Parsed)
    problems: list[CellProblem] = field(default_factory=list)

    def complain(self, sheet: str, row: int, column: int, value: str, message: str) -> None:
        self.problems.append(CellProblem(sheet, row, column, value[:200], message))


def column_letters(column: int) -> str:
    """Return a column as spreadsheet programs name it: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def in_all_languages(words: Callable[[], Mapping[str, str]]) -> dict[str, str]:
    """Return what some words mean, in whatever language of the site they are written."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {str(word).casefold(): meaning for meaning, word in words().items()}
    return found


def kinds_of(names: Sequence[str]) -> dict[str, str]:
    """Return which kind of sheet each name is, {kind: name}. The first sheet has the levels if none is called so."""
    titles = in_all_languages(lambda: {kind: str(title) for kind, title in TITLES.items()})
    found = {titles[name.strip().casefold()]: name for name in names if name.strip().casefold() in titles}
    if names and LEVELS not in found and names[0] not in found.values():
        found[LEVELS] = names[0]
    return found


def correct(grids: Grids, corrections: Mapping[str, str]) -> None:
    """Put corrected texts into their cells; a cell that is not there is passed over."""
    for key, text in corrections.items():
        sheet, _dot, place = key.partition(".")
        row, _dot, column = place.partition(".")
        if sheet in grids and row.isdecimal() and column.isdecimal():
            _put(grids[sheet], int(row) - 1, int(column) - 1, text.strip())


def _put(grid: Grid, row: int, column: int, text: str) -> None:
    if 0 <= row < len(grid) and 0 <= column < MOST_CELLS // max(len(grid), 1):
        grid[row] += [""] * (column + 1 - len(grid[row]))
        grid[row][column] = text


def check(grids: Grids, partners: Sequence[Partner]) -> Checked:
    """Return the sheets as rows to import; only without problems are they right."""
    checked = Checked()
    known = {text.casefold(): partner for partner in partners for text in (partner.name, partner.acronym)}
    across = _partners(checked, LEVELS, grids, known)
    decisions = _decisions(checked, grids.get(LEVELS, []))
    _write_partners(checked, across)
    today = _levels(checked, LEVELS, grids, across, decisions)
    wanted = _levels(checked, WANTED, grids, _partners(checked, WANTED, grids, known), decisions)
    checked.parsed.rows["agreed.csv"] = [
        {"decision": decision, "partner": partner, "actual": today.get(cell), "desired": wanted.get(cell), "line": 0}
        for cell in sorted({*today, *wanted})
        for decision, partner in [cell]
    ]
    checked.parsed.rows["outcomes"] = list(_answers(checked, grids, decisions))
    checked.parsed.rows["actions.csv"] = list(_actions(checked, grids, known, across, decisions))
    return checked


def _cells(grid: Grid, row: int) -> list[str]:
    return grid[row] if row < len(grid) else []


def _partners(checked: Checked, sheet: str, grids: Grids, known: Mapping[str, Partner]) -> dict[int, Partner]:
    """Return the partner of each column."""
    found: dict[int, Partner] = {}
    for column, text in enumerate(_cells(grids.get(sheet, []), 0)[1:], start=2):
        partner = known.get(text.casefold())
        if not text and not _is_used(grids[sheet], column):
            continue
        if partner is None:
            message = _(
                "This partner is not in the partnership. Enter the name or short name that the partnership uses."
            )
            checked.complain(sheet, 1, column, text, message)
        elif partner in found.values():
            checked.complain(
                sheet, 1, column, text, _("This partner already has a column. Remove one of the two columns.")
            )
        else:
            found[column] = partner
    return found


def _is_used(grid: Grid, column: int) -> bool:
    return any(len(row) >= column and row[column - 1] for row in grid)


def _write_partners(checked: Checked, across: Mapping[int, Partner]) -> None:
    if len(across) < 2 and not checked.problems:
        checked.complain(LEVELS, 0, 0, "", _("The first row lists the partners. Enter at least two partners."))
    checked.parsed.rows["partners.csv"] = [
        {"name": one.name, "acronym": one.acronym, "country": one.country, "side": one.side, "line": 1}
        for one in across.values()
    ]


def _decisions(checked: Checked, grid: Grid) -> dict[str, str]:
    """Return the code of each decision by its wording in small letters."""
    found: dict[str, str] = {}
    rows = []
    for row, text in _first_column(grid):
        if not text:
            checked.complain(
                LEVELS, row, 1, text, _("This row has levels but no decision. Enter the decision in the first column.")
            )
        elif len(text) > LONGEST_WORDING:
            checked.complain(
                LEVELS,
                row,
                1,
                text,
                _("This text is longer than %(n)s characters. Shorten it.") % {"n": LONGEST_WORDING},
            )
        elif text.casefold() in found:
            checked.complain(LEVELS, row, 1, text, _("This decision already has a row. Remove one of the two rows."))
        else:
            found[text.casefold()] = f"{row:05}"
            rows.append({"code": f"{row:05}", "decision": text, "line": row})
    if not rows and not checked.problems:
        checked.complain(LEVELS, 0, 0, "", _("The first column is empty. Enter the decisions there."))
    checked.parsed.rows["decisions.csv"] = rows
    return found


def _first_column(grid: Grid) -> Iterator[tuple[int, str]]:
    """Yield row and first cell of each row that has anything, below the headings."""
    for row, cells in enumerate(grid[1:], start=2):
        if any(cells):
            yield row, cells[0]


def _decided(
    checked: Checked, sheet: str, grids: Grids, decisions: Mapping[str, str]
) -> Iterator[tuple[int, str, list[str]]]:
    """Yield row, code of the decision and cells of each row of a sheet."""
    for row, text in _first_column(grids.get(sheet, [])):
        code = decisions.get(text.casefold())
        if code:
            yield row, code, grids[sheet][row - 1]
        elif sheet != LEVELS:
            message = _("This decision is not in the sheet “%(sheet)s”. Use the wording from that sheet.") % {
                "sheet": TITLES[LEVELS]
            }
            checked.complain(sheet, row, 1, text, message)


def _levels(
    checked: Checked, sheet: str, grids: Grids, across: Mapping[int, Partner], decisions: Mapping[str, str]
) -> dict[tuple[str, str], int | None]:
    found: dict[tuple[str, str], int | None] = {}
    for row, code, cells in _decided(checked, sheet, grids, decisions):
        for column, partner in across.items():
            text = latin_digits(cells[column - 1]) if column <= len(cells) else ""
            try:
                level = parse_level(text, *MISSING)
            except ValueError:
                checked.complain(
                    sheet, row, column, text, _("This is not a level. Enter 0, 1, 2, 3 or 4, or leave the cell empty.")
                )
                continue
            if level is not None:
                found[code, partner.acronym] = level
    return found


def yes_and_no() -> dict[str, str]:
    return {"yes": pgettext("answer in a workbook", "yes"), "no": pgettext("answer in a workbook", "no")}


def _answers(checked: Checked, grids: Grids, decisions: Mapping[str, str]) -> Iterator[dict]:
    words = in_all_languages(yes_and_no)
    for row, code, cells in _decided(checked, AGREEMENT, grids, decisions):
        text = cells[1] if len(cells) > 1 else ""
        meaning = words.get(text.casefold())
        if text and meaning is None:
            checked.complain(AGREEMENT, row, 2, text, _("This is not a valid answer. Enter yes or no."))
        elif meaning:
            yield {"decision": code, "agree": meaning == "yes", "line": row}


def _actions(
    checked: Checked,
    grids: Grids,
    known: Mapping[str, Partner],
    across: Mapping[int, Partner],
    decisions: Mapping[str, str],
) -> Iterator[dict]:
    there = {partner.acronym for partner in across.values()}
    for row, code, cells in _decided(checked, ACTIONS, grids, decisions):
        text, owner, due = (*cells[1:], "", "", "")[:3]
        partner, day = known.get(owner.casefold()), _day(due)
        if not text or len(text) > LONGEST_ACTION:
            message = _("Enter what will be done. Use at most %(n)s characters.") % {"n": LONGEST_ACTION}
            checked.complain(ACTIONS, row, 2, text, message)
        if partner is None or partner.acronym not in there:
            message = _("This partner is not in the sheet “%(sheet)s”. Use the name from that sheet.") % {
                "sheet": TITLES[LEVELS]
            }
            checked.complain(ACTIONS, row, 3, owner, message)
        if day is None:
            checked.complain(ACTIONS, row, 4, due, _("This is not a valid date. Use this format: 2027-03-31."))
        if partner and day:
            yield {"decision": code, "action": text, "owner": partner.acronym, "due": day, "line": row}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(latin_digits(text)[:10])
    except ValueError:
        return None
