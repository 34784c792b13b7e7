"""Data for other programs (API): the public part of the evidence base."""

from datetime import datetime
from typing import Annotated, Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Path, Router, Schema
from ninja.errors import AuthenticationError

from community.access import reader_of
from community.evidence import words
from community.models import EvidenceSnapshot, GroupKind
from community.services import evidence as services
from partnerships.api import ANYBODY, REFUSALS, bearer_or_none, person

Key = Annotated[str, Path(pattern="^[a-z-]{1,20}$", description="gap-all, gap-topic, gap-phase, seen, shift or causes")]


class CutOut(Schema):
    key: str
    shown: bool = Field(description="false: not shown, to protect answers")
    since: datetime | None = Field(description="when these numbers were published first")
    sentence: str = Field(description="what the numbers say, and of whom; to be quoted with them")
    cells: list[dict[str, Any]] = Field(description="the columns are those of the data dictionary of the evidence base")


class EvidenceOut(Schema):
    example: bool = Field(description="true: made-up numbers that show how this works, no evidence")
    taken_at: datetime
    method: str
    digest: str
    population: str = Field(description="of whom the numbers are true")
    tables: list[CutOut]


router = Router(auth=bearer_or_none, tags=["evidence"])
OPEN: dict[str, Any] = {"security": [{}, {"Token": []}]}


def newest(request: HttpRequest) -> EvidenceSnapshot:
    """Return the newest snapshot; 401 without a token where the group is not public, 404 before there is one."""
    user = AnonymousUser() if request.auth == ANYBODY else person(request)  # type: ignore[attr-defined]
    reader = reader_of(user)
    if not reader.may_read(reader.groups[list(GroupKind).index(GroupKind.UNDERSTANDING)]):
        raise AuthenticationError
    snapshot = services.newest()
    if snapshot is None:
        raise Http404
    return snapshot


def _cut(table: dict[str, Any]) -> dict[str, Any]:
    return {**{name: table[name] for name in ("key", "shown", "since", "cells")}, "sentence": words.sentence(table)}


@router.get(
    "/evidence",
    response={200: EvidenceOut, **REFUSALS},
    summary=_("The evidence base"),  # type: ignore[arg-type]
    operation_id="evidence",
    url_name="evidence",
    openapi_extra=OPEN,
)
def evidence(request: HttpRequest):
    """Return the newest snapshot: every table, and which are hidden."""
    snapshot = newest(request)
    return {
        "example": snapshot.is_example,
        "taken_at": snapshot.taken_at,
        "method": snapshot.method_version,
        "digest": snapshot.digest,
        "population": words.population(snapshot.is_example),
        "tables": [_cut(table) for table in snapshot.tables],
    }


@router.get(
    "/evidence/{key}",
    response={200: CutOut, **REFUSALS},
    summary=_("One table from the evidence base"),  # type: ignore[arg-type]
    operation_id="cut",
    url_name="cut",
    openapi_extra=OPEN,
)
def cut(request: HttpRequest, key: Key):
    """Return one table of the newest snapshot; 404 where there is none of that name."""
    wanted = next((table for table in newest(request).tables if table["key"] == key), None)
    if wanted is None:
        raise Http404
    return _cut(wanted)
