"""Importing the money of a partnership from an IATI file: upload, choices, preview, yes or no."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.setup.iati import IatiChoicesForm, IatiFileForm
from assessments.iati.money import What
from assessments.iati.parsing import Problem
from assessments.models import Assessment, IatiImport, Job
from assessments.results import facts as results
from assessments.services.setup import facts, iati
from assessments.views.decorators import assessment_required, context
from assessments.views.pagination import FURTHEST, ListPage
from assessments.workflow import actions, jobs
from partnerships import page_sizes
from partnerships.access import MemberRoles
from partnerships.codes import whole
from partnerships.limits import limited
from partnerships.models import Role

PROBLEMS = {
    Problem.NOT_XML: gettext_lazy(
        "This XML file is not complete. Download it again from the website where you published it."
    ),
    Problem.DOCUMENT_TYPE: gettext_lazy(
        "This file has a document type declaration (DOCTYPE), which can open other files. Remove the declaration."
    ),
    Problem.OTHER_STANDARD: gettext_lazy(
        "This is not an IATI activity file. Choose a file that contains “iati-activities”."
    ),
    Problem.ORGANISATION_FILE: gettext_lazy("This is an IATI organisation file. Choose the activity file."),
    Problem.VERSION_1: gettext_lazy("This file uses IATI version 1. Export it again in version 2.03."),
    Problem.OTHER_VERSION: gettext_lazy(
        "We can read IATI versions 2.01, 2.02 and 2.03. Export the file in one of these versions."
    ),
    Problem.TOO_MANY: gettext_lazy(
        "This file has more than 200,000 transactions, 100,000 activities or 20,000 organisations. Export data for "
        "fewer years."
    ),
    Problem.NO_IDENTIFIER: gettext_lazy("An activity has no IATI identifier. Add one, and export the file again."),
    Problem.NO_REPORTER: gettext_lazy("An activity does not say which organisation reports it. Add the organisation."),
    Problem.NO_CURRENCY: gettext_lazy(
        "A transaction has no currency, and its activity has no default currency. Add one, and export the file again."
    ),
    Problem.NO_DATE: gettext_lazy("A transaction has no valid date. Correct it, and export the file again."),
    Problem.NO_VALUE: gettext_lazy("A transaction has no valid value. Write numbers with digits and a decimal point."),
    Problem.NO_PAYMENTS: gettext_lazy(
        "This file contains no incoming funds, no disbursements and no expenditure. Choose another file."
    ),
}
PARTS = {
    What.SPENT: gettext_lazy("Spent by the partner itself"),
    What.TO_PARTNERS: gettext_lazy("Passed on to other partners"),
    What.TO_OTHERS: gettext_lazy("Paid to organisations that are not partners"),
    What.RECEIVED: gettext_lazy("Received"),
    What.WITHIN: gettext_lazy("Left out because the payer and the recipient are the same organisation"),
    What.UNKNOWN: gettext_lazy("Left out because the file does not say who paid"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@limited("import", 30, methods=("POST",))
@assessment_required(Role.FACILITATOR)
def page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the next step of an import; take a file."""
    actions.require(assessment, member, actions.WorkflowAction.ENTER_FACTS)
    form = IatiFileForm(request.POST, request.FILES) if request.method == "POST" else IatiFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        iati.upload(assessment, member, file.name, file.size, file.chunks(iati.PIECE))
        return redirect("assessments:iati", assessment.code)
    row = iati.import_of(assessment)
    if row is None:
        more = {"form": form, "can_import": bool(iati.money_facts(assessment))}
        status = 422 if form.errors else 200
        return render(request, "assessments/setup/iati/file.html", context(assessment, member, **more), status=status)
    if "change" in request.GET and row.chosen:
        return _choices_page(request, assessment, member, row)
    return _PAGES[row.state](request, assessment, member, row)


def _working_page(request: HttpRequest, assessment: Assessment, member: MemberRoles, row: IatiImport) -> HttpResponse:
    status = jobs.status_of(assessment, Job.Kind.IATI)
    more = {"row": row, "progress": iati.progress(row), "failed": status["state"] == "failed"}
    return render(request, "assessments/setup/iati/working.html", context(assessment, member, **more))


def _refused_page(request: HttpRequest, assessment: Assessment, member: MemberRoles, row: IatiImport) -> HttpResponse:
    more = {"row": row, "problem": PROBLEMS[Problem(row.problem)]}
    return render(request, "assessments/setup/iati/refused.html", context(assessment, member, **more))


def _choices_page(
    request: HttpRequest,
    assessment: Assessment,
    member: MemberRoles,
    row: IatiImport,
    form: IatiChoicesForm | None = None,
) -> HttpResponse:
    form = form or _choices_form(row)
    page = context(assessment, member, row=row, form=form)
    return render(request, "assessments/setup/iati/choose.html", page, status=422 if form.errors else 200)


def _choices_form(row: IatiImport, data: Any = None) -> IatiChoicesForm:
    partners, used = facts.partners_of(row.assessment), iati.money_facts(row.assessment)
    return IatiChoicesForm(data, found=row.found or {}, chosen=row.chosen, partners=partners, facts=used)


def _preview_page(request: HttpRequest, assessment: Assessment, member: MemberRoles, row: IatiImport) -> HttpResponse:
    offered, preview = iati.offers(row), row.preview or {}
    numbers = {one["partner"]: one for one in preview["numbers"]}
    partners = [
        {
            "partner": partner,
            "number": numbers[partner.pk],
            "facts": [_offer(one) for one in of_partner],
            "parts": [_part(part) for part in numbers[partner.pk]["parts"]],
        }
        for partner, of_partner in groupby(offered, key=lambda one: one.partner)
    ]
    more = {
        "row": row,
        "partners": partners,
        "silent": [one for one in facts.partners_of(assessment) if one.pk not in numbers],
        "left_out": [_part(part) for part in preview["left_out"]],
        "seen": iati.fingerprint(offered),
        "can_save": any(one.is_saved for one in offered),
    }
    return render(request, "assessments/setup/iati/preview.html", context(assessment, member, **more))


def _offer(one: iati.Offer) -> dict[str, Any]:
    before = results.value_in_words(one.fact, one.row.value) if one.row else ""
    said = {
        "new": "",
        "replaced": _("This value replaces %(value)s, which the partner has not confirmed."),
        "same": _("This value is already saved."),
        "answered": _("The partner has already answered: %(value)s. We will keep its answer."),
        "negative": _(
            "The corrections are larger than the payments, so the number is negative. We do not save negative numbers."
        ),
        "large": _("This number is too large to save."),
    }[one.state]
    return {"fact": one.fact, "shown": results.value_in_words(one.fact, one.value), "said": said % {"value": before}}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of a number with its words, and how many of its transactions are not listed."""
    return {**part, "title": PARTS[What(part["what"])], "more": part["count"] - len(part["lines"])}


@require_safe
@assessment_required(Role.FACILITATOR)
def part(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """List all transactions behind one part of a number."""
    actions.require(assessment, member, actions.WorkflowAction.ENTER_FACTS)
    row = iati.import_of(assessment)
    if row is None or row.preview is None:
        return redirect("assessments:iati", assessment.code)
    parts = [each for one in row.preview["numbers"] for each in one["parts"]] + row.preview["left_out"]
    shown = next((each for each in parts if each.get("number") == number), None)
    if shown is None:
        raise Http404
    asked = min(max(whole(request.GET.get("page", "")) or 1, 1), FURTHEST)
    lines = iati.page_of(row, number, asked) if shown["count"] > len(shown["lines"]) else shown["lines"]
    page = ListPage(lines, asked, shown["count"] > asked * page_sizes.TRANSACTIONS)
    more = {"row": row, "part": _part(shown) | {"lines": lines, "more": 0}, "page": page}
    return render(request, "assessments/setup/iati/transactions.html", context(assessment, member, **more))


_PAGES = {
    "reading": _working_page,
    "counting": _working_page,
    "refused": _refused_page,
    "choosing": _choices_page,
    "preview": _preview_page,
}


@require_safe
@assessment_required(Role.FACILITATOR)
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer the page that waits for the worker: how far the reading is, or let it load again."""
    row = iati.import_of(assessment)
    failed = jobs.status_of(assessment, Job.Kind.IATI)["state"] == "failed"
    if row is None or not row.is_under_way or failed:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    more = {"assessment": assessment, "row": row, "progress": iati.progress(row)}
    return render(request, "assessments/setup/iati/progress.html", more)


@require_POST
@limited("import", 30)
@assessment_required(Role.FACILITATOR)
def choose(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Take the currency, the years and the partners behind the organisations."""
    row = iati.import_of(assessment)
    if row is None or row.found is None:
        messages.error(request, _("This file has been deleted. Choose the file again."))
        return redirect("assessments:iati", assessment.code)
    form = _choices_form(row, request.POST)
    if not form.is_valid():
        return _choices_page(request, assessment, member, row, form)
    chosen = iati.Choices(form.cleaned_data["currency"], form.cleaned_data["years"], form.partners())
    iati.choose(assessment, member, _version(request), chosen)
    return redirect("assessments:iati", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR)
def save(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Save the numbers of the preview as facts."""
    count = iati.save(assessment, member, _version(request), request.POST.get("seen", ""))
    said = ngettext("%(count)s fact has been saved.", "%(count)s facts have been saved.", count) % {"count": count}
    messages.success(request, f"{said} {_('Partners can now confirm their facts. The file has been deleted.')}")
    return redirect("assessments:facts", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR)
def remove(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Delete the file and the preview."""
    iati.remove(assessment, member)
    messages.success(request, _("The file has been deleted. No facts have been changed."))
    return redirect("assessments:iati", assessment.code)


def _version(request: HttpRequest) -> int:
    return whole(request.POST.get("version", "")) or 0
