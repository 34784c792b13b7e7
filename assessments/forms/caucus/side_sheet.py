"""Parsing what a page of a side's shared sheet submits: one answer, or all answers of a decision.

Each answer comes with what the page had shown (`seen-…`: version and value). After a conflict it also comes with what
this person wanted (`mine-…`), until she keeps the stored answer or uses her own.
"""

from collections.abc import Iterable, Mapping

from django.core.exceptions import BadRequest

from assessments.forms.levels import posted_level
from assessments.services.caucus.side_sheet import Answer, SideConflict
from partnerships.codes import whole

AGREE: dict[str, bool | None] = {"yes": True, "no": False, "none": None}
AGREEMENT = "a"


def parse_answers(post: Mapping[str, str], partners: Iterable[int]) -> tuple[list[Answer], list[SideConflict]]:
    """Return the answers that a person changed, and the conflicts that still wait for her choice."""
    answers, waiting = [], []
    for key, partner in [*((f"p{number}", number) for number in partners), (AGREEMENT, None)]:
        if f"seen-{key}" not in post:
            continue
        version, shown = _seen(post[f"seen-{key}"])
        parse = _agreement if partner is None else _level
        mine = post.get(f"mine-{key}")
        if mine is not None and post.get("use") == key:
            answers.append(Answer(partner, version, parse(mine)))
        elif mine is not None and post.get("keep") != key:
            waiting.append(SideConflict(partner, parse(mine)))
        elif mine is None and (chosen := post.get(f"choice-{key}", shown)) != shown:
            answers.append(Answer(partner, version, parse(chosen)))
    return answers, waiting


def _seen(text: str) -> tuple[int, str]:
    shown, _colon, value = text.partition(":")
    if (version := whole(shown)) is None:
        raise BadRequest("not a form of this page")
    return version, value


def _agreement(value: str) -> bool | None:
    if value not in AGREE:
        raise BadRequest("no such choice")
    return AGREE[value]


def _level(value: str) -> int | None:
    return posted_level(value, "none")


def value_of(value: int | bool | None, version: int) -> str:
    """Return an answer as a form's field has it: empty where there is none."""
    if not version:
        return ""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
