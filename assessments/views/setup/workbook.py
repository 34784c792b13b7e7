"""Import from a spreadsheet: choose or paste it, correct single cells on the page, import it whole or not at all."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.fieldwork.cells import Unreadable
from assessments.forms.setup.importing import WorkbookForm
from assessments.importing import csv_example, grids, import_assessment, workbooks
from assessments.models import Assessment
from assessments.results.tables.export import mark_of
from assessments.views.attachments import attached
from assessments.views.decorators import assessment_required
from assessments.views.setup.sealing import seal, unseal
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.codes import new_code
from partnerships.limits import limited
from partnerships.models import Partnership, Role
from partnerships.views.refusals import refusals_shown
from partnerships.views.shared import settings_page

SALT = "assessments.workbook"
PAGE = "assessments/setup/workbook.html"


@require_http_methods(["GET", "POST"])
@limited("import", 30, methods=("POST",))
@signed_in
@refusals_shown(settings_page)
def workbook_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form; check a workbook or its corrected cells; import what has no problem."""
    partnership, member = partnership_for(person(request), code, Role.FACILITATOR)
    if "sealed" in request.POST:
        return _go_on(request, partnership, member)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    page = {"partnership": partnership, "member": member, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            found = _read(form)
        except Unreadable as error:
            form.add_error("workbook" if form.cleaned_data["workbook"] else "cells", str(error))
        else:
            return _preview(request, page, _held(form, found))
    return render(request, PAGE, page, status=422 if form.errors else 200)


def _read(form: WorkbookForm) -> grids.Grids:
    file = form.cleaned_data["workbook"]
    return workbooks.parse_workbook(file.read()) if file else workbooks.pasted(form.cleaned_data["cells"])


def _held(form: WorkbookForm, found: grids.Grids) -> dict[str, Any]:
    fields = {name: form.cleaned_data[name] for name in ("title", "phase")}
    return {"code": new_code(), "fields": fields, "grids": found}


def _preview(request: HttpRequest, page: dict[str, Any], held: dict[str, Any]) -> HttpResponse:
    checked = grids.check(held["grids"], list(page["partnership"].partners.all()))
    shown = {
        "problems": checked.problems[: grids.MOST_PROBLEMS],
        "more": max(0, len(checked.problems) - grids.MOST_PROBLEMS),
        "counts": _counts(checked),
        "levels": held["grids"].get(grids.LEVELS, []),
        "sealed": seal(request, page["partnership"], held, SALT),
        "fields": held["fields"],
    }
    return render(request, PAGE, page | shown, status=422 if checked.problems else 200)


def _counts(checked: grids.Checked) -> list[tuple[str, int]]:
    rows = checked.parsed.of("agreed.csv")
    return [
        (_("Partners"), len(checked.parsed.of("partners.csv"))),
        (_("Decisions"), len(checked.parsed.of("decisions.csv"))),
        (_("Levels today"), sum(row["actual"] is not None for row in rows)),
        (_("Desired levels"), sum(row["desired"] is not None for row in rows)),
        (_("Answers to “Do we agree?”"), len(checked.parsed.of("outcomes"))),
        (_("Actions"), len(checked.parsed.of("actions.csv"))),
    ]


def _go_on(request: HttpRequest, partnership: Partnership, member: MemberRoles) -> HttpResponse:
    """Put corrections into their cells; import if nothing is wrong and the person said so."""
    held = unseal(request, partnership, request.POST["sealed"], SALT)
    if held is None:
        messages.error(request, _("This page has expired. Choose the file again."))
        return redirect("assessments:import-workbook", partnership.code)
    grids.correct(held["grids"], {key: str(text) for key, text in request.POST.items() if "." in key})
    checked = grids.check(held["grids"], list(partnership.partners.all()))
    if checked.problems or "import" not in request.POST:
        return _preview(request, {"partnership": partnership, "member": member}, held)
    fields = held["fields"] | {"code": held["code"]}
    assessment = import_assessment(partnership, person(request), checked.parsed, **fields)
    messages.success(request, _("The assessment has been imported. Its joint session is open."))
    return redirect(assessment)


@require_safe
@limited("files", 30)
@signed_in
def template(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Return an empty workbook with this partnership's partners, in the language of the page."""
    partnership, _member = partnership_for(person(request), code, Role.FACILITATOR)
    acronyms = partnership.partners.filter(left_at__isnull=True).values_list("acronym", flat=True)
    return _workbook(workbooks.template(acronyms), kind, "template")


@require_safe
@limited("files", 30)
@signed_in
def csv_files(request: HttpRequest, code: str) -> HttpResponse:
    """Return an example of the CSV files in a zip."""
    partnership_for(person(request), code, Role.FACILITATOR)
    return attached(csv_example.archive(), "application/zip", "example.zip")


@require_safe
@limited("files", 30)
@assessment_required()
def export(request: HttpRequest, assessment: Assessment, member: MemberRoles, kind: str) -> HttpResponse:
    """Return the agreed levels, answers and actions as the workbook that an import reads."""
    return _workbook(workbooks.grids_of(assessment), kind, f"{mark_of(assessment)}assessment")


def _workbook(found: grids.Grids, kind: str, name: str) -> HttpResponse:
    if kind not in workbooks.CONTENT_TYPES:
        raise Http404
    return attached(workbooks.write(found, kind), workbooks.CONTENT_TYPES[kind], f"{name}.{kind}")
