"""The joint session: decision by decision, recorded by facilitators, followed by everyone on screens of their own."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from assessments import access
from assessments.forms.followup.actions import ActionForm, warn_of_the_past
from assessments.forms.session import board as form
from assessments.guide import GUIDES
from assessments.measures import Fitting, filled, fitting
from assessments.models import Assessment, Decision, Stage
from assessments.services.followup import planned_actions
from assessments.services.session import board, cached_board, joint, live, pause_requests, presence
from assessments.views import decorators
from assessments.views.session import screens
from assessments.views.session.screens import Screen
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, person, signed_in, wants_fragment
from partnerships.models import Role

PAUSE_TICKETS = "pause"  # the cookie with a device's tickets; everyone who takes part gets one
PROJECTOR = "wall"  # what the projector view says of itself when it polls


@require_safe
@decorators.assessment_required()
def session(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what everyone looks at; the screens of those who follow move with it."""
    screen = Screen.of(request)
    return _page(request, assessment, member, Screen(card=screen.card))


@require_safe
@decorators.assessment_required()
def everything(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show all decisions at once, for a group that has little time or works by moments."""
    return _page(request, assessment, member, Screen(everything=True, moment=Screen.of(request).moment))


@decorators.assessment_required()
def decision(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Show any decision; facilitators record on it, one answer at a time or the whole page at once."""
    shown_decision = access.numbered_decision(assessment, number)
    if request.method != "POST":
        return _page(request, assessment, member, Screen(number=number, moment=Screen.of(request).moment))
    sent = form.parse_changes(request.POST, _rows(assessment, shown_decision), board.outcome_of(shown_decision))
    saved = joint.record_decision(assessment, member, shown_decision, sent.entries, sent.outcome)
    conflicts = saved.conflicts + sent.waiting
    screen = _screen_after(request, shown_decision, bool(conflicts), assessment)
    if wants_fragment(request) or conflicts:
        return _page(request, fresh(assessment), member, screen, shown_decision, conflicts)
    messages.success(request, _("Saved."))
    return redirect(address(assessment, screen))


def _rows(assessment: Assessment, decision: Decision) -> list[board.Row]:
    rows = board.rows_of(assessment, decision)
    cached_board.lay_choices(decision, rows)
    return rows


def _screen_after(request: HttpRequest, decision: Decision, conflicts: bool, assessment: Assessment) -> Screen:
    """Return the screen that is shown after recording: its own; where a conflict waits, that decision's."""
    screen = Screen.of(request)
    elsewhere = screen.following and assessment.current_decision_id != decision.pk
    if ("follow" not in request.GET and screen.following) or (conflicts and elsewhere):
        return Screen(number=decision.number, moment=screen.moment)
    return screen


def address(assessment: Assessment, screen: Screen) -> str:
    """Return the page of a screen."""
    base = f"{assessment.get_absolute_url()}session/"
    if screen.everything:
        return f"{base}all/?moment={screen.moment}" if screen.moment else f"{base}all/"
    if screen.number is not None:
        return f"{base}{screen.number}/" + (f"?moment={screen.moment}" if screen.moment else "")
    return f"{base}?screen=card" if screen.card else base


@require_GET
@signed_in
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a screen that polls: 204 while nothing has changed since `v`, otherwise what it shows now."""
    seen = request.GET.get("v", "")
    if seen and (allowed := access.glance(person(request), code)):
        presence.note(*allowed)
        if seen == screens.version_of(allowed[0], seen):
            return HttpResponse(status=204)
    return _news(request, code=code)


@decorators.assessment_required()
def _news(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    seen = request.GET.get("v", "")
    if not seen:
        presence.note(assessment, member)
    if request.GET.get("screen") == PROJECTOR:
        return render(request, "assessments/session/_projector.html", screens.projector(request, assessment, member))
    return region(request, assessment, member, Screen.of(request), get=cached_board.cached, seen=seen)


@require_POST
@decorators.assessment_required(Role.FACILITATOR)
def undo(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    decision = access.numbered_decision(assessment, number)
    seen = request.POST.get("change", "")
    if not joint.undo(assessment, member, decision, int(seen) if seen.isdecimal() and len(seen) < 19 else None):
        messages.warning(request, _("Someone has made another change. Check that change, and then try again."))
    return after(request, assessment, member)


@require_POST
@decorators.assessment_required(Role.FACILITATOR)
def here(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Bring everyone's screen to this decision, and one's own with them."""
    live.go_on(assessment, member, access.numbered_decision(assessment, number))
    if wants_fragment(request):
        return region(request, fresh(assessment), member, Screen())
    return redirect(address(assessment, Screen()))


@decorators.assessment_required(Role.FACILITATOR)
def plan(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Plan an action for a decision."""
    decision = access.numbered_decision(assessment, number)
    measures = fitting(person(request), decision.topic)
    tapped = next((each for each in measures if each.code == request.POST.get("measure")), None)
    given = {"initial": _with_measure(request, tapped.title, measures)} if tapped else {"data": request.POST or None}
    planned = ActionForm(**given, assessment=assessment, gains=planned_actions.gaining(decision))
    if request.method == "POST" and not tapped and planned.is_valid():
        planned_actions.plan(assessment, member, decision, **planned.cleaned_data)
        warn_of_the_past(request, planned)
        screen = Screen.of(request) if request.GET else Screen(number=decision.number)
        return redirect(address(assessment, screen))
    actions.require(assessment, member, WorkflowAction.PLAN_ACTION)
    shared = decorators.context(assessment, member, decision=decision, form=planned, measures=measures)
    return render(request, "assessments/followup/actions/plan.html", shared)


def _with_measure(request: HttpRequest, title: str, offered: list[Fitting]) -> dict[str, str]:
    """Return what was typed of an action, with the measure that was tapped; nothing is recorded yet."""
    typed = {name: request.POST.get(name, "") for name in ActionForm.Meta.fields}
    return typed | {"text": filled(typed["text"], title, offered)}


@require_safe
@decorators.assessment_required()
def history(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Show who changed what of a decision, and when."""
    decision = access.numbered_decision(assessment, number)
    shared = decorators.context(assessment, member, decision=decision, changes=board.history_of(decision))
    return render(request, "assessments/session/history.html", shared)


@require_safe
@decorators.assessment_required()
def projector(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what the group is at, large, partners in their fixed order."""
    return render(request, "assessments/session/projector.html", screens.projector(request, assessment, member))


# --- pages and their regions


def _page(
    request: HttpRequest, assessment: Assessment, member: MemberRoles, screen: Screen, conflicting=None, conflicts=()
) -> HttpResponse:
    presence.note(assessment, member)
    if wants_fragment(request):
        return region(request, assessment, member, screen, conflicting, conflicts)
    shared = _shown(assessment, member, screen, conflicting, conflicts)
    shared["guides"] = GUIDES[Stage(assessment.stage)] if member.is_facilitator else ()
    shared["facilitators"] = facilitators_of(assessment) if shared["may"]["take_part"] else ()
    response = render(request, "assessments/session/page.html", shared)
    if shared["may"]["take_part"] and PAUSE_TICKETS not in request.COOKIES:
        set_pause_tickets(response, assessment, pause_requests.deal_tickets(assessment, member))
    return response


def region(
    request: HttpRequest,
    assessment: Assessment,
    member: MemberRoles,
    screen: Screen,
    conflicting=None,
    conflicts=(),
    **more,
) -> HttpResponse:
    """Return what changes on a screen."""
    more = {"get": cached_board.put_together, **more}
    return render(
        request,
        "assessments/session/_region.html",
        _shown(assessment, member, screen, conflicting, conflicts, **more),
    )


def _shown(
    assessment: Assessment, member: MemberRoles, screen: Screen, conflicting=None, conflicts=(), get=None, seen=""
) -> dict:
    """Return what a screen shows; `conflicting` is the decision of the conflicts."""
    if screen.everything:
        return screens.matrix(assessment, member, screen, conflicting, conflicts, seen=seen)
    own = None if screen.number is None else access.numbered_decision(assessment, screen.number)
    decision = own or assessment.current_decision
    return screens.decision_context(assessment, member, decision, screen, conflicts, None if conflicts else get, seen)


def after(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the screen that somebody pressed on, as it is now."""
    screen = Screen.of(request)
    if wants_fragment(request):
        return region(request, fresh(assessment), member, screen)
    return redirect(address(assessment, screen))


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("partnership", "live", "current_decision").get(pk=assessment.pk)


def facilitators_of(assessment: Assessment) -> list[str]:
    """Return the names of the facilitators, for anyone who wants one of them to speak for her."""
    memberships = assessment.partnership.memberships.in_force().facilitators().select_related("user").order_by("pk")
    return list(dict.fromkeys(membership.user.get_full_name() for membership in memberships))


def set_pause_tickets(response: HttpResponse, assessment: Assessment, tickets: str) -> None:
    """Put the tickets for a pause on the device, and only there."""
    response.set_cookie(
        PAUSE_TICKETS,
        tickets,
        max_age=pause_requests.CACHED_SECONDS,
        path=f"{assessment.get_absolute_url()}session/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
