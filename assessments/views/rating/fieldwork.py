"""Answers without this website: a facilitator hands out forms and brings in an export; looked at first, then taken."""

import base64
import binascii
import zlib

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.fieldwork import kobo, paper, texts, xlsform
from assessments.fieldwork.questions import questions_of
from assessments.forms.rating.fieldwork import ExportForm
from assessments.models import Assessment
from assessments.services.rating import fieldwork
from assessments.services.rating.fieldwork import FormState
from assessments.views.attachments import attached
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships import limits
from partnerships.access import MemberRoles, person
from partnerships.limits import limited
from partnerships.models import Role

SALT, AN_HOUR = "assessments.fieldwork", 3600
MISSES = "answer-code"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@limited("import", 30, methods=("POST",))
@never_cache
@assessment_required(Role.FACILITATOR)
def page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Offer the forms; say what an uploaded export holds, in counts only; bring in one that was looked at."""
    actions.require(assessment, member, WorkflowAction.BRING_IN)
    if "checked" in request.POST:
        return _bring_in(request, assessment)
    if request.method == "POST" and limits.too_many(request, MISSES):
        return render(request, "partnerships/slow_down.html", status=429)
    form = ExportForm(*form_arguments(request))
    more: dict = {"form": form, "promise": [texts.first_line(), texts.seen_by_the_importer()]}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["filled"].read()
        exported = kobo.parse_export(data, questions_of(assessment))
        more["exported"] = exported
        if exported.readable:
            more |= _checked_export(request, assessment, exported, data)
    wrong = bool(form.errors) or ("exported" in more and "checked" not in more and bool(more["exported"].problems))
    return render(
        request, "assessments/rating/fieldwork.html", context(assessment, member, **more), status=422 if wrong else 200
    )


def _checked_export(request: HttpRequest, assessment: Assessment, exported: kobo.Exported, data: bytes) -> dict:
    """Return what the page says of a readable export, and the file to hand back if anything in it can be taken."""
    outcomes = fieldwork.outcomes_of(assessment, exported.forms)
    _count_misses(request, outcomes)
    more = {"counts": _counts(exported, outcomes), "foreign": _foreign(exported, outcomes)}
    if any(outcome.state in (FormState.NEW, FormState.CHANGED) for outcome in outcomes):
        more["checked"] = _seal(request, assessment, data)
    return more


def _counts(exported: kobo.Exported, outcomes: list[fieldwork.FormOutcome]) -> list[tuple[str, int]]:
    """Return what an export holds, in counts: nothing tells whose a form is, or what it says."""
    of = {state: sum(outcome.state == state for outcome in outcomes) for state in FormState}
    unreadable = len({problem.row for problem in exported.problems if problem.row > 1})
    return [
        (_("New"), of[FormState.NEW]),
        (_("Changed since the last import"), of[FormState.CHANGED]),
        (_("Unchanged since the last import"), of[FormState.SAME]),
        (_("From another assessment"), of[FormState.FOREIGN] + len(exported.foreign)),
        (_("With errors"), unreadable),
    ]


def _foreign(exported: kobo.Exported, outcomes: list[fieldwork.FormOutcome]) -> list[tuple[int, str]]:
    """Return the rows that belong elsewhere, and why. A wrong code and another's code read alike."""
    reason = _(
        "This answer code is not used in this assessment, or this form had a different code in an earlier import. "
        "Check the code."
    )
    rows = [(outcome.form.row, reason) for outcome in outcomes if outcome.state == FormState.FOREIGN]
    return sorted(rows + [(problem.row, problem.message) for problem in exported.foreign])


def _count_misses(request: HttpRequest, outcomes: list[fieldwork.FormOutcome]) -> None:
    """Count each code that fits nobody as a try: whoever guesses codes is slowed down."""
    for _code in {outcome.form.code for outcome in outcomes if outcome.state == FormState.FOREIGN}:
        if limits.too_many(request, MISSES):
            return
        limits.count_miss(request, MISSES)


def _seal(request: HttpRequest, assessment: Assessment, data: bytes) -> str:
    """Return the file for the page to hand back, so that the server keeps no answers that nobody brought in."""
    packed = base64.b64encode(zlib.compress(data)).decode()
    return signing.dumps({"user": request.user.pk, "assessment": assessment.code, "data": packed}, salt=SALT)


def _bring_in(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    try:
        sealed = signing.loads(request.POST["checked"], salt=SALT, max_age=AN_HOUR)
        data = zlib.decompress(base64.b64decode(sealed["data"]))
    except (signing.BadSignature, binascii.Error, KeyError, zlib.error):
        sealed = {}
    if sealed.get("user") != request.user.pk or sealed.get("assessment") != assessment.code:
        messages.error(request, _("This page has expired. Choose the file again."))
        return redirect("assessments:fieldwork", assessment.code)
    exported = kobo.parse_export(data, questions_of(assessment))
    counts = fieldwork.bring_in(assessment, person(request), exported.forms)
    taken = counts[FormState.NEW] + counts[FormState.CHANGED]
    template = ngettext(
        "%(taken)s form has been imported. If a person has given a more recent answer, that answer has been kept. "
        "The person can see which answers have been kept.",
        "%(taken)s forms have been imported. If a person has given a more recent answer, that answer has been kept. "
        "The person can see which answers have been kept.",
        taken,
    )
    messages.success(request, template % {"taken": taken} if taken else _("The file contained nothing new."))
    return redirect("assessments:fieldwork", assessment.code)


@require_safe
@limited("export", 60)
@assessment_required(Role.FACILITATOR)
def blank(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Hand out the paper form without anybody's code."""
    actions.require(assessment, member, WorkflowAction.BRING_IN)
    made = paper.pdf(questions_of(assessment), fieldwork.facilitators_of(assessment), timezone.now())
    return attached(made, "application/pdf", f"{assessment.code}-paper.pdf")


@require_safe
@limited("export", 60)
@assessment_required(Role.FACILITATOR)
def for_tools(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Hand out the XLSForm. Each time it is a newer version, so that the tools take it in place of the one before."""
    actions.require(assessment, member, WorkflowAction.BRING_IN)
    made = xlsform.workbook(questions_of(assessment), f"{timezone.now():%Y%m%d%H%M%S}")
    return attached(made, XLSX, f"{assessment.code}-xlsform.xlsx")


def form_arguments(request: HttpRequest) -> tuple:
    """Return what a form is bound to: what was posted, if anything was, even nothing."""
    return (request.POST, request.FILES) if request.method == "POST" else ()
