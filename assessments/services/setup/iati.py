"""Importing the money of a partnership from an IATI file: upload, choices, preview, and the facts after a yes.

The file is stored in pieces. A worker reads it twice: for what there is to choose, and for the numbers of the preview.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import fact_list, iati
from assessments.iati.parsing import folded
from assessments.models import Assessment, AssessmentFact, FactValue, IatiImport, IatiLines, IatiPiece, Job
from assessments.models.facts import LARGEST
from assessments.models.iati import RETENTION
from assessments.services.setup import facts
from assessments.workflow import jobs
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships import page_sizes
from partnerships.access import MemberRoles
from partnerships.models import Partner
from partnerships.services import Refused

MOST_BYTES = 50_000_000
PIECE = 1 << 20
MOST_OFFERED = 100  # organisations that a person is asked about
MOST_SHOWN = 30  # transactions behind one number, in the preview
LONGEST_NAME = 120
CENT = Decimal("0.01")
NUMBERS = {"budget_managed": "managed", "budget_spent": "spent"}  # the facts, and the numbers that fill them


# --- the file


def money_facts(assessment: Assessment) -> list[AssessmentFact]:
    """Return the facts of an assessment that a file can fill: budgets in a currency."""
    return list(assessment.facts.filter(key__in=NUMBERS).exclude(unit=fact_list.PERCENT))


def import_of(assessment: Assessment) -> IatiImport | None:
    """Return the import of an assessment, unless it is too old."""
    kept = IatiImport.objects.filter(uploaded_at__gt=timezone.now() - RETENTION)
    return kept.filter(assessment=assessment).select_related("uploaded_by").first()


@transaction.atomic
def upload(assessment: Assessment, member: MemberRoles, name: str, size: int, pieces: Iterable[bytes]) -> None:
    """Store a file and ask a worker to read it."""
    locked = lock_and_require(assessment, member, WorkflowAction.ENTER_FACTS)
    if not money_facts(locked):
        raise Refused(_("First choose a budget fact that is given in a currency. Then choose your file again."))
    IatiImport.objects.filter(assessment=locked, uploaded_at__lte=timezone.now() - RETENTION).delete()
    if IatiImport.objects.filter(assessment=locked).exists():
        raise Refused(
            _(
                "Another file is being imported. Save the facts from that file or delete it, and then choose your file "
                "again."
            )
        )
    fields = {"uploaded_by": member.any.user, "file_name": name[-LONGEST_NAME:], "size": size}
    row = IatiImport.objects.create(assessment=locked, **fields)
    for number, content in enumerate(pieces):
        IatiPiece.objects.create(iati_import=row, number=number, content=content)
    jobs.request(locked, Job.Kind.IATI)


@transaction.atomic
def remove(assessment: Assessment, member: MemberRoles) -> None:
    """Delete the file, the choices and the preview. Nothing else changes."""
    locked = lock_and_require(assessment, member, WorkflowAction.ENTER_FACTS)
    IatiImport.objects.filter(assessment=locked).delete()


def delete_old() -> int:
    """Delete imports that are older than 24 hours; return how many rows that were."""
    return IatiImport.objects.filter(uploaded_at__lte=timezone.now() - RETENTION).delete()[0]


# --- the worker


def run_job(assessment: Assessment) -> None:
    """Read the file of an assessment for what comes next. What someone deleted or changed meanwhile stays so."""
    row = IatiImport.objects.filter(assessment=assessment).first()
    if row is None or not row.is_under_way:
        return
    try:
        _keep(row, **_result(row))
    except iati.BadFile as error:
        _keep(row, problem=error.problem.value, line=error.line, activity=error.activity[:LONGEST_NAME])
    cache.delete(_progress_key(row))


def _result(row: IatiImport) -> dict[str, Any]:
    if row.state == "reading":
        return {"found": _found(row)}
    chosen: dict[str, Any] = row.chosen or {}
    money = iati.money_of(_activities(row), chosen["partners"], set(chosen["years"]), chosen["currency"])
    return {"preview": _preview(money), "lines": _lines(row, money)}


@transaction.atomic
def _keep(row: IatiImport, lines: Iterator[IatiLines] | None = None, **result: Any) -> None:
    """Store what the worker found, unless someone changed the choices meanwhile; a few pages at a time in memory."""
    if IatiImport.objects.filter(pk=row.pk, version=row.version).update(**result) and lines is not None:
        IatiLines.objects.filter(iati_import=row).delete()
        while pages := list(islice(lines, 20)):
            IatiLines.objects.bulk_create(pages)


def progress(row: IatiImport) -> int:
    """Return how many percent of the file the worker has read."""
    return int(cache.get(_progress_key(row)) or 0)


def _progress_key(row: IatiImport) -> str:
    return f"iati:{row.pk}:{row.version}"


def _activities(row: IatiImport) -> Iterator[iati.Activity]:
    """Yield the activities of a stored file, and tell how far the reading is; the file is read twice."""
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for number in row.pieces.values_list("number", flat=True):  # each by its own query: memory has one at a time
            content = row.pieces.values_list("content", flat=True).get(number=number)
            yield bytes(content)
            read += len(content)
            cache.set(_progress_key(row), min(99, read * 50 // max(row.size, 1)), 600)

    return iati.latest(pieces)


def _found(row: IatiImport) -> dict[str, Any]:
    """Return what a person can choose from: years of each currency, and organisations."""
    overview = iati.overview_of(_activities(row))
    partners = list(facts.partners_of(row.assessment))
    organisations = [
        _organisation(key, one, overview.transactions[key], partners) for key, one in overview.organisations.items()
    ]
    organisations.sort(key=lambda one: (not one["partner"], not one["like"], -one["transactions"]))
    return {
        "years": overview.years,
        "organisations": organisations[:MOST_OFFERED],
        "more": max(0, len(organisations) - MOST_OFFERED),
    }


def _organisation(key: str, one: iati.Organisation, count: int, partners: list[Partner]) -> dict[str, Any]:
    """Return an organisation of the file, with the partner of the same identifier or of a name like its own."""
    reference = folded(one.reference)
    same = next((each.pk for each in partners if reference and folded(each.identifier) == reference), None)
    like = next((each.pk for each in partners if _alike(each, one.name)), None)
    cut = {"name": one.name[:LONGEST_NAME], "reference": one.reference[:LONGEST_NAME]}
    return {"key": key, **cut, "transactions": count, "partner": same, "like": None if same else like}


def _alike(partner: Partner, name: str) -> bool:
    """Say whether a name is a partner's name or acronym, or contains one of them as words."""
    words = f" {folded(name)} "
    return any(f" {folded(own)} " in words for own in (partner.name, partner.acronym) if own)


def _preview(money: iati.Money) -> dict[str, Any]:
    """Return the numbers of each partner and the first transactions behind them, as JSON."""
    numbers = count()
    return {
        "numbers": [
            {
                "partner": one.partner,
                "own": one.own,
                "managed": _cents(one.managed),
                "spent": _cents(one.spent),
                "parts": [_part(part, next(numbers)) for part in one.parts],
            }
            for one in money.numbers
        ],
        "left_out": [_part(part, next(numbers)) for part in money.left_out],
    }


def _part(part: iati.Part, number: int) -> dict[str, Any]:
    lines = [_line(line.activity, line.one) for line in part.lines[:MOST_SHOWN]]
    about = {"number": number, "what": part.what.value, "total": _cents(part.total)}
    return about | {"count": len(part.lines), "lines": lines}


def _lines(row: IatiImport, money: iati.Money) -> Iterator[IatiLines]:
    """Yield the pages of each part that has more transactions than the preview shows."""
    parts = [part for one in money.numbers for part in one.parts] + money.left_out
    for number, part in enumerate(parts):
        if len(part.lines) > MOST_SHOWN:
            for page, start in enumerate(range(0, len(part.lines), page_sizes.TRANSACTIONS), 1):
                lines = [_line(line.activity, line.one) for line in part.lines[start : start + page_sizes.TRANSACTIONS]]
                yield IatiLines(iati_import=row, part=number, number=page, lines=lines)


def page_of(row: IatiImport, part: int, number: int) -> list[dict[str, str]]:
    """Return the transactions on one page of a part; none where there is no such page."""
    return row.pages.filter(part=part, number=number).values_list("lines", flat=True).first() or []


def _line(activity: str, one: iati.Transaction) -> dict[str, str]:
    return {
        "activity": activity[:LONGEST_NAME],
        "day": one.day.isoformat(),
        "value": _cents(one.value),
        "giver": _name(one.giver),
        "receiver": _name(one.receiver),
    }


def _name(organisation: iati.Organisation | None) -> str:
    return (organisation.name or organisation.reference)[:LONGEST_NAME] if organisation else ""


def _cents(value: Decimal) -> str:
    return str(value.quantize(CENT))


# --- choices, preview, yes


@dataclass(frozen=True)
class Choices:
    """What a person picked: one currency, years, and the partner behind each organisation (by its key)."""

    currency: str
    years: list[int]
    partners: Mapping[str, int]


@transaction.atomic
def choose(assessment: Assessment, member: MemberRoles, version: int, choices: Choices) -> None:
    """Store the choices and ask a worker for the preview."""
    locked = lock_and_require(assessment, member, WorkflowAction.ENTER_FACTS)
    row = _current(locked, version)
    if row.found is None:
        raise Refused(_("The file has not been read yet. Please wait."))
    row.chosen = {"currency": choices.currency, "years": choices.years, "partners": dict(choices.partners)}
    row.preview, row.version = None, row.version + 1
    row.save()
    jobs.request(locked, Job.Kind.IATI)


def _current(locked: Assessment, version: int) -> IatiImport:
    """Return the import as the page showed it; Refused if there is none or someone changed it."""
    row = import_of(locked)
    if row is None:
        raise Refused(_("This file has been deleted. Choose the file again."))
    if row.version != version:
        raise Refused(_("Someone else has changed the choices. Open the import again and check them."))
    return row


@dataclass(frozen=True)
class Offer:
    """What a yes would do to one fact of one partner: "new", "replaced", "same", or why it is not used."""

    fact: AssessmentFact
    partner: Partner
    value: Decimal
    row: FactValue | None

    @property
    def state(self) -> str:
        if self.value < 0:
            return "negative"
        if self.value >= LARGEST:
            return "large"
        if self.row is None:
            return "new"
        if self.row.confirmed_at:
            return "answered"
        return "same" if self.row.value == self.value else "replaced"

    @property
    def is_saved(self) -> bool:
        """Say whether a yes saves this value."""
        return self.state in ("new", "replaced")


def offers(row: IatiImport) -> list[Offer]:
    """Return what a yes to this preview would do, by partner and fact, as the facts are now."""
    chosen, preview = row.chosen or {}, row.preview or {}
    used = [fact for fact in money_facts(row.assessment) if fact.unit == chosen["currency"]]
    partners = {one.pk: one for one in facts.partners_of(row.assessment)}
    values = FactValue.objects.filter(fact__in=used, held=False)
    there = {(value.fact_id, value.partner_id): value for value in values}
    return [
        Offer(fact, partners[one["partner"]], Decimal(one[NUMBERS[fact.key]]), there.get((fact.pk, one["partner"])))
        for one in preview["numbers"]
        if one["partner"] in partners
        for fact in used
    ]


def fingerprint(offered: Iterable[Offer]) -> str:
    """Return a text that changes when one of these facts changes."""
    about = [[one.fact.pk, one.partner.pk, one.row.version if one.row else 0, one.state] for one in offered]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]


@transaction.atomic
def save(assessment: Assessment, member: MemberRoles, version: int, seen: str) -> int:
    """Store the numbers of the preview as facts that partners have to confirm, and delete the file; return how many."""
    locked = lock_and_require(assessment, member, WorkflowAction.ENTER_FACTS)
    row = _current(locked, version)
    if row.preview is None:
        raise Refused(_("The preview is not ready yet. Please wait."))
    offered = offers(row)
    if fingerprint(offered) != seen:
        raise Refused(_("A fact has changed since you opened the preview. Open the import again, and check the fact."))
    origin = facts.Origin(row.file_name, timezone.localdate(row.uploaded_at))
    wanted = [one for one in offered if one.is_saved]
    for one in wanted:
        before = one.row.version if one.row else 0
        facts.enter(locked, member, facts.FactEntry(one.fact, one.partner, one.value, before, origin))
    row.delete()
    return len(wanted)
