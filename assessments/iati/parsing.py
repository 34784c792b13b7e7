"""Read an IATI activity file as a stream. Nothing outside the file is opened, and no tree is built."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from sys import intern
from typing import NamedTuple, NoReturn
from xml.parsers import expat

VERSIONS = ("2.01", "2.02", "2.03")
RECEIVED, DISBURSED, EXPENDITURE = 1, 3, 4  # of IATI's code list TransactionType
KINDS = {str(kind): kind for kind in (RECEIVED, DISBURSED, EXPENDITURE)}

MOST_TRANSACTIONS = 200_000
MOST_ACTIVITIES = 100_000
MOST_NAMES = 20_000  # different names of elements and attributes; the standard has fewer than 300
DEEPEST = 30
LONGEST_TAG = 1 << 20  # bytes
LONGEST_TEXT = 500  # characters of a name, an identifier or a number; the rest is left out
PIECE = 1 << 16  # bytes that the parser gets at once

LONG_AGO = datetime.min.replace(tzinfo=UTC)
CURRENCY = re.compile(r"[A-Z]{3}")
NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d*)?|\.\d+)", re.ASCII)


class Problem(StrEnum):
    """Why a file is refused."""

    NOT_XML = "not_xml"
    DOCUMENT_TYPE = "document_type"
    OTHER_STANDARD = "other_standard"
    ORGANISATION_FILE = "organisation_file"
    VERSION_1 = "version_1"
    OTHER_VERSION = "other_version"
    TOO_MANY = "too_many"
    NO_IDENTIFIER = "no_identifier"
    NO_REPORTER = "no_reporter"
    NO_CURRENCY = "no_currency"
    NO_DATE = "no_date"
    NO_VALUE = "no_value"
    NO_PAYMENTS = "no_payments"


class BadFile(Exception):
    """A file that is refused: why, and where (a line, and an activity if one is known)."""

    def __init__(self, problem: Problem, line: int = 0, activity: str = "") -> None:
        super().__init__(problem, line, activity)
        self.problem, self.line, self.activity = problem, line, activity


class Organisation(NamedTuple):
    """An organisation as a file names it. The same identifier is the same organisation, without it the same name."""

    reference: str
    name: str

    @property
    def key(self) -> str:
        """Return what tells organisations apart; empty if the file names none."""
        return folded(self.reference) or (f"name {folded(self.name)}" if self.name else "")


class Transaction(NamedTuple):
    """Money received (1), disbursed (3) or spent (4). An organisation is None where the file names none."""

    kind: int
    day: date
    value: Decimal
    currency: str
    giver: Organisation | None
    receiver: Organisation | None


@dataclass(slots=True)
class Activity:
    identifier: str = ""
    updated: datetime = LONG_AGO
    currency: str = ""
    reporter: Organisation | None = None
    transactions: list[Transaction] = field(default_factory=list)


def folded(text: str) -> str:
    """Return a text without differences of case and spaces."""
    return " ".join(text.split()).casefold()


def activities(pieces: Iterable[bytes]) -> Iterator[Activity]:
    """Yield the activities of a file one by one, with what was received, disbursed and spent. Raise BadFile."""
    reader = _Reader()
    for piece in pieces:
        for start in range(0, len(piece), PIECE):
            reader.feed(piece[start : start + PIECE])
            yield from reader.finished()
    reader.parse(b"", is_last=True)
    yield from reader.finished()


def latest(pieces: Callable[[], Iterable[bytes]]) -> Iterator[Activity]:
    """Yield each activity once: where an identifier comes again, the one that was updated last.

    `pieces` is called twice, for the file is read twice: only the second reading knows which activities to leave out.
    """
    last: dict[str, tuple[datetime, int]] = {}
    for place, activity in enumerate(activities(pieces())):
        identifier = folded(activity.identifier)
        last[identifier] = max(last.get(identifier, (activity.updated, place)), (activity.updated, place))
    kept = {place for _updated, place in last.values()}
    return (activity for place, activity in enumerate(activities(pieces())) if place in kept)


class _Reader:
    """The events of the parser, put together to activities."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.parser = expat.ParserCreate(intern=self.names)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse_document_type
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.path = [""]  # of each open element, empty where nothing is read in it
        self.done: list[Activity] = []
        self.fed = self.activities = self.transactions = 0
        self.activity = Activity()
        self.of_transaction: dict[str, str] = {}
        self.reporter: dict[str, str] = {}
        self.known: dict[Organisation, Organisation] = {}  # of this activity: each is stored once
        self.text: list[str] | None = None

    def feed(self, data: bytes) -> None:
        self.fed += len(data)
        self.parse(data)
        if self.fed - self.parser.CurrentByteIndex > LONGEST_TAG or len(self.names) > MOST_NAMES:
            self.refuse(Problem.OTHER_STANDARD)

    def parse(self, data: bytes, *, is_last: bool = False) -> None:
        try:
            self.parser.Parse(data, is_last)
        except expat.ExpatError as error:
            raise BadFile(Problem.NOT_XML, error.lineno) from error

    def finished(self) -> list[Activity]:
        """Return the activities that are complete, once."""
        done, self.done = self.done, []
        return done

    def refuse(self, problem: Problem) -> NoReturn:
        raise BadFile(problem, self.parser.CurrentLineNumber, self.activity.identifier)

    def refuse_document_type(self, *_declared: object) -> None:
        self.refuse(Problem.DOCUMENT_TYPE)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        path = f"{self.path[-1]}/{name}" if len(self.path) == 1 or self.path[-1] else ""
        if len(self.path) == 1:
            self.check_root(name, attributes)
        elif len(self.path) > DEEPEST:
            self.refuse(Problem.OTHER_STANDARD)
        self.path.append(path if path in PATHS else "")
        if begin := STARTS.get(path):
            begin(self, attributes)
        if path in TEXTS:
            self.text = []

    def characters(self, data: str) -> None:
        if self.text is not None and sum(map(len, self.text)) < LONGEST_TEXT:
            self.text.append(data[:LONGEST_TEXT])

    def end(self, _name: str) -> None:
        path = self.path.pop()
        text, self.text = "".join(self.text or ()).strip()[:LONGEST_TEXT], None
        if finish := ENDS.get(path):
            finish(self, text)

    def check_root(self, name: str, attributes: dict[str, str]) -> None:
        version = attributes.get("version", "").strip()
        if name != "iati-activities":
            self.refuse(Problem.ORGANISATION_FILE if name == "iati-organisations" else Problem.OTHER_STANDARD)
        if version.startswith("1"):
            self.refuse(Problem.VERSION_1)
        if version not in VERSIONS:
            self.refuse(Problem.OTHER_VERSION)

    def start_activity(self, attributes: dict[str, str]) -> None:
        self.activities += 1
        if self.activities > MOST_ACTIVITIES:
            self.refuse(Problem.TOO_MANY)
        self.activity = Activity(
            currency=_short(attributes.get("default-currency", "")),
            updated=_moment(attributes.get("last-updated-datetime", "")),
        )
        self.known, self.reporter = {}, {}

    def start_reporter(self, attributes: dict[str, str]) -> None:
        self.reporter["reference"] = _short(attributes.get("ref", ""))

    def name_reporter(self, text: str) -> None:
        self.reporter.setdefault("name", text)

    def end_reporter(self, _text: str) -> None:
        reference, name = self.reporter.get("reference", ""), self.reporter.get("name", "")
        self.activity.reporter = self.organisation(reference, name)

    def end_identifier(self, text: str) -> None:
        self.activity.identifier = text

    def start_transaction(self, _attributes: dict[str, str]) -> None:
        self.transactions += 1
        if self.transactions > MOST_TRANSACTIONS:
            self.refuse(Problem.TOO_MANY)
        self.of_transaction = {}

    def end_transaction(self, _text: str) -> None:
        given = self.of_transaction
        if (kind := KINDS.get(given.get("kind", ""))) is None:
            return
        currency = (given.get("currency") or self.activity.currency).upper()
        if not CURRENCY.fullmatch(currency):
            self.refuse(Problem.NO_CURRENCY)
        giver, receiver = self.party("giver"), self.party("receiver")
        transaction = Transaction(kind, self.day(), self.value(), intern(currency), giver, receiver)
        self.activity.transactions.append(transaction)

    def day(self) -> date:
        try:
            return _day(self.of_transaction.get("day", "")[:10])
        except ValueError:
            self.refuse(Problem.NO_DATE)

    def value(self) -> Decimal:
        number = self.of_transaction.get("value", "")
        if not NUMBER.fullmatch(number):
            self.refuse(Problem.NO_VALUE)
        return Decimal(number)

    def party(self, role: str) -> Organisation | None:
        given = self.of_transaction
        return self.organisation(given.get(f"{role} reference", ""), given.get(f"{role} name", ""))

    def organisation(self, reference: str, name: str) -> Organisation | None:
        found = Organisation(reference, name)
        return self.known.setdefault(found, found) if found.key else None

    def end_activity(self, _text: str) -> None:
        activity, reporter = self.activity, self.activity.reporter
        if not activity.identifier:
            self.refuse(Problem.NO_IDENTIFIER)
        if reporter is None:
            self.refuse(Problem.NO_REPORTER)
        activity.transactions = [_with_reporter(one, reporter) for one in activity.transactions]
        self.done.append(activity)
        self.activity = Activity()


def _with_reporter(one: Transaction, reporter: Organisation) -> Transaction:
    """Return a transaction with the one who reports it in the place that the standard lets it leave out."""
    if one.kind == RECEIVED:
        return one if one.receiver else one._replace(receiver=reporter)
    return one if one.giver else one._replace(giver=reporter)


@lru_cache(maxsize=20_000)
def _day(text: str) -> date:
    """Return a date; the same one for the same text, which saves memory."""
    return date.fromisoformat(text)


def _short(text: str) -> str:
    return text.strip()[:LONGEST_TEXT]


def _moment(text: str) -> datetime:
    """Return when an activity was updated; the earliest moment of all if it does not say."""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text.strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return LONG_AGO


def _attribute(key: str, name: str) -> Callable[[_Reader, dict[str, str]], None]:
    """Return what stores an attribute of a transaction's element."""

    def store(reader: _Reader, attributes: dict[str, str]) -> None:
        reader.of_transaction[key] = _short(attributes.get(name, ""))

    return store


def _text(key: str) -> Callable[[_Reader, str], None]:
    """Return what stores the text of a transaction's element, the first one if there are several."""

    def store(reader: _Reader, text: str) -> None:
        reader.of_transaction.setdefault(key, text)

    return store


# What is read of a file: what happens where an element starts and ends, by its path.
ROOT, ACTIVITY = "/iati-activities", "/iati-activities/iati-activity"
REPORTER, TRANSACTION = f"{ACTIVITY}/reporting-org", f"{ACTIVITY}/transaction"
STARTS: dict[str, Callable[[_Reader, dict[str, str]], None]] = {
    ACTIVITY: _Reader.start_activity,
    REPORTER: _Reader.start_reporter,
    TRANSACTION: _Reader.start_transaction,
    f"{TRANSACTION}/transaction-type": _attribute("kind", "code"),
    f"{TRANSACTION}/transaction-date": _attribute("day", "iso-date"),
    f"{TRANSACTION}/value": _attribute("currency", "currency"),
    f"{TRANSACTION}/provider-org": _attribute("giver reference", "ref"),
    f"{TRANSACTION}/receiver-org": _attribute("receiver reference", "ref"),
}
ENDS: dict[str, Callable[[_Reader, str], None]] = {
    ACTIVITY: _Reader.end_activity,
    REPORTER: _Reader.end_reporter,
    TRANSACTION: _Reader.end_transaction,
    f"{ACTIVITY}/iati-identifier": _Reader.end_identifier,
    f"{REPORTER}/narrative": _Reader.name_reporter,
    f"{TRANSACTION}/value": _text("value"),
    f"{TRANSACTION}/provider-org/narrative": _text("giver name"),
    f"{TRANSACTION}/receiver-org/narrative": _text("receiver name"),
}
TEXTS = {path for path in ENDS if path.endswith(("/iati-identifier", "/value", "/narrative"))}
PATHS = {ROOT, *STARTS, *ENDS}
