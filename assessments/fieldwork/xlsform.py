"""The questions as an XLSForm, which Kobo and ODK take (https://xlsform.org), with its labels in every language."""

import io
import re
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from assessments.fieldwork import texts
from assessments.fieldwork.cells import put
from assessments.fieldwork.questions import Questions, wording
from assessments.models.limits import LONGEST_REASON
from assessments.results import given_pledges

TRANSLATED = ("label", "hint", "constraint_message", "required_message")
# As `services.rating.fieldwork` makes them: a letter first, so that no spreadsheet takes a code for a number.
CODE_PATTERN = r"^\s*[A-Za-z][0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{5}\s*$"


def workbook(questions: Questions, version: str) -> bytes:
    """Return the XLSForm; the active language is the one that it opens in."""
    languages = texts.languages()
    book = Workbook()
    _write(book.active, "survey", _merged(lambda: survey(questions), languages))
    _write(book.create_sheet(), "choices", _merged(choices, languages))
    _write(book.create_sheet(), "settings", [settings_row(questions, version, languages)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def settings_row(questions: Questions, version: str, languages: list[tuple[str, str]]) -> dict[str, str]:
    return {
        "form_title": _literal(f"{questions.partnership}: {questions.title}"),
        "form_id": "pat_" + questions.key.replace("-", "_"),
        "version": version,
        "default_language": _column(*languages[0]),
        "style": "pages",
    }


def _merged(rows: Callable[[], list[dict]], languages: list[tuple[str, str]]) -> list[dict]:
    """Return the rows with each translated column once per language."""
    merged: list[dict] = []
    for code, name in languages:
        with translation.override(code):
            said = rows()
        merged = merged or [{key: value for key, value in row.items() if key not in TRANSLATED} for row in said]
        for row, more in zip(merged, said, strict=True):
            row |= {f"{key}::{_column(code, name)}": _literal(more[key]) for key in TRANSLATED if key in more}
    return merged


def _column(code: str, name: str) -> str:
    return f"{name} ({code})"


def _literal(text: str) -> str:
    """Return people's words so that no form takes them for a reference to a question."""
    return re.sub(r"\$(?=\s*\{)", "＄", text)


def survey(questions: Questions) -> list[dict]:
    """Return the rows of the survey sheet in the active language."""
    rows = [{"type": "start", "name": "start"}, {"type": "end", "name": "end"}]
    rows += [{"type": "calculate", "name": "form_key", "calculation": f"'{questions.key}'"}]
    rows += _opening(questions)
    for number, decision in questions.decisions.items():
        rows += _decision(questions, number, wording(decision))
    return rows + _ending(questions)


def _opening(questions: Questions) -> list[dict]:
    notes = [
        f"**{_('Who sees your answers')}**\n\n{texts.first_line()}",
        *questions.promise,
        texts.seen_by_the_importer(),
        *map(_literal, given_pledges.pledge_lines(questions.pledge)),
    ]
    return [
        *({"type": "note", "name": f"promise_{n}", "label": note} for n, note in enumerate(notes, start=1)),
        {
            "type": "text",
            "name": "answer_code",
            "label": _("Your answer code"),
            "hint": _(
                "The code consists of ten letters and digits and identifies your answers. The website shows it only "
                "to you."
            ),
            "required": "yes",
            "required_message": _("Without the code, we cannot know that these answers are yours. Enter your code."),
            "constraint": f"regex(., '{CODE_PATTERN}')",
            "constraint_message": _("A code consists of ten letters and digits, for example k7m2q-9x4tz."),
        },
        {
            "type": "date",
            "name": "given_on",
            "label": _("For paper forms only: on what date was the form filled in?"),
            "constraint": ". <= today()",
            "constraint_message": _("This date is in the future. Choose today or an earlier date."),
        },
    ]


def _decision(questions: Questions, number: int, words: str) -> list[dict]:
    name = f"d{number}"
    return [
        {"type": "begin_group", "name": name, "label": f"{number}. {words}", "appearance": "field-list"},
        {"type": "note", "name": f"{name}_say", "label": texts.how_much_say()},
        *(
            {
                "type": "select_one levels",
                "name": f"{name}_p{one.number}",
                "label": f"{one.name} ({questions.sides[one.side]})",
            }
            for one in questions.partners
        ),
        {"type": "select_one agree", "name": f"{name}_agree", "label": texts.do_you_agree()},
        {
            "type": "select_one uses",
            "name": f"{name}_use",
            "label": _("Do you want to give a reason?"),
            "hint": f"{_('First choose who your reason is for.')} {texts.reason_note()}",
        },
        {
            "type": "text",
            "name": f"{name}_reason",
            "label": _("Your reason"),
            "hint": _("Write at most 600 characters."),
            "appearance": "multiline",
            "relevant": " or ".join(f"${{{name}_use}} = '{use}'" for use in texts.uses()),
            "constraint": f"string-length(.) <= {LONGEST_REASON}",
            "constraint_message": _("Your reason is longer than 600 characters. Shorten it."),
        },
        {"type": "end_group", "name": name},
    ]


def _ending(questions: Questions) -> list[dict]:
    return [
        {"type": "begin_group", "name": "last", "label": _("Submit"), "appearance": "field-list"},
        {
            "type": "select_one yesno",
            "name": "hand_in",
            "label": _("Do you want to submit these answers?"),
            "hint": _(
                "Your answers will count only if you submit them. You can also submit or change them later on the "
                "website."
            ),
        },
        {
            "type": "select_one yesno",
            "name": "tick",
            "label": f"{texts.small_side()}\n\n{texts.tick()}",
            "hint": texts.tick_note(questions.k),
        },
        {"type": "end_group", "name": "last"},
    ]


def choices() -> list[dict]:
    rungs = [("levels", value, f"{sign} {words}") for value, sign, words in texts.rungs()]
    agree = [("agree", value, label) for value, label in texts.agrees().items()]
    uses = [("uses", value, label) for value, label in ({"no": _("No reason")} | texts.uses()).items()]
    yesno = [("yesno", "yes", _("Yes")), ("yesno", "no", _("No"))]
    rows = [*rungs, *agree, *uses, *yesno]
    return [{"list_name": group, "name": value, "label": label} for group, value, label in rows]


def _write(sheet, title: str, rows: list[dict]) -> None:
    sheet.title = title
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for place, column in enumerate(columns, start=1):
        put(sheet, 1, place, column)
    for line, row in enumerate(rows, start=2):
        for place, column in enumerate(columns, start=1):
            if column in row:
                put(sheet, line, place, row[column])
