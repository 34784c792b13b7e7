"""Read what Kobo or ODK export of a filled-in form: XLSX or CSV, with the names of questions and answers."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext as _

from assessments.fieldwork import cells, texts
from assessments.fieldwork.questions import Cell, Filled, FormProblem, Questions
from assessments.models.limits import LONGEST_REASON
from assessments.scoring.levels import parse_level
from partnerships.codes import latin_digits

MOST_PROBLEMS = 50
AGREE: dict[str, bool | None] = {"yes": True, "no": False, texts.DONT_KNOW: None}
USES = {"": "", "no": "", "me": "me", "group": "group", "signed": "signed"}
# What stays the same while a form is corrected comes first.
INSTANCE = ("rootUuid", "_uuid", "instanceID", "KEY")
# When it was finished; where that is missing, when it was sent.
MOMENTS = ("end", "_submission_time", "SubmissionDate")


@dataclass
class Exported:
    """The forms in an export, in its order; which rows belong elsewhere; and what is wrong."""

    forms: list[Filled] = field(default_factory=list)
    foreign: list[FormProblem] = field(default_factory=list)
    problems: list[FormProblem] = field(default_factory=list)
    more_problems: int = 0

    @property
    def readable(self) -> bool:
        """Say whether only single rows are wrong, if anything is: the first row holds the names of the columns."""
        return all(problem.row > 1 for problem in self.problems)

    def complain(self, row: int, column: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(FormProblem(row, column, message))
        else:
            self.more_problems += 1


def parse_export(data: bytes, questions: Questions) -> Exported:
    """Return an export's forms. A row with anything wrong in it is left out whole and told, the others are good."""
    exported = Exported()
    try:
        head, *lines = cells.table(data) or [[]]
    except cells.Unreadable as error:
        exported.complain(0, "", str(error))
        return exported
    columns = _columns(head)
    _check_columns(exported, columns, questions)
    if len(lines) > cells.MOST_ROWS:
        most = _("This file has more than %(most)s rows. Export fewer rows at a time.") % {"most": cells.MOST_ROWS}
        exported.complain(0, "", most)
    if not exported.problems:
        _read_rows(exported, columns, lines, questions)
    return exported


def _columns(head: list[str]) -> dict[str, int]:
    """Return the place of each column by the last part of its name: groups stand before it, by any separator."""
    return {re.split(r"[/\-.:]", name.strip())[-1]: place for place, name in reversed(list(enumerate(head)))}


def _check_columns(exported: Exported, columns: dict[str, int], questions: Questions) -> None:
    first = f"d{next(iter(questions.decisions), 1)}_p{questions.partners[0].number if questions.partners else 1}"
    for name in ("answer_code", "form_key", first):
        if name not in columns:
            message = _(
                "This column is missing. Export the form for this assessment, and choose “XML values and headers” as "
                "the format."
            )
            exported.complain(1, name, message)
    if not any(name in columns for name in INSTANCE):
        exported.complain(
            1, "_uuid", _("The column that identifies each form is missing. Export the forms again with this column.")
        )


def _read_rows(exported: Exported, columns: dict[str, int], lines: list[list[str]], questions: Questions) -> None:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=2):
        row = ExportRow(number, {name: line[place] for name, place in columns.items() if place < len(line)}, exported)
        if not any(row.values.values()):
            continue
        form = row.form(questions)
        if form is None:
            continue
        if form.instance in seen:
            message = _("This row contains the same form as row %(row)s. Remove one of the two rows.") % {
                "row": seen[form.instance]
            }
            exported.complain(number, "_uuid", message)
            continue
        seen[form.instance] = number
        exported.forms.append(form)


@dataclass
class ExportRow:
    """One row of an export, and where to complain about it."""

    number: int
    values: dict[str, str]
    exported: Exported
    wrong: bool = False

    def of(self, name: str) -> str:
        return self.values.get(name, "")

    def complain(self, column: str, message: str) -> None:
        self.wrong = True
        self.exported.complain(self.number, column, message)

    def form(self, questions: Questions) -> Filled | None:
        """Return the row as a filled-in form, or None if it is another list's, or has anything wrong."""
        if self.of("form_key") != questions.key:
            message = _(
                "This form was made for another assessment, or for an earlier list of decisions. Use the current form."
            )
            self.exported.foreign.append(FormProblem(self.number, "form_key", message))
            return None
        form = Filled(
            row=self.number,
            instance=self._instance(),
            code=self.of("answer_code"),
            answered_at=self._answered_at(),
            levels=self._levels(questions),
            agreements=self._agreements(questions),
            hand_in=self._yes("hand_in"),
            tick=self._yes("tick"),
        )
        return None if self.wrong else form

    def _instance(self) -> str:
        found = next((self.of(name) for name in INSTANCE if self.of(name)), "")
        instance = found.lower().removeprefix("uuid:")
        if not re.fullmatch(r"[0-9a-z_-]{8,64}", instance):
            self.complain("_uuid", _("This form has no identifier. Export the forms again from Kobo or ODK."))
        return instance

    def _answered_at(self) -> datetime:
        """Return when the answers were given: when the form was finished, or the evening of the day on the paper."""
        moment = next((self._moment(name) for name in MOMENTS if self.of(name)), None)
        if moment is None:
            self.complain("end", _("The form does not say when it was filled in. Enter the date and time."))
            return datetime.now(UTC)
        if paper := self._day("given_on"):
            moment = min(moment, datetime.combine(paper, time(23, 59, 59), UTC))
        return moment

    def _moment(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.of(name))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self._not_one_of(
                name, _("“%(value)s” is not a valid date and time. Use this format: 2026-11-24T10:30:00+03:00.")
            )
            return datetime.now(UTC)

    def _day(self, name: str) -> date | None:
        if not self.of(name):
            return None
        try:
            return date.fromisoformat(self.of(name)[:10])
        except ValueError:
            self._not_one_of(name, _("“%(value)s” is not a valid date. Use this format: 2026-11-24."))
            return None

    def _levels(self, questions: Questions) -> dict[Cell, int | None]:
        message = _("“%(value)s” is not a level. Enter 0, 1, 2, 3 or 4, or “none” for “do not know”.")
        cells_asked = ((d, one.number) for d in questions.decisions for one in questions.partners)
        levels: dict[Cell, int | None] = {}
        for decision, partner in cells_asked:
            value = latin_digits(self.of(name := f"d{decision}_p{partner}"))
            if not value:
                continue
            try:
                levels[decision, partner] = parse_level(value, texts.DONT_KNOW)
            except ValueError:
                self._not_one_of(name, message)
        return levels

    def _agreements(self, questions: Questions) -> dict[int, tuple[bool | None, str, str]]:
        agreements: dict[int, tuple[bool | None, str, str]] = {}
        for number in questions.decisions:
            agree, use, reason = (self.of(f"d{number}_{part}") for part in ("agree", "use", "reason"))
            if agree and agree not in AGREE:
                self._not_one_of(f"d{number}_agree", _("“%(value)s” is not a valid answer. Enter yes, no or none."))
            if use not in USES:
                self._not_one_of(
                    f"d{number}_use",
                    _("“%(value)s” does not say what the reason is for. Choose one of the options in the form."),
                )
            if reason and not USES.get(use):
                self.complain(
                    f"d{number}_reason",
                    _("The form does not say what this reason is for, so the reason has not been imported."),
                )
            if len(reason) > LONGEST_REASON:
                self.complain(f"d{number}_reason", _("This reason is longer than 600 characters. Shorten it."))
            if agree or reason:
                agreements[number] = (AGREE.get(agree), USES.get(use, "") if reason else "", reason)
        return agreements

    def _yes(self, name: str) -> bool:
        if self.of(name) not in ("", "yes", "no"):
            self._not_one_of(name, _("“%(value)s” is not a valid answer. Enter yes or no."))
        return self.of(name) == "yes"

    def _not_one_of(self, column: str, message: str) -> None:
        self.complain(column, message % {"value": self.of(column)[:40]})
