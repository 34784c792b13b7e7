"""A representative's answers as a workbook to fill in and bring back. Only she gets it, and only hers is taken."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from assessments.fieldwork import cells, texts
from assessments.fieldwork.cells import put
from assessments.fieldwork.questions import Cell, Filled, FormProblem, Questions, wording
from assessments.models.limits import LONGEST_REASON
from assessments.results import given_pledges
from assessments.scoring.levels import parse_level
from partnerships.codes import latin_digits

MOST_PROBLEMS = 50
HELD = "held"  # the hidden page: whose it is, and what it held when it was made
FIRST = 4  # the first row of answers
LINE = Side(style="thin", color="808080")
OPEN = {
    "protection": Protection(locked=False),
    "fill": PatternFill("solid", fgColor="FFFBEA"),
    "border": Border(LINE, LINE, LINE, LINE),
}
WRAPPED = Alignment(wrap_text=True, vertical="top")
# Words of workbooks that were downloaded before the words changed.
EARLIER_WORDS = {"no, i don't agree": "no", "i don't know": "none"}


@dataclass(frozen=True)
class Own:
    """Whose sheet it is and what it holds now: version and answer by cell, the agreement's partner being 0."""

    membership: str
    organisation: str
    instance: str
    made_at: datetime
    sheet: int | None
    held: dict[Cell, tuple[int, object]] = field(default_factory=dict)


def write(questions: Questions, own: Own) -> bytes:
    book = Workbook()
    _read_me(book.active, questions, own)
    _answers(book.create_sheet(), questions, own)
    _agreement(book.create_sheet(), questions, own)
    _held(book.create_sheet(HELD), questions, own)
    for page in book.worksheets:
        page.sheet_view.rightToLeft = translation.get_language_bidi()
        page.protection.sheet = True  # without a password: against slips, not against her
        page.protection.formatColumns = False
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _read_me(page, questions: Questions, own: Own) -> None:
    page.title = _("Read me")[:31]
    page.column_dimensions["A"].width = 100
    steps = [
        _("On the second sheet, enter a level for each partner in each decision. Use 0 to 4, or ? for “do not know”."),
        _("On the third sheet, say whether you agree. Before you write a reason, choose what the reason is for."),
        _("Save the file. Sign in as yourself, and import the file on the page from which you downloaded it."),
        _(
            "If you change an answer on the website before importing the file, we will keep the answer from the "
            "website. We will tell you which answers we have kept."
        ),
        _("An empty cell changes nothing. Your answers will count only after you have submitted them on the website."),
    ]
    lines = [
        (f"{questions.partnership}: {questions.title}", True),
        (_("You are answering for %(organisation)s.") % {"organisation": own.organisation}, False),
        (_("Who sees your answers"), True),
        *((line, False) for line in questions.promise),
        *((line, False) for line in given_pledges.pledge_lines(questions.pledge)),
        (
            _(
                "Anyone who can open this file can see the answers in it. Do not share the file. Delete it after you "
                "have imported it."
            ),
            False,
        ),
        (_("How to fill in this form"), True),
        *((f"{n}. {step}", False) for n, step in enumerate(steps, start=1)),
        (_("The ladder"), True),
        *((f"{sign}  {word}", False) for _value, sign, word in texts.rungs()),
    ]
    for row, (line, bold) in enumerate(lines, start=1):
        cell = put(page, row, 1, line)
        cell.alignment, cell.font = WRAPPED, Font(bold=bold)


def _answers(page, questions: Questions, own: Own) -> None:
    page.title = _("Levels")[:31]
    put(page, 1, 1, texts.how_much_say()).font = Font(bold=True, size=14)
    put(page, 2, 1, "   ".join(f"{sign} {word}" for _value, sign, word in texts.rungs()))
    _head(page, (_("No."), _("Decision"), _("Partner"), _("Side"), _("Level")), (6, 60, 40, 14, 12))
    row = FIRST
    for number, decision in questions.decisions.items():
        for one in questions.partners:
            words = (number, wording(decision), one.name, questions.sides[one.side])
            _line(page, row, words, [_level(own.held.get((number, one.number)))], f"{number}/{one.number}")
            row += 1
    rungs = "\n".join(f"{sign} {word}" for _value, sign, word in texts.rungs())
    _choose(page, f"E{FIRST}:E{row}", '"0,1,2,3,4,?"', _("Level"), rungs)
    _set_up(page, "F", f"A3:E{row - 1}")


def _agreement(page, questions: Questions, own: Own) -> None:
    page.title = pgettext("sheet of a workbook", "Agreement")[:31]
    put(page, 1, 1, texts.do_you_agree()).font = Font(bold=True, size=14)
    before = _("Before you write a reason, choose who the reason is for. Write at most 600 characters.")
    put(page, 2, 1, f"{before} {texts.reason_note()}")
    titles = (_("No."), _("Decision"), _("Agree?"), _("Who the reason is for"), _("Your reason"))
    _head(page, titles, (6, 60, 22, 34, 70))
    for row, (number, decision) in enumerate(questions.decisions.items(), start=FIRST):
        given = _said(own.held.get((number, 0)))
        _line(page, row, (number, wording(decision)), given, f"{number}/0")
    last = FIRST + len(questions.decisions)
    lists = [list(texts.agrees().values()), list(texts.uses().values())]
    for column, letter, entries in zip((8, 9), "CD", lists, strict=True):
        for place, entry in enumerate(entries, start=1):
            put(page, place, column, entry)
        end = chr(ord("A") + column - 1)
        page.column_dimensions[end].hidden = True
        source = f"${end}$1:${end}${len(entries)}"
        _choose(page, f"{letter}{FIRST}:{letter}{last}", source, titles[2 if letter == "C" else 3], "")
    longest = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_REASON))
    longest.error, longest.errorTitle = _("Your reason is longer than 600 characters. Shorten it."), titles[4][:31]
    longest.add(f"E{FIRST}:E{last}")
    page.add_data_validation(longest)
    _set_up(page, "F", "")


def _head(page, titles: tuple[str, ...], widths: tuple[int, ...]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        put(page, FIRST - 1, column, title).font = Font(bold=True)
        page.column_dimensions[chr(ord("A") + column - 1)].width = width


def _line(page, row: int, words: tuple, answers: list, key: str) -> None:
    for column, word in enumerate(words, start=1):
        put(page, row, column, word).alignment = WRAPPED
    for column, answer in enumerate(answers, start=len(words) + 1):
        cell = put(page, row, column, answer if answer != "" else None)
        cell.protection, cell.fill, cell.border = OPEN["protection"], OPEN["fill"], OPEN["border"]
        cell.alignment = WRAPPED
    put(page, row, 6, key)


def _level(held: tuple[int, object] | None) -> object:
    return "" if held is None else "?" if held[1] is None else held[1]


def _said(held: tuple[int, Any] | None) -> list[str]:
    """Return agreement, use and reason in words."""
    if held is None:
        return ["", "", ""]
    agree, use, reason = held[1]
    value = "yes" if agree else texts.DONT_KNOW if agree is None else "no"
    return [texts.agrees()[value], texts.uses().get(use, ""), reason]


def _choose(page, where: str, source: str, title: str, prompt: str) -> None:
    """Let the cells take an entry of a list only; the rungs show beside the cell that is being filled in."""
    choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    choice.error, choice.errorTitle = _("Choose an answer from the list."), title[:31]
    if prompt:
        choice.showInputMessage, choice.promptTitle, choice.prompt = True, title[:31], prompt[:254]
    choice.add(where)
    page.add_data_validation(choice)


def _set_up(page, hidden: str, filtered: str) -> None:
    page.freeze_panes = f"A{FIRST}"
    page.column_dimensions[hidden].hidden = True
    page.print_title_rows = f"1:{FIRST - 1}"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if filtered:
        page.auto_filter.ref, page.protection.autoFilter = filtered, False


def _held(page, questions: Questions, own: Own) -> None:
    facts = {
        "format": 1,
        "form": questions.key,
        "membership": own.membership,
        "instance": own.instance,
        "made_at": own.made_at.isoformat(),
        "sheet": own.sheet or 0,
    }
    lines = [(key, str(value), "") for key, value in facts.items()]
    lines += [(f"{d}/{p}", str(version), json.dumps(said)) for (d, p), (version, said) in own.held.items()]
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line, start=1):
            put(page, row, column, value)
    page.sheet_state = "veryHidden"


@dataclass
class Returned:
    """A workbook that came back: what it says, or why it is not taken."""

    form: Filled | None = None
    problems: list[FormProblem] = field(default_factory=list)
    more_problems: int = 0

    def complain(self, page: str, row: int, column: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(FormProblem(row, f"{page} {column}".strip(), message))
        else:
            self.more_problems += 1


def parse_sheet(data: bytes, questions: Questions, membership: str) -> Returned:
    """Return the answers of a workbook that was made for this membership; with any problem nothing of it is taken."""
    returned = Returned()
    try:
        book = cells.workbook(data)
        _check_pages(book.sheetnames)
        facts, held = _what_it_held(cells.rows(book[HELD]))
        _check_owner(facts, questions, membership)
        pages = book.sheetnames
        levels = dict(_read_levels(returned, pages[1], cells.rows(book[pages[1]]), questions))
        agreements = dict(_read_agreements(returned, pages[2], cells.rows(book[pages[2]]), questions))
        if not returned.problems:
            returned.form = Filled(
                row=0,
                instance=f"sheet:{facts['instance']}",
                code="",
                answered_at=datetime.fromisoformat(facts["made_at"]).astimezone(UTC),
                levels=levels,
                agreements=agreements,
                held=held,
                sheet=int(facts["sheet"]) or None,
            )
    except cells.Unreadable as error:
        returned.complain("", 0, "", str(error))
    except (KeyError, ValueError, OverflowError, RecursionError):
        returned.complain(
            "",
            0,
            "",
            _(
                "The hidden sheet in this workbook has been changed, so we cannot import the workbook. Download a "
                "new workbook from this page."
            ),
        )
    return returned


def _check_pages(names: list[str]) -> None:
    if HELD not in names or len(names) != 4 or names[3] != HELD:
        raise cells.Unreadable(
            _(
                "This workbook does not come from this website. Download your own workbook from this page, and fill it "
                "in."
            )
        )


def _what_it_held(rows: Iterator[list[str]]) -> tuple[dict[str, str], dict[Cell, tuple[int, object]]]:
    facts: dict[str, str] = {}
    held: dict[Cell, tuple[int, object]] = {}
    for row in rows:
        key, value, said = (*row, "", "", "")[:3]
        if "/" in key:
            decision, partner = (int(part) for part in key.split("/"))
            answer = json.loads(said)
            held[decision, partner] = (int(value), tuple(answer) if isinstance(answer, list) else answer)
        else:
            facts[key] = value
    return facts, held


def _check_owner(facts: dict[str, str], questions: Questions, membership: str) -> None:
    if facts["form"] != questions.key:
        message = _(
            "This workbook was made for another assessment, or for an earlier list of decisions. Download a new "
            "workbook from this page."
        )
        raise cells.Unreadable(message)
    if facts["membership"] != membership:
        raise cells.Unreadable(
            _("This workbook was made for someone else, so we have not imported it. Choose your own workbook.")
        )


def _rows_of(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str], int, int]]:
    for number, row in enumerate(rows, start=1):
        if number >= FIRST and len(row) >= 6 and "/" in row[5]:
            decision, partner = (int(part) for part in row[5].split("/"))
            yield number, row, decision, partner


def _read_levels(
    returned: Returned, page: str, rows: Iterator[list[str]], questions: Questions
) -> Iterator[tuple[Cell, int | None]]:
    asked = {one.number for one in questions.partners}
    for number, row, decision, partner in _rows_of(rows):
        value = latin_digits(row[4])
        if decision not in questions.decisions or partner not in asked:
            raise ValueError("a cell that nobody asked for")
        if not value:
            continue
        try:
            yield (decision, partner), parse_level(value, "?")
        except ValueError:
            message = _("“%(value)s” is not a level. Enter 0, 1, 2, 3 or 4, or ? for “do not know”.") % {
                "value": value[:40]
            }
            returned.complain(page, number, "E", message)


def _read_agreements(
    returned: Returned, page: str, rows: Iterator[list[str]], questions: Questions
) -> Iterator[tuple[int, tuple[bool | None, str, str]]]:
    agrees, uses = EARLIER_WORDS | _in_all_languages(texts.agrees), _in_all_languages(texts.uses)
    for number, row, decision, _partner in _rows_of(rows):
        agree, use, reason = row[2:5]
        if decision not in questions.decisions:
            raise ValueError("a decision that nobody asked for")
        if agree and agree.casefold() not in agrees:
            returned.complain(
                page,
                number,
                "C",
                _("“%(value)s” is not in the list. Choose an answer from the list.") % {"value": agree[:40]},
            )
        if use and use.casefold() not in uses:
            returned.complain(
                page,
                number,
                "D",
                _("“%(value)s” is not in the list. Choose an answer from the list.") % {"value": use[:40]},
            )
        if reason and not use:
            returned.complain(page, number, "D", _("First choose who your reason is for."))
        if len(reason) > LONGEST_REASON:
            returned.complain(page, number, "E", _("Your reason is longer than 600 characters. Shorten it."))
        if agree or reason:
            said = {"yes": True, "no": False}.get(agrees.get(agree.casefold(), ""))
            yield decision, (said, uses.get(use.casefold(), "") if reason else "", reason)


def _in_all_languages(entries) -> dict[str, str]:
    """Return the values of a list's entries in whatever language the workbook was made."""
    found: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {capfirst(label).casefold(): value for value, label in entries().items()}
    return found
