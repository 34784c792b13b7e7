"""What rating pages and devices send, turned into changes of answers. Nothing here is believed before it is checked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Participant
from assessments.scoring.levels import parse_level
from assessments.services import wire_keys
from assessments.services.rating import private_answers
from assessments.services.rating.private_answers import Change, Mutation
from assessments.services.rating.receipts import HandIn

AGREE = {"yes": True, "no": False, "none": None}
LARGEST = 2**31 - 1


@dataclass
class Posted:
    """A submitted page of one decision: what the person changed on it, and the one thing that may be wrong."""

    changes: list[Change] = field(default_factory=list)
    error: str = ""
    agree: str = ""
    use: str = ""
    reason: str = ""


def from_form(post: QueryDict, number: int, participants: Iterable[Participant]) -> Posted:
    """Return the answers that differ from what the page had shown; the hidden field `shown` carries that.

    A mutation's id follows from the form's id, the cell and the answer: the same page sent twice is a replay, another
    answer from the same page (by the back button) is not.
    """
    shown, form = _shown(post.get("shown", "")), _uuid(post.get("form", ""))
    sheet = _number(post.get("sheet", ""))

    def mutation(cell: str, value: str) -> Mutation:
        version = shown.get(cell, [0])[0]
        base = version if _is_count(version) else 0
        return Mutation(uuid5(form, f"{number}/{cell}={value}"), base, timezone.now(), sheet)

    agree = post.get("agree", "")
    posted = Posted(
        agree=agree if agree in AGREE else "", use=post.get("use", ""), reason=_even(post.get("reason", ""))
    )
    for participant in participants:
        cell = f"p{participant.number}"
        value = post.get(cell, "")
        try:
            level = parse_level(value, "none")
        except ValueError:
            continue
        if value != (shown.get(cell) or [0, ""])[1]:
            posted.changes.append(private_answers.level(participant.number, level, mutation(cell, value)))
    agreement = [posted.agree, posted.use, posted.reason]
    if agreement != shown.get("a", [0, "", "", ""])[1:] and (posted.agree or posted.reason):
        try:
            change = mutation("a", json.dumps(agreement))
            posted.changes.append(private_answers.agreement(AGREE.get(posted.agree), change, posted.use, posted.reason))
        except ValueError as error:
            posted.error = str(error)
    return posted


def from_json(body: bytes) -> tuple[object, int, Change]:
    """Return whose answer a device sends, the decision's number and the change; raise ValueError for anything else.

    With the keys of `wire_keys.ANSWER`: all of them for a level, whose partner is a number; agree, use and reason where
    partner is null. Times are milliseconds of the device's clock; both are sent, so that a clock that is wrong tells
    the right age.
    """
    try:
        data = wire_keys.readable(json.loads(body), wire_keys.ANSWER)
        number, partner, whose, sheet = data["decision"], data["partner"], data.get("membership"), data.get("sheet")
        if type(number) is not int or not _is_count(data["base"]):
            raise ValueError("decision, base: whole numbers are needed")
        if not _is_sheet(sheet):
            raise ValueError(f"sheet: {sheet!r}")
        mutation = Mutation(UUID(data["mutation"]), data["base"], _answered_at(data), sheet or None)
        if partner is not None:
            if type(partner) is not int:
                raise ValueError(f"partner: {partner!r}")
            return whose, number, private_answers.level(partner, data["level"], mutation)
        use, reason = data.get("use", ""), data.get("reason", "")
        if not isinstance(use, str) or not isinstance(reason, str):
            raise ValueError("use, reason: text is needed")
        reason.encode()  # half a sign is no text
        return whose, number, private_answers.agreement(data["agree"], mutation, use, reason)
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError):
        raise ValueError(_("We could not read what you sent. Please reload the page.")) from None


def hand_in_from_json(body: bytes) -> tuple[object, UUID, int | None, bool]:
    """Return whose sheet a device hands in, the mutation, the sheet that it saw, and the tick; raise ValueError else.

    With the keys of `wire_keys.HAND_IN`.
    """
    try:
        data = wire_keys.readable(json.loads(body), wire_keys.HAND_IN)
        if type(data["tick"]) is not bool or not _is_sheet(data.get("sheet")):
            raise ValueError("sheet, tick: a sheet and a choice are needed")
        return data.get("membership"), UUID(data["mutation"]), data.get("sheet") or None, data["tick"]
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError):
        raise ValueError(_("We could not read what you sent. Please reload the page.")) from None


def _answered_at(data: dict[str, Any]) -> datetime:
    """Return when an answer was given, by the server's clock: as long ago as the device says."""
    sent, answered = data.get("sent_at", int(timezone.now().timestamp() * 1000)), data["answered_at"]
    if type(sent) is not int or type(answered) is not int:
        raise ValueError("answered_at, sent_at: whole milliseconds are needed")
    age = min(max(sent - answered, 0), timedelta(days=366) // timedelta(milliseconds=1))
    return timezone.now() - timedelta(milliseconds=age)


def _shown(text: str) -> dict[str, list]:
    try:
        shown = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(shown, dict):
        return {}
    return {cell: values for cell, values in shown.items() if isinstance(values, list) and len(values) >= 2}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def _is_sheet(value: object) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _even(text: str) -> str:
    """Return text as pages hold it: browsers send other line ends than they show."""
    return text.replace("\r\n", "\n").strip()


def receipt(done: private_answers.Receipt) -> dict[str, Any]:
    """Return a receipt as devices get it, in few bytes, with the answer that stands where another one won."""
    told = {"mutation": str(done.mutation_id), "version": done.version, "sheet": done.sheet, "won": done.won}
    if not done.won and "level" in done.answer:
        told |= {"level": done.answer["level"]}
    elif not done.won:
        told |= {"agree": done.answer["agree"], "use": done.answer["reason_use"], "reason": done.answer["reason"]}
    return wire_keys.shortened(told, wire_keys.ANSWER)


def hand_in_receipt(handed_in: HandIn, mutation: UUID | None = None) -> dict[str, Any]:
    """Return the receipt of a sheet as devices get it, with the name of the mutation where one asks for it."""
    told = {"mutation": str(mutation)} if mutation else {}
    at = int(handed_in.handed_in_at.timestamp() * 1000)
    return wire_keys.shortened(
        told | {"answers": handed_in.answers, "code": handed_in.grouped, "at": at}, wire_keys.HAND_IN_RECEIPT
    )
