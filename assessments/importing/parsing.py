"""Read the files of an assessment and say, with file, line and column, what is wrong with them. Asks no database."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pycountry
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assessments.models import Topic
from assessments.models.limits import LONGEST_ACTION, LONGEST_WORDING
from assessments.scoring.levels import parse_level
from partnerships.codes import latin_digits
from partnerships.locales import listed
from partnerships.models import Side

MOST_ROWS = 100_000
MOST_BYTES = 20_000_000  # of one file, unpacked
MOST_PROBLEMS = 50

COLUMNS = {
    "partners.csv": ("name", "acronym", "country", "side"),
    "decisions.csv": ("code", "decision"),
    "raters.csv": ("rater", "partner", "show_small_side"),
    "ratings.csv": ("rater", "rater_partner", "decision", "partner", "level"),
    "agreement.csv": ("rater", "decision", "agree"),
    "agreed.csv": ("decision", "partner", "actual", "desired"),
    "actions.csv": ("decision", "action", "owner", "due"),
}
NEEDED = ("partners.csv", "decisions.csv")


@dataclass(frozen=True)
class ImportProblem:
    """What is wrong, and where: file, line (1 is the header; 0: the whole file), column (empty: the whole line)."""

    file: str
    line: int
    column: str
    message: str | Promise


@dataclass
class Parsed:
    """The rows of each file as dicts with a `line`, and what is wrong with them."""

    rows: dict[str, list[dict]] = field(default_factory=dict)
    problems: list[ImportProblem] = field(default_factory=list)
    more_problems: int = 0

    def of(self, file: str) -> list[dict]:
        return self.rows.get(file, [])

    def complain(self, file: str, line: int, column: str, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(ImportProblem(file, line, column, message))
        else:
            self.more_problems += 1


def parse_archive(data: bytes) -> Parsed:
    """Return the files of a zip, checked; nothing is right unless `problems` is empty."""
    parsed = Parsed()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = {_base_name(info.filename): info for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, ValueError):
        parsed.complain(
            "", 0, "", _("This is not a zip file. Put the CSV files into one zip file, and choose that file.")
        )
        return parsed
    for file in COLUMNS:
        if file in members:
            _read_file(parsed, file, archive, members[file])
        elif file in NEEDED:
            parsed.complain(file, 0, "", _("This file is missing. Add it to the zip file."))
    if not parsed.problems:
        _check(parsed)
    return parsed


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].lower()


def _read_file(parsed: Parsed, file: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    try:
        with archive.open(info) as stream:
            data = stream.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        parsed.complain(
            file, 0, "", _("This file cannot be unpacked. Check that it is not damaged or protected by a password.")
        )
        return
    if len(data) > MOST_BYTES:
        parsed.complain(
            file, 0, "", _("This file is larger than 20 MB when unpacked. Check that you chose the right file.")
        )
        return
    text = _decoded(parsed, file, data)
    if text is not None:
        parsed.rows[file] = list(_rows(parsed, file, text))


def _decoded(parsed: Parsed, file: str, data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        parsed.complain(file, line, "", _("This line is not encoded in UTF-8. Save the file as “CSV UTF-8”."))
        return None


def _rows(parsed: Parsed, file: str, text: str) -> Iterator[dict]:
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    missing = [column for column in COLUMNS[file] if column not in (reader.fieldnames or ())]
    for column in missing:
        parsed.complain(file, 1, column, _("This column is missing. Add it to the file."))
    if missing:
        return
    try:
        for count, row in enumerate(reader, start=1):
            if count > MOST_ROWS:
                message = _("This file has more than %(most)s rows. Import fewer rows.") % {"most": MOST_ROWS}
                parsed.complain(file, reader.line_num, "", message)
                return
            if None in row:
                parsed.complain(
                    file, reader.line_num, "", _("This line has more cells than the header. Remove the extra cells.")
                )
            yield {column: (value or "").strip() for column, value in row.items() if column} | {"line": reader.line_num}
    except csv.Error:
        parsed.complain(
            file, reader.line_num + 1, "", _("This line is not valid CSV. Check for a missing quotation mark.")
        )


def _check(parsed: Parsed) -> None:
    partners = _check_partners(parsed)
    decisions = _unique(parsed, "decisions.csv", ("code",))
    _filled(parsed, "decisions.csv", "decision", LONGEST_WORDING)
    _check_topics(parsed)
    raters = _check_raters(parsed, partners)
    known = {"partner": partners, "owner": partners, "decision": decisions, "rater": raters.keys()}
    for file in ("ratings.csv", "agreement.csv", "agreed.csv", "actions.csv"):
        for column in COLUMNS[file]:
            if column in known:
                _known(parsed, file, column, known[column])
    _check_ratings(parsed, raters)
    _check_agreement(parsed)
    _check_agreed(parsed)
    _check_actions(parsed)
    if not parsed.of("ratings.csv") and not parsed.of("agreed.csv"):
        parsed.complain(
            "",
            0,
            "",
            _(
                "The zip file contains neither private ratings (ratings.csv) nor agreed levels (agreed.csv). Add one "
                "of these files."
            ),
        )


def _check_partners(parsed: Parsed) -> set[str]:
    file = "partners.csv"
    partners = _unique(parsed, file, ("acronym",))
    _filled(parsed, file, "name", 160)
    _filled(parsed, file, "acronym", 20)
    for row in parsed.of(file):
        if row["side"] not in Side.values:
            parsed.complain(
                file,
                row["line"],
                "side",
                _("“%(value)s” is not a side. Enter north, south or other.") % {"value": row["side"]},
            )
        if pycountry.countries.get(alpha_2=row["country"]) is None:
            message = _("“%(value)s” is not an ISO 3166 country code. Enter a code such as KE.") % {
                "value": row["country"]
            }
            parsed.complain(file, row["line"], "country", message)
    if len(parsed.of(file)) < 2:
        parsed.complain(file, 0, "", _("An assessment needs at least two partners."))
    return partners


def _check_topics(parsed: Parsed) -> None:
    for row in parsed.of("decisions.csv"):
        if row.get("topic") and row["topic"] not in Topic.values:
            message = _("“%(value)s” is not a topic. Leave the cell empty, or use one of these: %(topics)s.")
            values = {"value": row["topic"], "topics": listed(Topic.values, "or")}
            parsed.complain("decisions.csv", row["line"], "topic", message % values)


def _check_raters(parsed: Parsed, partners: set[str]) -> dict[str, str]:
    _unique(parsed, "raters.csv", ("rater",))
    _known(parsed, "raters.csv", "partner", partners)
    _each(
        parsed, "raters.csv", "show_small_side", ("yes", "no"), _("“%(value)s” is not a valid answer. Enter yes or no.")
    )
    return {row["rater"]: row["partner"] for row in parsed.of("raters.csv")}


def _check_ratings(parsed: Parsed, raters: dict[str, str]) -> None:
    file = "ratings.csv"
    _unique(parsed, file, ("rater", "decision", "partner"))
    _levels(parsed, file, "level")
    for row in parsed.of(file):
        if row["rater"] in raters and row["rater_partner"] != raters[row["rater"]]:
            message = _(
                "In raters.csv, rater %(rater)s answers for a different partner: %(partner)s. Correct "
                "raters.csv or this file."
            )
            values = {"rater": row["rater"], "partner": raters[row["rater"]]}
            parsed.complain(file, row["line"], "rater_partner", message % values)


def _check_agreement(parsed: Parsed) -> None:
    _unique(parsed, "agreement.csv", ("rater", "decision"))
    _each(
        parsed,
        "agreement.csv",
        "agree",
        ("yes", "no", ""),
        _("“%(value)s” is not a valid answer. Enter yes or no, or leave the cell empty."),
    )


def _check_agreed(parsed: Parsed) -> None:
    _unique(parsed, "agreed.csv", ("decision", "partner"))
    _levels(parsed, "agreed.csv", "actual")
    _levels(parsed, "agreed.csv", "desired")


def _check_actions(parsed: Parsed) -> None:
    file = "actions.csv"
    _filled(parsed, file, "action", LONGEST_ACTION)
    for row in parsed.of(file):
        try:
            row["due"] = date.fromisoformat(latin_digits(row["due"]))
        except ValueError:
            message = _("“%(value)s” is not a valid date. Use this format: 2027-03-31.") % {"value": row["due"]}
            parsed.complain(file, row["line"], "due", message)


def _unique(parsed: Parsed, file: str, columns: tuple[str, ...]) -> set:
    """Return the keys of a file, and complain of each that comes again."""
    seen: dict = {}
    for row in parsed.of(file):
        key = tuple(row[column] for column in columns)
        if key in seen:
            message = _("This line is the same as line %(line)s: %(key)s. Remove one of the two lines.") % {
                "line": seen[key],
                "key": listed(key),
            }
            parsed.complain(file, row["line"], columns[-1], message)
        seen.setdefault(key, row["line"])
    return {key[0] for key in seen} if len(columns) == 1 else set(seen)


def _known(parsed: Parsed, file: str, column: str, known) -> None:
    sources = {"decision": "decisions.csv", "rater": "raters.csv"}
    source = sources.get(column, "partners.csv")
    for row in parsed.of(file):
        if row[column] not in known:
            message = _("“%(value)s” is not in %(file)s. Correct that file or this one.") % {
                "value": row[column],
                "file": source,
            }
            parsed.complain(file, row["line"], column, message)


def _filled(parsed: Parsed, file: str, column: str, longest: int) -> None:
    for row in parsed.of(file):
        if not row[column]:
            parsed.complain(file, row["line"], column, _("This cell is empty. Fill it in."))
        elif len(row[column]) > longest:
            message = _("This text is longer than %(longest)s characters. Shorten it.") % {"longest": longest}
            parsed.complain(file, row["line"], column, message)
        elif "\x00" in row[column]:
            parsed.complain(
                file, row["line"], column, _("This cell contains a character that is not allowed. Type the text again.")
            )


def _levels(parsed: Parsed, file: str, column: str) -> None:
    """Turn a column into levels: whole numbers 0 to 4, None where the cell is empty."""
    message = _("“%(value)s” is not a level. Enter 0, 1, 2, 3 or 4, or leave the cell empty for “do not know”.")
    for row in parsed.of(file):
        value = latin_digits(row[column])
        try:
            row[column] = parse_level(value, "")
        except ValueError:
            parsed.complain(file, row["line"], column, message % {"value": value})


def _each(parsed: Parsed, file: str, column: str, allowed: tuple[str, ...], message: str) -> None:
    """Lower a column's texts, and complain of each that is not allowed."""
    for row in parsed.of(file):
        row[column] = row[column].lower()
        if row[column] not in allowed:
            parsed.complain(file, row["line"], column, message % {"value": row[column]})
