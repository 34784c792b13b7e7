"""Parsing what a page of the joint session submits: one answer, or all answers of a decision.

Each answer comes with what the page had shown (`seen-…`), so that only what a person changed counts as hers. After a
conflict it also comes with what she wanted (`mine-…`), until she keeps the others' answer or uses her own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from assessments.forms.levels import posted_level
from assessments.models import LevelState, Outcome
from assessments.models.limits import LONGEST_NOTE, LONGEST_VIEW
from assessments.services.session import joint
from assessments.services.session.board import Row
from assessments.services.session.joint import Conflict, Entry

REVIEW_AFTER = timedelta(days=90)
AGREE = {"open": None, "yes": True, "no": False}
Post = Mapping[str, str]


@dataclass
class Changes:
    """The changes of one person, and the conflicts that still wait for her choice."""

    entries: list[Entry] = field(default_factory=list)
    outcome: tuple[int, dict] | None = None
    waiting: list[Conflict] = field(default_factory=list)


def parse_changes(post: Post, rows: list[Row], outcome: Outcome) -> Changes:
    """Return the submitted changes of the rows and the outcome. Raise BadRequest for what no page of ours sends."""
    sent = Changes()
    for row in rows:
        if f"seen-{row.partner.number}" in post:
            _read_row(sent, post, row, str(row.partner.number))
    if "seen-outcome" in post:
        _read_outcome(sent, post, outcome)
    return sent


def _read_row(sent: Changes, post: Post, row: Row, key: str) -> None:
    seen, mine = _json(post[f"seen-{key}"]), _mine(post, key)
    touched = mine if mine and post.get("use") == key else _touched(post, seen, f"-{key}")
    values = cell_values(touched) | _taken_over(post, row, key)
    if values:
        sent.entries.append(Entry(row.partner, seen["version"], values))
    if mine and key not in (post.get("use"), post.get("keep")):
        wanted = joint.complete(row.values | cell_values(mine))
        sent.waiting.append(Conflict(row.partner, row.values, wanted, row.version))


def _taken_over(post: Post, row: Row, key: str) -> dict:
    """Return what is recorded as phones sent it: as chosen, as wished, or both views where they differ."""
    values: dict = {}
    if post.get("record") == "all" and row.choice == "" and f"chosen-{key}" in post:
        values |= _choice(post[f"chosen-{key}"])
    if post.get("record") == "all" and row.desired == "" and f"wished-{key}" in post:
        values["desired"] = posted_level(post[f"wished-{key}"])
    if post.get("differs") == key and row.draft:
        views = {name: text[:LONGEST_VIEW] for name, text in row.draft.views.items()}
        values |= {"state": LevelState.DIFFERS.value, "actual": None, **views}
    return values


def _read_outcome(sent: Changes, post: Post, outcome: Outcome) -> None:
    seen, mine = _json(post["seen-outcome"]), _mine(post, "outcome")
    if mine and post.get("use") == "outcome":
        touched = mine
    else:
        touched = _touched(post, seen, "")
        if not post.get("route", seen.get("route")):
            touched.pop("review_on", None)  # the day on offer, while no other way was chosen
        elif "route" in touched:
            touched["review_on"] = post.get("review_on", "")
    if touched:
        sent.outcome = (seen["version"], outcome_values(touched))
    if mine and "outcome" not in (post.get("use"), post.get("keep")):
        before = joint.outcome_values(outcome)
        wanted = joint.whole_outcome(before | outcome_values(mine))
        sent.waiting.append(Conflict(None, before, wanted, outcome.version))


def _mine(post: Post, key: str) -> dict | None:
    return _json(post[f"mine-{key}"]) if f"mine-{key}" in post else None


def _json(text: str) -> dict:
    try:
        value = {"version": 0} | json.loads(text)
        return {**value, "version": int(value["version"])}
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadRequest("not a form of this page") from error


def _touched(post: Post, seen: dict, suffix: str) -> dict:
    """Return the fields that differ from what the page showed."""
    names = [name for name in seen if name != "version" and f"{name}{suffix}" in post]
    given = {name: post[f"{name}{suffix}"].replace("\r\n", "\n").strip() for name in names}
    return {name: value for name, value in given.items() if value != seen[name]}


def cell_values(given: dict) -> dict:
    """Return a cell's values from the fields of a row that were submitted."""
    values: dict = {}
    if "choice" in given:
        values |= _choice(given["choice"])
    if "desired" in given:
        values["desired"] = posted_level(given["desired"], "", "empty")
    for name, view in (("one", "one_view"), ("other", "other_view")):
        if name in given:
            values[view] = str(given[name])[:LONGEST_VIEW]
    return values


def _choice(choice: str) -> dict:
    if choice in (LevelState.DIFFERS, LevelState.UNKNOWN):
        return {"state": choice, "actual": None}
    return {"state": LevelState.LEVEL.value, "actual": posted_level(choice, "", "empty")}


def outcome_values(given: dict) -> dict:
    """Return the outcome's values from the fields that were submitted."""
    values: dict = {}
    if "agree" in given:
        values["agree"] = AGREE[_one_of(given["agree"], AGREE)]
    if "note" in given:
        values["note"] = str(given["note"])[:LONGEST_NOTE]
    if "no_wish" in given:
        values["no_common_wish"] = _one_of(given["no_wish"], ("", "yes")) == "yes"
    if "route" in given:
        values["route"] = _one_of(given["route"], ("", *Outcome.Route.values))
    if "review_on" in given:
        values["review_on"] = _day(given["review_on"]) or in_three_months()
    return values


def _one_of(value: str, known) -> str:
    if value not in known:
        raise BadRequest("no such choice")
    return value


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def in_three_months() -> date:
    """Return the review date on offer."""
    return timezone.localdate() + REVIEW_AFTER
