"""Data for other programs (API): a partnership's assessments, and what was released, agreed and planned in them.

The same tables as the files of the report, from the same place: only the Release, agreed levels and actions.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema
from ninja.pagination import paginate

from assessments import access
from assessments.exports import Table
from assessments.exports.text import plain, plain_table
from assessments.models import Assessment
from assessments.results import presenters
from assessments.results.tables.about import release_digest
from assessments.results.tables.actions import actions_table
from assessments.results.tables.agreed import agreed_tables
from assessments.results.tables.declared_facts import fact_tables
from assessments.results.tables.export import export_of
from assessments.results.tables.released import release_tables
from partnerships.access import partnership_for
from partnerships.api import REFUSALS, Code, Pages, bearer, person
from partnerships.models import Partnership


class AssessmentOut(Schema):
    code: str
    partnership: str = Field(description="its code")
    title: str
    phase: str = Field(description="baseline, midterm, endline or other")
    stage: str = Field(description="collecting, voting, rating, joint, readback or closed")
    before: str | None = Field(description="code of the assessment that it follows")
    opened_on: date | None
    rating_closed_on: date | None
    read_back_on: date | None
    closed_on: date | None


class ColumnOut(Schema):
    code: str = Field(description="the same in every language")
    heading: str
    hxl: str = Field(description="HXL tag and attributes")
    meaning: str = Field(description="what it means, with its unit")


class TableOut(Schema):
    code: str
    title: str
    columns: list[ColumnOut]
    rows: list[dict[str, str | int | float | None]] = Field(
        description="by column code; null where there is no number, or where it is not shown"
    )


class FactOut(Schema):
    code: str
    label: str
    text: str


class DataOut(Schema):
    format: str
    language: str
    title: str
    facts: list[FactOut]
    reading: list[str] = Field(description="how to read the numbers")
    tables: list[TableOut]


class ReleaseOut(Schema):
    assessment: str
    mode: str = Field(description="by_side, all_together, named or caucus: the one in effect")
    method: str
    digest: str = Field(description="of what was released; it changes if answers are erased later")
    released_on: date
    erased_on: date | None = Field(description="when the release last shrank because somebody erased her answers")
    tables: list[TableOut]


class AgreedOut(Schema):
    assessment: str
    final: bool = Field(description="false: a draft of a session that goes on")
    version: int
    method: str
    digest: str
    tables: list[TableOut]


class ActionOut(Schema):
    action: str = Field(description="its code")
    decision: int = Field(description="number of the decision")
    text: str
    owner: int = Field(description="the responsible partner's number")
    confirmer: int | None = Field(description="number of the partner confirming that the action has been done")
    due: date
    status: str = Field(description="planned, started, done, confirmed or dropped")


router = Router(auth=bearer, tags=["assessments"])


def find_assessment(request: HttpRequest, code: str) -> Assessment:
    """Return the assessment if the token's owner is a member and it is no rehearsal; otherwise raise Http404."""
    try:
        assessment, _standing = access.assessment_for(person(request), code)
    except PermissionDenied as error:
        raise Http404 from error
    if assessment.partnership.is_rehearsal:
        raise Http404
    return assessment


def find_partnership(request: HttpRequest, code: str) -> Partnership:
    """Return the partnership if the token's owner is a member and it is no rehearsal; otherwise raise Http404."""
    try:
        partnership, _standing = partnership_for(person(request), code)
    except PermissionDenied as error:  # a program takes no second step
        raise Http404 from error
    if partnership.is_rehearsal:
        raise Http404
    return partnership


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _out(assessment: Assessment, partnership: str) -> dict[str, Any]:
    return {
        "code": assessment.code,
        "partnership": partnership,
        "title": assessment.title,
        "phase": assessment.phase,
        "stage": assessment.stage,
        "before": before.code if (before := _before(assessment)) else None,
        "opened_on": _day(assessment.opened_at),
        "rating_closed_on": _day(assessment.rating_closed_at),
        "read_back_on": _day(assessment.readback_at),
        "closed_on": _day(assessment.closed_at),
    }


def _before(assessment: Assessment) -> Assessment | None:
    before = assessment.predecessor
    return before if before and before.partnership_id == assessment.partnership_id else None


def _tables(parts: Any) -> list[dict[str, Any]]:
    return [plain_table(part) for part in parts if isinstance(part, Table)]


@router.get(
    "/partnerships/{code}/assessments",
    response={200: list[AssessmentOut], **REFUSALS},
    summary=_("Assessments in one of your partnerships"),  # type: ignore[arg-type]
    operation_id="assessments",
    url_name="assessments",
)
@paginate(Pages)
def assessments(request: HttpRequest, code: Code):
    """List a partnership's assessments, newest first."""
    partnership = find_partnership(request, code)
    rows = partnership.assessments.select_related("predecessor").order_by("-created_at", "-pk")
    return [_out(row, partnership.code) for row in rows]


@router.get(
    "/assessments/{code}",
    response={200: AssessmentOut, **REFUSALS},
    summary=_("An assessment and its stage"),  # type: ignore[arg-type]
    operation_id="assessment",
    url_name="assessment",
)
def assessment(request: HttpRequest, code: Code):
    """Return title, stage and dates."""
    found = find_assessment(request, code)
    return _out(found, found.partnership.code)


@router.get(
    "/assessments/{code}/data",
    response={200: DataOut, **REFUSALS},
    summary=_("All tables of an assessment"),  # type: ignore[arg-type]
    operation_id="data",
    url_name="data",
)
def data(request: HttpRequest, code: Code):
    """Return all that the report shows as tables, as the JSON file has it; 404 before anything is agreed."""
    assessment = find_assessment(request, code)
    results = presenters.results_of(assessment)
    if results.release is None and results.agreed is None:
        raise Http404
    return plain(export_of(assessment, results))


@router.get(
    "/assessments/{code}/release",
    response={200: ReleaseOut, **REFUSALS},
    summary=_("What the private answers show"),  # type: ignore[arg-type]
    operation_id="release",
    url_name="release",
)
def release(request: HttpRequest, code: Code):
    """Return the tables of the Release; 404 before the private ratings are closed."""
    assessment = find_assessment(request, code)
    results = presenters.results_of(assessment)
    if results.release is None:
        raise Http404
    return {
        "assessment": assessment.code,
        "mode": results.release.mode,
        "method": results.release.method_version,
        "digest": release_digest(results),
        "released_on": _day(results.release.created_at),
        "erased_on": _day(results.release.shrunk_at),
        "tables": _tables(release_tables(results)),
    }


@router.get(
    "/assessments/{code}/agreed",
    response={200: AgreedOut, **REFUSALS},
    summary=_("The levels that the group agreed on"),  # type: ignore[arg-type]
    operation_id="agreed",
    url_name="agreed",
)
def agreed(request: HttpRequest, code: Code):
    """Return agreed levels and their scores; 404 before any level is agreed."""
    assessment = find_assessment(request, code)
    results = presenters.results_of(assessment)
    if results.agreed is None:
        raise Http404
    return {
        "assessment": assessment.code,
        "final": results.agreed.final,
        "version": results.agreed.version,
        "method": results.agreed.method_version,
        "digest": results.agreed.input_digest,
        "tables": _tables([*agreed_tables(results), *fact_tables(results)]),
    }


@router.get(
    "/assessments/{code}/actions",
    response={200: list[ActionOut], **REFUSALS},
    summary=_("Planned actions, with the responsible partner and the date"),  # type: ignore[arg-type]
    operation_id="actions",
    url_name="actions",
)
@paginate(Pages)
def actions(request: HttpRequest, code: Code):
    """List the actions of an assessment by the day on which they are due."""
    keys = ActionOut.model_fields
    return [{k: row[k] for k in keys} for row in actions_table(find_assessment(request, code)).records()]
