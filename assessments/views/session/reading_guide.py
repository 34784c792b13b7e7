"""Before the session: each facilitator's guess, the reading guide behind it, and the agenda that all members get."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments import guide as words
from assessments.forms.session import reading_guide as forms
from assessments.models import Assessment
from assessments.results import presenters
from assessments.results import reading_guide as results
from assessments.services.session import agenda as agendas
from assessments.services.session import reading_guide as guesses
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions, guards
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Role

EMPTY_ROWS = 2  # for lines of the facilitators' own


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required(Role.FACILITATOR)
def guide(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask for the facilitator's own guess; behind it stand the other's and the reading guide."""
    form = forms.GuessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        guesses.guess(assessment, member, **form.cleaned_data)
        return redirect("assessments:reading", assessment.code)
    own = guesses.own(assessment, member)
    asked = own is None and actions.may(assessment, member, WorkflowAction.GUESS)
    obstacle = guards.release_is_there(assessment) if asked else None
    more: dict = {"own": own, "form": form if asked and not obstacle else None, "obstacle": obstacle}
    if not asked and assessment.opened_at:
        more |= _guide(assessment, member)
    status = 422 if form.errors else 200
    return render(
        request, "assessments/session/reading_guide/page.html", context(assessment, member, **more), status=status
    )


def _guide(assessment: Assessment, member: MemberRoles) -> dict:
    computed = presenters.results_of(assessment)
    return {
        "read_on": True,
        "others": guesses.of_others(assessment, member),
        "released": computed.release is not None,
        "widest": results.widest(computed),
        "deciders": results.deciders(computed),
        "ask_first": words.ASK_FIRST,
        "not_to_say": words.NOT_TO_SAY,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required()
def agenda(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the agenda that was sent; until then facilitators draft it here."""
    if request.method == "POST":
        return _keep(request, assessment, member)
    row = agendas.agenda_of(assessment)
    if row and row.sent_at:
        more = {"agenda": row, "lines": agendas.lines_of(assessment, row.lines)}
        more["left_out"] = agendas.left_out(assessment, row.lines)
        return render(request, "assessments/session/reading_guide/agenda.html", context(assessment, member, **more))
    if not actions.may(assessment, member, WorkflowAction.PLAN_AGENDA) or guards.release_is_there(assessment):
        return render(request, "assessments/session/reading_guide/agenda.html", context(assessment, member))
    time = forms.TimeForm(request.GET)
    if time.is_valid() or row is None:
        minutes = time.cleaned_data.get("minutes", agendas.USUAL)
        lines, saved = agendas.proposed(assessment, minutes), False
    else:
        minutes, lines, saved = row.minutes, row.lines, True
    return _draft(request, assessment, member, minutes, lines, row.version if row else 0, kept=saved)


def _keep(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    actions.require(assessment, member, WorkflowAction.PLAN_AGENDA)
    numbers = {decision.number or 0 for decision in assessment.decisions.active()}
    sent = forms.parse_agenda(request.POST, numbers, agendas.USUAL)
    if sent.errors:
        return _draft(request, assessment, member, sent.minutes, sent.lines, sent.seen, errors=sent.errors)
    agendas.keep(assessment, member, sent.minutes, sent.lines, sent.seen)
    messages.success(request, _("Saved. Only facilitators can see the agenda until you send it."))
    return redirect("assessments:agenda", assessment.code)


def _draft(request, assessment, member, minutes, lines, version, kept=False, errors=()) -> HttpResponse:
    there = {line["decision"] for line in lines}
    rest = assessment.decisions.active().order_by("number").values_list("number", flat=True)
    blank = [
        {"kind": "decision", "minutes": 0, "decision": number, "text": ""} for number in rest if number not in there
    ]
    blank += [{"kind": "own", "minutes": 0, "decision": None, "text": ""}] * EMPTY_ROWS
    more = {
        "draft": agendas.lines_of(assessment, [*lines, *blank]),
        "minutes": minutes,
        "version": version,
        "kept": kept,
        "errors": errors,
        "fit": agendas.fit(minutes, lines),
        "total": agendas.total(lines),
        "fits": agendas.total(lines) <= minutes,
    }
    status = 422 if errors else 200
    return render(
        request, "assessments/session/reading_guide/agenda.html", context(assessment, member, **more), status=status
    )


@require_POST
@assessment_required(Role.FACILITATOR)
def send_agenda(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Send the agenda to everybody, once."""
    agendas.send(assessment, member)
    messages.success(request, _("The agenda has been sent. Everyone has been told."))
    return redirect("assessments:agenda", assessment.code)
