"""A representative's own forms: paper and a spreadsheet for when there is no connection, and what came in of them."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import promises
from assessments.fieldwork import paper, sheet, texts
from assessments.fieldwork.questions import Cell, questions_of
from assessments.forms.rating.fieldwork import FilledForm
from assessments.models import Assessment
from assessments.services.rating import fieldwork, private_answers
from assessments.views import decorators
from assessments.views.attachments import attached
from assessments.views.rating.fieldwork import XLSX, form_arguments
from assessments.views.rating.rating_pages import membership_of, rating_page
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.limits import limited


@require_http_methods(["GET", "HEAD", "POST"])
@limited("import", 30, methods=("POST",))
@rating_page(WorkflowAction.ANSWER)
def own(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show her code, her forms and what came in of them; take her spreadsheet back, whole or not at all."""
    membership, form = membership_of(member), FilledForm(*form_arguments(request))
    mine = private_answers.participant_of(assessment, membership)
    returned = None
    if request.method == "POST" and form.is_valid():
        returned = sheet.parse_sheet(form.cleaned_data["filled"].read(), questions_of(assessment), membership.code)
        if returned.form:
            fieldwork.take_sheet(assessment, membership, returned.form)
            messages.success(request, _("Your spreadsheet has been imported. Check below which answers were imported."))
            return redirect("assessments:my-form", assessment.code)
    more = {
        "mine": mine,
        "form": form,
        "returned": returned,
        "answer_code": fieldwork.code_of(assessment, membership),
        "receipts": fieldwork.receipts(assessment, membership),
        "first_line": promises.FIRST_LINES[assessment.mode],
        "of_forms": texts.first_line(),
        "promise": promises.promise(assessment.mode, mine.side),
        "under_each": promises.under_each(assessment.mode),
        "importer_note": texts.seen_by_the_importer(),
    }
    status = 422 if form.errors or returned else 200
    return render(
        request, "assessments/rating/own_form.html", decorators.context(assessment, member, **more), status=status
    )


@require_safe
@limited("export", 60)
@rating_page(WorkflowAction.ANSWER)
def on_paper(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Hand out her paper form, with her code on each page and no answer."""
    membership = membership_of(member)
    holder = paper.Holder(
        private_answers.participant_of(assessment, membership).name, fieldwork.code_of(assessment, membership)
    )
    made = paper.pdf(questions_of(assessment), fieldwork.facilitators_of(assessment), timezone.now(), holder)
    return attached(made, "application/pdf", f"{assessment.code}-paper.pdf")


@require_safe
@limited("export", 60)
@rating_page(WorkflowAction.ANSWER)
def spreadsheet(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Hand out her spreadsheet, with the answers that stand."""
    membership = membership_of(member)
    rater = private_answers.rater_of(assessment, membership)
    whose = sheet.Own(
        membership=membership.code,
        organisation=private_answers.participant_of(assessment, membership).name,
        instance=uuid4().hex,
        made_at=timezone.now(),
        sheet=private_answers.sheet_number(rater),
        held=_standing_answers(rater),
    )
    return attached(sheet.write(questions_of(assessment), whose), XLSX, f"{assessment.code}-answers.xlsx")


def _standing_answers(rater) -> dict[Cell, tuple[int, object]]:
    """Return what stands, as a spreadsheet holds it: version and answer by cell, the agreement's partner being 0."""
    stands = private_answers.sheet(rater)
    answers: dict[Cell, tuple[int, object]] = {cell: (row.version, row.level) for cell, row in stands["levels"].items()}
    for number, row in stands["agreements"].items():
        answers[number, 0] = (row.version, (row.agree, row.reason_use if row.reason else "", row.reason))
    return answers


@require_POST
@rating_page(WorkflowAction.ANSWER)
def new_code(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Give her another answer code."""
    fieldwork.renew_code(assessment, membership_of(member))
    messages.success(request, _("You have a new answer code. Forms with the old code can no longer be imported."))
    return redirect("assessments:my-form", assessment.code)
