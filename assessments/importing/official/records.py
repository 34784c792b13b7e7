"""What is read of a dump: typed records, and a list of what cannot come in as it is."""

from dataclasses import dataclass
from datetime import date, datetime

CHANGED, LEFT_OUT = "changed", "left out"


@dataclass(frozen=True)
class Issue:
    """A record that comes in changed, or not at all, and why. `choice` names a cell for which a person can choose."""

    model: str
    key: int
    end: str  # CHANGED or LEFT_OUT
    reason: str
    session: int | None = None
    choice: str = ""

    def __str__(self) -> str:
        where = f"session {self.session}, " if self.session is not None and self.model != "patsession" else ""
        choose = f" Choose with “{self.choice}”." if self.choice else ""
        return f"{where}{self.model} {self.key}: {self.reason}{choose}"


@dataclass(frozen=True)
class Person:
    key: int
    name: str
    email: str  # canonical; empty where no mail can reach it


@dataclass(frozen=True)
class Organisation:
    key: int
    name: str
    acronym: str


@dataclass(frozen=True)
class Level:
    """The two levels of one organisation in one decision, and the keys of their records."""

    organisation: int
    actual: int | None
    desired: int | None
    keys: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class OfficialDecision:
    key: int
    wording: str
    agree: bool | None
    note: str
    created_at: datetime
    levels: list[Level]


@dataclass(frozen=True)
class Invited:
    key: int  # of the participant
    person: Person
    organisation: int


@dataclass(frozen=True)
class Comment:
    """A signed remark; `key` is None for the facilitator's own notes and summary."""

    key: int | None
    author: str
    text: str
    at: datetime
    by_owner: bool


@dataclass(frozen=True)
class Session:
    key: int
    name: str
    owner: Person | None
    rehearsal: bool
    countries: list[str]
    context: str
    day: date
    created_at: datetime
    closed_at: datetime | None
    organisations: list[Organisation]
    decisions: list[OfficialDecision]
    people: list[Invited]
    comments: list[Comment]
    finished: bool  # it has closing notes or a summary

    @property
    def discussed(self) -> bool:
        """Say whether the group got past the list of decisions."""
        return any(one.levels or one.agree is not None for one in self.decisions)


@dataclass(frozen=True)
class Dump:
    sessions: list[Session]
    issues: list[Issue]
