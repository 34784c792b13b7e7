"""Import from the web page: choose a file, look at what it holds, then bring it in, whole or not at all."""

import base64

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import importing
from assessments.forms.setup.importing import ImportForm
from assessments.importing.parsing import COLUMNS
from assessments.importing.writing import clashes
from assessments.views.setup.sealing import seal, unseal
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.codes import new_code
from partnerships.limits import limited
from partnerships.models import Partnership, Role
from partnerships.views.refusals import refusals_shown
from partnerships.views.shared import settings_page

SALT = "assessments.import"


@require_http_methods(["GET", "POST"])
@limited("import", 30, methods=("POST",))
@signed_in
@refusals_shown(settings_page)
def import_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form; check an uploaded file; bring in a checked one."""
    partnership, member = partnership_for(person(request), code, Role.FACILITATOR)
    if "checked" in request.POST:
        return _bring_in(request, partnership, member)
    form = ImportForm(request.POST or None, request.FILES or None)
    page_context = {"partnership": partnership, "member": member, "form": form, "layout": COLUMNS}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["archive"].read()
        parsed = importing.parse_archive(data)
        parsed.problems += [] if parsed.problems else clashes(partnership, parsed)
        page_context |= {"parsed": parsed, "files": _counts(parsed), "decisions": parsed.of("decisions.csv")}
        if not parsed.problems:
            page_context |= {
                "checked": _seal(request, partnership, form, data),
                "new_partners": _new(partnership, parsed),
            }
    return render(request, "assessments/setup/import.html", page_context, status=422 if _refused(page_context) else 200)


def _refused(page_context: dict) -> bool:
    return bool(page_context["form"].errors or ("parsed" in page_context and page_context["parsed"].problems))


def _counts(parsed: importing.Parsed) -> list[tuple[str, int]]:
    return [(file, len(rows)) for file, rows in parsed.rows.items()]


def _new(partnership: Partnership, parsed: importing.Parsed) -> list[dict]:
    acronyms = set(partnership.partners.values_list("acronym", flat=True))
    return [row for row in parsed.of("partners.csv") if row["acronym"] not in acronyms]


def _seal(request: HttpRequest, partnership: Partnership, form: ImportForm, data: bytes) -> str:
    fields = {name: form.cleaned_data[name] for name in ("title", "phase", "mode_wanted")}
    held = {"fields": fields, "code": new_code(), "data": base64.b64encode(data).decode()}
    return seal(request, partnership, held, SALT)


def _bring_in(request: HttpRequest, partnership: Partnership, member: MemberRoles) -> HttpResponse:
    sealed = unseal(request, partnership, request.POST["checked"], SALT)
    if sealed is None:
        messages.error(request, _("This page has expired. Choose the file again."))
        return redirect("assessments:import", partnership.code)
    parsed = importing.parse_archive(base64.b64decode(sealed["data"]))
    problems = clashes(partnership, parsed)
    if problems:
        messages.error(request, _("A partner's details have changed since you chose the file. Choose the file again."))
        return redirect("assessments:import", partnership.code)
    fields = sealed["fields"] | {"code": sealed["code"]}
    assessment = importing.import_assessment(partnership, person(request), parsed, **fields)
    messages.success(request, _("The assessment has been imported. Its joint session is open."))
    return redirect(assessment)
