"""Read a dump of the official web tool into typed records and a list of issues. Asks no database, reads no secret.

The format is described in docs/moving.md. Only the fields named here are looked at: passwords and codes are not.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pycountry

from assessments.importing.official.records import (
    CHANGED,
    LEFT_OUT,
    Comment,
    Dump,
    Invited,
    Issue,
    Level,
    OfficialDecision,
    Organisation,
    Person,
    Session,
)
from assessments.scoring.levels import LEVELS
from partnerships.addresses import known_as

APPS = ("v1_users", "v1_sessions")
COMMENT = "participantcomment"
FIELDS = {  # all that is looked at
    "systemuser": "email full_name deleted_at",
    "patsession": "user session_name countries purpose other_purpose date context notes summary closed_at created_at "
    "updated_at deleted_at",
    "organization": "session organization_name acronym",
    "participant": "user session organization",
    "decision": "session name agree notes created_at",
    "participantdecision": "organization decision score desired created_at updated_at",
    COMMENT: "session user comment created_at",
}
REHEARSALS = (1, 5, 6)  # to look around, a thought experiment, a consultant who tries the tool
LONGEST_NAME, LONGEST_ACRONYM = 160, 20
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
TODAY, WISHED = "today", "wished"

Fields = dict[str, Any]
Choices = Mapping[str, int | None]


class BadDump(ValueError):
    """This is not a dump of the official web tool."""


def parse_dump(data: bytes, choices: Choices | None = None) -> Dump:
    """Return the sessions of a dump and its issues; `choices` are levels for cells that have none or several."""
    reader = _Reader(_records(data), choices or {})
    reader.read_sessions()
    if unknown := set(reader.choices) - reader.asked:
        raise BadDump(f"The dump does not ask for these choices: {', '.join(sorted(unknown))}.")
    return Dump(reader.sessions, reader.issues)


def read_choices(data: bytes) -> Choices:
    """Return the choices of a JSON object: a level 0 to 4 or null for each cell."""
    try:
        found = json.loads(data)
    except ValueError as error:
        raise BadDump("The file of choices is not JSON.") from error
    if not isinstance(found, dict) or not all(value is None or _is_level(value) for value in found.values()):
        raise BadDump("The file of choices is one JSON object. Each value is a level 0 to 4, or null.")
    return found


def _is_level(value: object) -> bool:
    return type(value) is int and value in LEVELS


def _records(data: bytes) -> dict[str, dict[int, Fields]]:
    """Return the fields of each record that counts here, by model and key, in the order of the keys."""
    try:
        found = json.loads(data)
        rows = [(row["model"], row["pk"], row["fields"]) for row in found]
    except (ValueError, TypeError, KeyError) as error:
        raise BadDump("This is not what `manage.py dumpdata` writes: a JSON list of records.") from error
    records: dict[str, dict[int, Fields]] = {model: {} for model in FIELDS}
    for label, key, fields in sorted((row for row in rows if isinstance(row[1], int)), key=lambda row: row[1]):
        app, _dot, model = str(label).partition(".")
        if app in APPS and model in records:
            records[model][key] = _needed(model, key, fields)
    if not records["patsession"]:
        raise BadDump("There is no session in this dump.")
    return records


def _needed(model: str, key: int, fields: Fields) -> Fields:
    """Return the fields that count. Passwords and codes are not among them."""
    try:
        return {name: fields[name] for name in FIELDS[model].split()}
    except KeyError as error:
        raise BadDump(f"{model} {key} has no field {error}. Is this a dump of another version?") from error


def _moment(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _line(text: str | None) -> str:
    """Return a text as one line, without spaces around it; empty if nothing of it can be seen."""
    line = " ".join((text or "").replace("\x00", "").split())
    return line if line.translate(INVISIBLE) else ""


def _text(text: str | None) -> str:
    return (text or "").replace("\x00", "").strip()


class _Reader:
    """Reads one dump. Issues are collected on the way."""

    def __init__(self, records: dict[str, dict[int, Fields]], choices: Choices) -> None:
        self.records, self.choices = records, choices
        self.asked: set[str] = set()
        self.sessions: list[Session] = []
        self.issues: list[Issue] = []
        self.people = self._people()
        self.children: dict[tuple[str, int], dict[int, Fields]] = defaultdict(dict)
        for model in ("organization", "decision", "participant", COMMENT):
            for key, fields in records[model].items():
                self.children[model, fields["session"]][key] = fields
        self.scores: dict[int, dict[int, Fields]] = defaultdict(dict)
        for key, fields in records["participantdecision"].items():
            self.scores[fields["decision"]][key] = fields

    def issue(self, model: str, key: int, end: str, reason: str, session: int | None = None, choice: str = "") -> None:
        self.issues.append(Issue(model, key, end, reason, session, choice))

    # Accounts

    def _people(self) -> dict[int, Person]:
        """Return the accounts that are there; those that were deleted stay unnamed."""
        people: dict[int, Person] = {}
        addresses: dict[str, int] = {}
        for key, fields in self.records["systemuser"].items():
            if fields["deleted_at"]:
                self.issue("systemuser", key, LEFT_OUT, "This account was deleted. Its comments come in unsigned.")
                continue
            email = known_as(str(fields["email"]))
            if not email:
                self.issue("systemuser", key, CHANGED, "No mail reaches this address, so this person is not invited.")
            elif email in addresses:
                reason = f"Same address as account {addresses[email]}. Each session has one invitation to it."
                self.issue("systemuser", key, CHANGED, reason)
            addresses.setdefault(email, key)
            people[key] = Person(key, _line(fields["full_name"]), email)
        return people

    # Sessions

    def read_sessions(self) -> None:
        for key, fields in self.records["patsession"].items():
            if fields["deleted_at"]:
                self.issue("patsession", key, LEFT_OUT, "Its owner deleted this session.")
            else:
                self.sessions.append(self._read_session(key, fields))
        self._report_orphans()

    def _read_session(self, key: int, fields: Fields) -> Session:
        try:
            return self._session(key, fields)
        except (TypeError, ValueError, AttributeError) as error:
            raise BadDump(f"Session {key} cannot be read: {error}.") from error

    def _report_orphans(self) -> None:
        """List the sessions of which a plain dump has only the children."""
        for key in sorted({session for _model, session in self.children} - self.records["patsession"].keys()):
            count = sum(len(rows) for (_model, session), rows in self.children.items() if session == key)
            self.issue("patsession", key, LEFT_OUT, f"The dump has no such session, but {count} records of it.")

    def _of(self, model: str, session: int) -> list[tuple[int, Fields]]:
        return list(self.children[model, session].items())

    def _session(self, key: int, fields: Fields) -> Session:
        organisations = self._organisations(key)
        owner = self.people.get(fields["user"])
        if owner is None:
            self.issue("patsession", key, CHANGED, "The account of its owner is gone, so no facilitator is invited.")
        rehearsal = fields["purpose"] in REHEARSALS
        created_at = _moment(fields["created_at"]) or datetime.now(UTC)
        if fields["other_purpose"]:
            reason = f"This purpose is not kept: “{_line(fields['other_purpose'])}”."
            self.issue("patsession", key, CHANGED, reason)
        return Session(
            key,
            self._cut("patsession", key, key, _line(fields["session_name"]) or f"Session {key}", LONGEST_NAME),
            owner,
            rehearsal,
            self._countries(key, fields["countries"]),
            _text(fields["context"]),
            date.fromisoformat(fields["date"]),
            created_at,
            _moment(fields["closed_at"]),
            organisations,
            self._decisions(key, {one.key for one in organisations}),
            self._invited(key, fields, {one.key for one in organisations}, rehearsal),
            self._comments(key, fields, created_at),
            bool(_text(fields["notes"]) or _text(fields["summary"])),
        )

    def _cut(self, model: str, key: int, session: int, text: str, longest: int) -> str:
        if len(text) > longest:
            self.issue(model, key, CHANGED, f"Cut to {longest} characters: “{text}”.", session)
        return text if len(text) <= longest else text[: longest - 1] + "…"

    def _countries(self, key: int, found: object) -> list[str]:
        codes = [str(one).upper() for one in found] if isinstance(found, list) else []
        known = [code for code in dict.fromkeys(codes) if pycountry.countries.get(alpha_2=code)]
        if not isinstance(found, list) or set(codes) - set(known):
            reason = f"Only these countries are known: {', '.join(known) or 'none'}."
            self.issue("patsession", key, CHANGED, reason)
        return known

    # Organisations

    def _organisations(self, session: int) -> list[Organisation]:
        names: set[str] = set()
        acronyms: set[str] = set()
        return [
            Organisation(key, self._name(key, session, fields, names), self._acronym(key, session, fields, acronyms))
            for key, fields in self._of("organization", session)
        ]

    def _name(self, key: int, session: int, fields: Fields, taken: set[str]) -> str:
        name = _line(fields["organization_name"])
        if not name:
            self.issue("organization", key, CHANGED, "It has no name. It is called by its number.", session)
            name = f"Organisation {key}"
        return self._once(
            key, session, self._cut("organization", key, session, name, LONGEST_NAME), taken, LONGEST_NAME
        )

    def _acronym(self, key: int, session: int, fields: Fields, taken: set[str]) -> str:
        acronym = _line(fields["acronym"])
        if not acronym:
            self.issue("organization", key, CHANGED, "It has no short name. It is called by its number.", session)
            acronym = f"Org {key}"
        acronym = self._cut("organization", key, session, acronym, LONGEST_ACRONYM)
        return self._once(key, session, acronym, taken, LONGEST_ACRONYM)

    def _once(self, key: int, session: int, text: str, taken: set[str], longest: int) -> str:
        """Return a name that no other organisation of this session has."""
        found, number = text, 1
        while found.lower() in taken:
            number += 1
            found = f"{text[: longest - 5]} ({number})"
        if found != text:
            reason = f"Another organisation is called “{text}”, too. This one is called “{found}”."
            self.issue("organization", key, CHANGED, reason, session)
        taken.add(found.lower())
        return found

    # Decisions and levels

    def _decisions(self, session: int, organisations: set[int]) -> list[OfficialDecision]:
        return [self._decision(key, session, fields, organisations) for key, fields in self._of("decision", session)]

    def _decision(self, key: int, session: int, fields: Fields, organisations: set[int]) -> OfficialDecision:
        wording = _line(fields["name"])
        if wording != fields["name"]:
            self.issue("decision", key, CHANGED, "The wording is written on one line.", session)
        if not wording:
            self.issue("decision", key, CHANGED, "It has no wording. It is called by its number.", session)
        return OfficialDecision(
            key,
            wording or f"Decision {key}",
            fields["agree"],
            _text(fields["notes"]),
            _moment(fields["created_at"]) or datetime.now(UTC),
            self._levels(key, session, fields["agree"], organisations),
        )

    def _levels(self, decision: int, session: int, agree: bool | None, organisations: set[int]) -> list[Level]:
        cells: dict[tuple[int, str], dict[int, Fields]] = defaultdict(dict)
        for key, fields in self.scores[decision].items():
            kind = WISHED if fields["desired"] is True else TODAY
            if fields["organization"] not in organisations:
                reason = "This organisation is not of the decision's session."
                self.issue("participantdecision", key, LEFT_OUT, reason, session)
            elif kind == WISHED and agree is not False:
                reason = "A level is wished for only where the group does not agree."
                self.issue("participantdecision", key, LEFT_OUT, reason, session)
            else:
                cells[fields["organization"], kind][key] = fields
        self._report_unasked(decision, session, agree)
        found = [self._level(decision, session, one, cells) for one in sorted(organisations)]
        return [level for level in found if level.actual is not None or level.desired is not None]

    def _report_unasked(self, decision: int, session: int, agree: bool | None) -> None:
        if agree and any(fields["desired"] is True for fields in self.scores[decision].values()):
            reason = "It is answered yes now, so the levels wished for before are left out."
            self.issue("decision", decision, CHANGED, reason, session)

    def _level(self, decision: int, session: int, organisation: int, cells: Mapping[Any, dict[int, Fields]]) -> Level:
        today, wished = cells.get((organisation, TODAY), {}), cells.get((organisation, WISHED), {})
        moments = [_moment(one["updated_at"] or one["created_at"]) for one in (*today.values(), *wished.values())]
        return Level(
            organisation,
            self._value(f"{decision}/{organisation}/{TODAY}", session, today),
            self._value(f"{decision}/{organisation}/{WISHED}", session, wished),
            (*today, *wished),
            max((one for one in moments if one), default=datetime.now(UTC)),
        )

    def _value(self, cell: str, session: int, rows: dict[int, Fields]) -> int | None:
        """Return the one level of a cell, or the chosen one; None where there is none, or no single one."""
        scores = {key: fields["score"] for key, fields in rows.items()}
        if len(set(scores.values())) == 1 and _is_level(next(iter(scores.values()))):
            first, *again = scores
            for key in again:
                reason = f"The same level as in participantdecision {first}."
                self.issue("participantdecision", key, LEFT_OUT, reason, session)
            return next(iter(scores.values()))
        if scores:
            self._ask(cell, session, scores)
        return self.choices.get(cell) if cell in self.asked else None

    def _ask(self, cell: str, session: int, scores: dict[int, Any]) -> None:
        self.asked.add(cell)
        if cell in self.choices:
            said = f"The level chosen for this cell is {self.choices[cell]}."
            end, reasons = CHANGED, [said for _key in scores]
        elif len(scores) == 1:
            end, reasons = LEFT_OUT, [f"{score} is not a level 0 to 4." for score in scores.values()]
        else:
            listed = ", ".join(str(score) for score in scores.values())
            end, reasons = LEFT_OUT, [f"Several levels for one cell: {listed}." for _key in scores]
        for key, reason in zip(scores, reasons, strict=True):
            self.issue("participantdecision", key, end, reason, session, "" if cell in self.choices else cell)

    # People and comments

    def _invited(self, session: int, fields: Fields, organisations: set[int], rehearsal: bool) -> list[Invited]:
        found: list[Invited] = []
        addresses: set[str] = set()
        for key, row in self._of("participant", session):
            person = self.people.get(row["user"])
            if reason := self._not_invited(row, person, organisations, addresses, rehearsal):
                self.issue("participant", key, LEFT_OUT, reason, session)
            elif person:
                addresses.add(person.email)
                found.append(Invited(key, person, row["organization"]))
        return found

    def _not_invited(
        self, row: Fields, person: Person | None, organisations: set[int], addresses: Collection[str], rehearsal: bool
    ) -> str:
        if person is None:
            return "The account of this person is gone."
        if row["organization"] not in organisations:
            return "This person joined with an organisation of another session."
        if person.email in addresses:
            return "This person has an invitation to this session already: one person, one organisation."
        if not person.email:
            return "No mail reaches this person."
        return "Only its maker is invited to a rehearsal." if rehearsal else ""

    def _comments(self, session: int, fields: Fields, created_at: datetime) -> list[Comment]:
        owner, at = self.people.get(fields["user"]), _moment(fields["updated_at"]) or created_at
        author = owner.name if owner else ""
        texts = map(_text, (fields["notes"], fields["summary"]))
        own = [Comment(None, author, text, at, True) for text in texts if text]
        joined = {row["user"]: row["organization"] for _key, row in self._of("participant", session)}
        return own + [
            Comment(
                key,
                self._author(row["user"], joined.get(row["user"])),
                _text(row["comment"]),
                _moment(row["created_at"]) or created_at,
                row["user"] == fields["user"],
            )
            for key, row in self._of(COMMENT, session)
        ]

    def _author(self, user: int, organisation: int | None) -> str:
        """Return how a comment is signed: name and organisation; empty for an account that is gone."""
        person = self.people.get(user)
        home = self.records["organization"].get(organisation or 0, {}).get("organization_name", "")
        return ", ".join(text for text in (person.name, _line(home)) if text)[:160] if person else ""
