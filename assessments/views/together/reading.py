"""Before the session: each facilitator's guess, the reading guide behind it, and the agenda that all members get."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments import guide as words
from assessments.forms import reading as forms
from assessments.models import Assessment
from assessments.results import reading as results
from assessments.results import shown
from assessments.services import guards, steps
from assessments.services.together import agenda as agendas
from assessments.services.together import reading as guesses
from assessments.views.doors import context, door
from partnerships.access import Standing
from partnerships.models import Role

EMPTY_ROWS = 2  # for lines of the facilitators' own


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@door(Role.FACILITATOR)
def guide(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Ask for the facilitator's own guess; behind it stand the other's and the reading guide."""
    form = forms.GuessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        guesses.guess(assessment, standing, **form.cleaned_data)
        return redirect("assessments:reading", assessment.code)
    own = guesses.own(assessment, standing)
    asked = own is None and steps.may(assessment, standing, "guess")
    obstacle = guards.release_is_there(assessment) if asked else None
    more: dict = {"own": own, "form": form if asked and not obstacle else None, "obstacle": obstacle}
    if not asked and assessment.opened_at:
        more |= _guide(assessment, standing)
    status = 422 if form.errors else 200
    return render(request, "assessments/reading/page.html", context(assessment, standing, **more), status=status)


def _guide(assessment: Assessment, standing: Standing) -> dict:
    found = shown.results_of(assessment)
    return {
        "read_on": True,
        "others": guesses.of_others(assessment, standing),
        "released": found.release is not None,
        "widest": results.widest(found),
        "deciders": results.deciders(found),
        "ask_first": words.ASK_FIRST,
        "not_to_say": words.NOT_TO_SAY,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@door()
def agenda(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show the agenda that was sent; until then facilitators draft it here."""
    if request.method == "POST":
        return _keep(request, assessment, standing)
    row = agendas.agenda_of(assessment)
    if row and row.sent_at:
        more = {"agenda": row, "lines": agendas.lines_of(assessment, row.lines)}
        more["left_out"] = agendas.left_out(assessment, row.lines)
        return render(request, "assessments/reading/agenda.html", context(assessment, standing, **more))
    if not steps.may(assessment, standing, "plan_agenda") or guards.release_is_there(assessment):
        return render(request, "assessments/reading/agenda.html", context(assessment, standing))
    time = forms.TimeForm(request.GET)
    if time.is_valid() or row is None:
        minutes = time.cleaned_data.get("minutes", agendas.USUAL)
        lines, kept = agendas.proposed(assessment, minutes), False
    else:
        minutes, lines, kept = row.minutes, row.lines, True
    return _draft(request, assessment, standing, minutes, lines, row.version if row else 0, kept=kept)


def _keep(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    steps.require(assessment, standing, "plan_agenda")
    numbers = {one.number or 0 for one in assessment.decisions.standing()}
    sent = forms.read(request.POST, numbers, agendas.USUAL)
    if sent.errors:
        return _draft(request, assessment, standing, sent.minutes, sent.lines, sent.seen, errors=sent.errors)
    agendas.keep(assessment, standing, sent.minutes, sent.lines, sent.seen)
    messages.success(request, _("Saved. Only facilitators see it until you send it."))
    return redirect("assessments:agenda", assessment.code)


def _draft(request, assessment, standing, minutes, lines, version, kept=False, errors=()) -> HttpResponse:
    there = {line["decision"] for line in lines}
    rest = assessment.decisions.standing().order_by("number").values_list("number", flat=True)
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
    return render(request, "assessments/reading/agenda.html", context(assessment, standing, **more), status=status)


@require_POST
@door(Role.FACILITATOR)
def send_agenda(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Send the agenda to everybody, once."""
    agendas.send(assessment, standing)
    messages.success(request, _("The agenda is sent. Everybody was told."))
    return redirect("assessments:agenda", assessment.code)
