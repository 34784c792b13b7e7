"""The joint session: decision by decision, recorded by facilitators, followed by everybody on screens of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from assessments import access
from assessments.forms import session as form
from assessments.forms.actions import ActionForm, warn_of_the_past
from assessments.guide import GUIDES
from assessments.models import Assessment, Decision, Outcome, Release, Stage
from assessments.services import actions, board, joint, steps
from assessments.views import doors
from partnerships.access import Standing, wants_fragment
from partnerships.models import Role

STARTED = (Stage.JOINT, Stage.READBACK, Stage.CLOSED)


@require_safe
@doors.door()
def session(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show the decision that everybody looks at; the screens of those who follow move with it."""
    return _page(request, assessment, standing, assessment.current_decision, following=True)


@doors.door()
def decision(request: HttpRequest, assessment: Assessment, standing: Standing, number: int) -> HttpResponse:
    """Show any decision; facilitators record on it, one answer at a time or the whole page at once."""
    found = access.numbered_decision(assessment, number)
    if request.method != "POST":
        return _page(request, assessment, standing, found)
    sent = form.read(request.POST, board.rows_of(assessment, found), board.outcome_of(found))
    saved = joint.record_decision(assessment, standing, found, sent.entries, sent.outcome)
    conflicts = saved.conflicts + sent.waiting
    if wants_fragment(request) or conflicts:
        return _page(request, _fresh(assessment), standing, found, conflicts=conflicts)
    messages.success(request, _("Saved."))
    return redirect("assessments:session-decision", assessment.code, number)


@require_GET
@doors.door()
def state(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Answer a screen that polls: 204 while nothing has changed since `v`, otherwise what it shows now."""
    if request.GET.get("v") == version_of(assessment, request.GET.get("v", "")):
        return HttpResponse(status=204)
    if request.GET.get("screen") == "wall":
        return render(request, "assessments/session/_wall.html", _wall(assessment, standing))
    number = request.GET.get("number", "")
    pinned = access.numbered_decision(assessment, int(number)) if number.isdecimal() else None
    return _region(request, assessment, standing, pinned or assessment.current_decision, following=pinned is None)


@require_POST
@doors.door(Role.FACILITATOR)
def undo(request: HttpRequest, assessment: Assessment, standing: Standing, number: int) -> HttpResponse:
    found = access.numbered_decision(assessment, number)
    seen = request.POST.get("change", "")
    if not joint.undo(assessment, standing, found, int(seen) if seen.isdecimal() else None):
        messages.warning(request, _("Somebody changed something meanwhile. Look again at what is the last change now."))
    return _back(request, assessment, standing, found)


@require_POST
@doors.door(Role.FACILITATOR)
def here(request: HttpRequest, assessment: Assessment, standing: Standing, number: int) -> HttpResponse:
    """Bring everybody's screen to this decision."""
    found = access.numbered_decision(assessment, number)
    joint.go_to(assessment, standing, found)
    return _back(request, assessment, standing, found)


@doors.door(Role.FACILITATOR)
def plan(request: HttpRequest, assessment: Assessment, standing: Standing, number: int) -> HttpResponse:
    """Plan an action for a decision."""
    found = access.numbered_decision(assessment, number)
    planned = ActionForm(request.POST or None, assessment=assessment, gains=actions.gaining(found))
    if request.method == "POST" and planned.is_valid():
        actions.plan(assessment, standing, found, **planned.cleaned_data)
        warn_of_the_past(request, planned)
        return redirect(f"{_url(assessment, found)}#actions")
    steps.require(assessment, standing, "plan_action")
    shared = doors.context(assessment, standing, decision=found, form=planned)
    return render(request, "assessments/actions/plan.html", shared)


@require_safe
@doors.door()
def history(request: HttpRequest, assessment: Assessment, standing: Standing, number: int) -> HttpResponse:
    """Show who changed what of a decision, and when."""
    found = access.numbered_decision(assessment, number)
    shared = doors.context(assessment, standing, decision=found, changes=board.history_of(found))
    return render(request, "assessments/session/history.html", shared)


@require_safe
@doors.door()
def projector(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show the current decision large, partners in their fixed order."""
    return render(request, "assessments/session/projector.html", _wall(assessment, standing))


# --- what the pages show


def version_of(assessment: Assessment, seen: str) -> str:
    """Name what a screen shows: the session's version, and whether the Release is there (it comes once, later)."""
    there = assessment.rating_closed_at and (
        seen.endswith("r") or Release.objects.filter(assessment=assessment).exists()
    )
    return f"{assessment.joint_version}{'r' if there else ''}"


def _page(request, assessment, standing, found: Decision | None, following=False, conflicts=()) -> HttpResponse:
    if wants_fragment(request):
        return _region(request, assessment, standing, found, following, conflicts)
    shared = _shown(assessment, standing, found, following, conflicts)
    shared["guides"] = GUIDES[Stage(assessment.stage)] if standing.is_facilitator else ()
    return render(request, "assessments/session/page.html", shared)


def _region(request, assessment, standing, found: Decision | None, following=False, conflicts=()) -> HttpResponse:
    return render(
        request, "assessments/session/_region.html", _shown(assessment, standing, found, following, conflicts)
    )


def _shown(assessment: Assessment, standing: Standing, found: Decision | None, following: bool, conflicts=()) -> dict:
    shared = doors.context(assessment, standing, following=following, version=version_of(assessment, ""))
    if assessment.stage not in STARTED or found is None:
        return shared | {"decision": None}
    places = board.places(assessment)
    at = next(place for place, each in enumerate(places) if each.number == found.number)
    table = board.board(assessment, found, list(conflicts))
    return shared | {
        "decision": found,
        "board": table,
        "places": places,
        "before": places[at - 1] if at else None,
        "after": places[at + 1] if at + 1 < len(places) else None,
        "current": assessment.current_decision,
        "is_current": assessment.current_decision_id == found.pk,
        "recording": shared["may"]["record"],
        "choices": board.CHOICES,
        "levels": board.CHOICES[:5],
        "routes": Outcome.Route.choices,
        "review_on": table.outcome.review_on or form.in_three_months(),
        "action_form": _action_form(assessment, found, table, shared["may"]["plan_action"]),
    }


def _action_form(assessment: Assessment, found: Decision, table: board.Board, may_plan: bool) -> ActionForm | None:
    if not may_plan or table.outcome.agree is not False:
        return None
    gains = {row.partner.pk for row in table.rows if joint.gains(row.values)}
    return ActionForm(assessment=assessment, gains=gains, partners=[row.partner for row in table.rows])


def _wall(assessment: Assessment, standing: Standing) -> dict:
    found = assessment.current_decision if assessment.stage in STARTED else None
    shared = doors.context(assessment, standing, decision=found, version=version_of(assessment, ""))
    if found is None:
        return shared
    rows = board.rows_of(assessment, found)
    return shared | {
        "rows": rows,
        "size": "few" if len(rows) <= 8 else "many" if len(rows) <= 16 else "crowd",
        "outcome": board.outcome_of(found),
        "count": assessment.decisions.standing().count(),
        "levels": board.CHOICES[:5],
    }


# --- where they lead


def _fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("partnership").get(pk=assessment.pk)


def _url(assessment: Assessment, found: Decision) -> str:
    return f"{assessment.get_absolute_url()}session/{found.number}/"


def _back(request: HttpRequest, assessment: Assessment, standing: Standing, found: Decision) -> HttpResponse:
    if wants_fragment(request):
        return _region(request, _fresh(assessment), standing, found)
    return redirect(_url(assessment, found))
