"""The joint session: decision by decision, recorded by facilitators, followed by everybody on screens of their own."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from assessments import access
from assessments.forms.followup.actions import ActionForm, warn_of_the_past
from assessments.forms.session import board as form
from assessments.guide import ACTION, ACTUAL, AGREEMENT, DESIRED, GUIDES
from assessments.models import Assessment, Decision, Outcome, PrivateBallot, Release, SpokenWord, Stage
from assessments.results import missing_voices
from assessments.services.followup import planned_actions
from assessments.services.safeguards import ground_rules
from assessments.services.session import (
    board,
    cached_board,
    joint,
    live,
    pause_requests,
    presence,
    private_ballot,
    projector_view,
)
from assessments.views import decorators
from assessments.workflow import actions
from partnerships.access import MemberRoles, person, signed_in, wants_fragment
from partnerships.codes import whole
from partnerships.models import Role

STARTED = (Stage.JOINT, Stage.READBACK, Stage.CLOSED)
TICKETS = "pause"  # the cookie with a device's tickets; everybody who takes part gets one
Phase = live.Phase


@require_safe
@decorators.assessment_required()
def session(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the decision that everybody looks at; the screens of those who follow move with it."""
    return _page(request, assessment, member, assessment.current_decision, following=True)


@decorators.assessment_required()
def decision(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Show any decision; facilitators record on it, one answer at a time or the whole page at once."""
    found = access.numbered_decision(assessment, number)
    if request.method != "POST":
        return _page(request, assessment, member, found)
    sent = form.parse_changes(request.POST, board.rows_of(assessment, found), board.outcome_of(found))
    saved = joint.record_decision(assessment, member, found, sent.entries, sent.outcome)
    conflicts = saved.conflicts + sent.waiting
    if wants_fragment(request) or conflicts:
        return _page(request, fresh(assessment), member, found, conflicts=conflicts)
    messages.success(request, _("Saved."))
    return redirect("assessments:session-decision", assessment.code, number)


@require_GET
@signed_in
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Answer a screen that polls: 204 while nothing has changed since `v`, otherwise what it shows now."""
    seen = request.GET.get("v", "")
    if seen and (found := access.glance(person(request), code)):
        presence.note(*found)
        if seen == version_of(found[0], seen):
            return HttpResponse(status=204)
    return _news(request, code=code)


@decorators.assessment_required()
def _news(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    if not request.GET.get("v"):
        presence.note(assessment, member)
    if request.GET.get("screen") == "wall":
        return render(request, "assessments/session/_wall.html", _wall(request, assessment, member))
    number = whole(request.GET.get("number", ""))
    pinned = None if number is None else access.numbered_decision(assessment, number)
    found = pinned or assessment.current_decision
    return _region(
        request,
        assessment,
        member,
        found,
        following=pinned is None,
        get=cached_board.kept,
        seen=request.GET.get("v", ""),
    )


@require_POST
@decorators.assessment_required(Role.FACILITATOR)
def undo(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    found = access.numbered_decision(assessment, number)
    seen = request.POST.get("change", "")
    if not joint.undo(assessment, member, found, int(seen) if seen.isdecimal() and len(seen) < 19 else None):
        messages.warning(request, _("Somebody changed something meanwhile. Look again at what is the last change now."))
    return _back(request, assessment, member, found)


@require_POST
@decorators.assessment_required(Role.FACILITATOR)
def here(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Bring everybody's screen to this decision."""
    found = access.numbered_decision(assessment, number)
    live.go_on(assessment, member, found)
    return _back(request, assessment, member, found)


@decorators.assessment_required(Role.FACILITATOR)
def plan(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Plan an action for a decision."""
    found = access.numbered_decision(assessment, number)
    planned = ActionForm(request.POST or None, assessment=assessment, gains=planned_actions.gaining(found))
    if request.method == "POST" and planned.is_valid():
        planned_actions.plan(assessment, member, found, **planned.cleaned_data)
        warn_of_the_past(request, planned)
        return redirect(f"{_url(assessment, found)}#actions")
    actions.require(assessment, member, "plan_action")
    shared = decorators.context(assessment, member, decision=found, form=planned)
    return render(request, "assessments/followup/actions/plan.html", shared)


@require_safe
@decorators.assessment_required()
def history(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Show who changed what of a decision, and when."""
    found = access.numbered_decision(assessment, number)
    shared = decorators.context(assessment, member, decision=found, changes=board.history_of(found))
    return render(request, "assessments/session/history.html", shared)


@require_safe
@decorators.assessment_required()
def projector(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the current decision large, partners in their fixed order."""
    return render(request, "assessments/session/projector.html", _wall(request, assessment, member))


# --- what the pages show


def version_of(assessment: Assessment, seen: str) -> str:
    """Name what a screen shows: the session's version, and what changes without anybody's doing.

    Those are that the Release is there (it comes once, later), that a pause begins or ends, and who is in the lobby.
    """
    there = assessment.rating_closed_at and ("r" in seen or Release.objects.filter(assessment=assessment).exists())
    pause = "p" if pause_requests.runs(live.row_of(assessment), timezone.now()) else ""
    people = f"-{presence.mark(assessment)}" if live.phase_of(assessment) == Phase.LOBBY else ""
    return f"{assessment.joint_version}{'r' if there else ''}{pause}{people}"


def _page(request, assessment, member, found: Decision | None, following=False, conflicts=()) -> HttpResponse:
    presence.note(assessment, member)
    if wants_fragment(request):
        return _region(request, assessment, member, found, conflicts, following=following)
    shared = _shown(assessment, member, found, following, conflicts)
    shared["guides"] = GUIDES[Stage(assessment.stage)] if member.is_facilitator else ()
    shared["facilitators"] = facilitators_of(assessment) if shared["may"]["take_part"] else ()
    response = render(request, "assessments/session/page.html", shared)
    if shared["may"]["take_part"] and TICKETS not in request.COOKIES:
        hand_out(response, assessment, pause_requests.deal(assessment, member))
    return response


def facilitators_of(assessment: Assessment) -> list[str]:
    """Return the names of the facilitators, for whoever wants one of them to speak for her."""
    memberships = assessment.partnership.memberships.in_force().facilitators().select_related("user").order_by("pk")
    return list(dict.fromkeys(membership.user.get_full_name() for membership in memberships))


def hand_out(response: HttpResponse, assessment: Assessment, tickets: str) -> None:
    """Put the tickets on the device, and only there."""
    response.set_cookie(
        TICKETS,
        tickets,
        max_age=pause_requests.CACHED_SECONDS,
        path=f"{assessment.get_absolute_url()}session/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def region_of(
    request: HttpRequest, assessment: Assessment, member: MemberRoles, found: Decision | None
) -> HttpResponse:
    """Show a screen's region anew: a decision that somebody opened herself, or what everybody looks at."""
    return _region(request, assessment, member, found or assessment.current_decision, following=found is None)


def _region(request, assessment, member, found: Decision | None, conflicts=(), get=cached_board.put_together, **more):
    shown = _shown(assessment, member, found, conflicts=conflicts, get=None if conflicts else get, **more)
    return render(request, "assessments/session/_region.html", shown)


def _shown(
    assessment: Assessment,
    member: MemberRoles,
    found: Decision | None,
    following=False,
    conflicts=(),
    get=None,
    seen="",
) -> dict:
    """Return what a screen shows; `get` brings what is the same on all of them, where it need not be read anew."""
    shared = decorators.context(assessment, member, following=following, version=version_of(assessment, seen))
    if assessment.stage not in STARTED or found is None:
        return shared | {"decision": None}
    shared |= room_of(assessment)
    if following and shared["phase"] != Phase.DECISIONS:
        return shared | {"decision": None, **_before_decisions(assessment, shared["phase"])}
    alike = get(assessment, found) if get else cached_board.common_of(assessment, found, conflicts)
    places, table = alike.places, alike.board
    at = next(place for place, each in enumerate(places) if each.number == found.number)
    shared |= _live(assessment, member, found, alike)
    return shared | {
        "decision": found,
        "board": table,
        **(last_change(found) if shared["may"]["record"] else {}),
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


def room_of(assessment: Assessment) -> dict:
    """Return what every screen shows of the live session: the phase with its clock, and a pause while it runs."""
    row = live.row_of(assessment)
    pause = row.pause_until if pause_requests.runs(row, timezone.now()) and assessment.stage == Stage.JOINT else None
    return {
        "phase": live.phase_of(assessment),
        "live_mark": live.mark(row),
        "phase_clock": live.clock_to(row.phase_ends_at),
        "pause": live.clock_to(pause),
    }


def _before_decisions(assessment: Assessment, phase: str) -> dict:
    """Return what the phases before the first decision show."""
    if phase == Phase.LOBBY:
        room = presence.room(assessment, list(assessment.participants.in_order()))
        return {"room": room, "absent_groups": missing_voices.absent(assessment)}
    if phase == Phase.AGREEMENT:
        return {"agreement": ground_rules.agreement_of(assessment)}
    if phase == Phase.PRACTICE:
        return {"ladder": board.CHOICES[:5]}
    if phase == Phase.SILENCE:
        return {"has_picture": board.release_of(assessment) is not None}
    return {}


def _live(assessment: Assessment, member: MemberRoles, found: Decision, alike: cached_board.Common) -> dict:
    """Return what surrounds a decision while the session runs: clock, speakers, drafts, questions, causes."""
    shown = {"causes": alike.causes, "last_time": alike.last_time}
    if assessment.stage != Stage.JOINT:
        return shown
    rows, membership = alike.board.rows, member.represents
    own = next((row for row in rows if membership and row.partner.partner_id == membership.partner_id), None)
    asked = PrivateBallot.objects.filter(decision=found).first()
    return shown | {
        "timer": live.clock_of(live.row_of(assessment)),
        "speakers": alike.speakers,
        "speaks": next((each.partner for each in alike.speakers if each.state == "speaks"), None),
        "own": own,
        "others_drafts": [row for row in rows if row.draft and row is not own],
        "asked": asked,
        "answered_privately": private_ballot.has_answered(asked, member),
        "aloud": alike.aloud,
        "spoken": SpokenWord.Word.choices,
        "script": script_for(alike.board) if member.is_facilitator else (),
    }


def last_change(found: Decision) -> dict:
    """Say whose and what the last change is, so that nobody undoes in the dark."""
    last = joint.last_change(found)
    if last is None:
        return {}
    about = last.participant.name if last.participant else _("Do we agree?")
    return {"last": last.pk, "last_words": f"{about} · {last.by.get_full_name()}" if last.by else about}


def script_for(table: board.Board) -> list:
    """Return what facilitators say now: about the level, the agreement, or what follows a “no”."""
    if table.outcome.agree is False:
        return [DESIRED, ACTION]
    return [AGREEMENT] if all(row.choice for row in table.rows) else [ACTUAL]


def _action_form(assessment: Assessment, found: Decision, table: board.Board, may_plan: bool) -> ActionForm | None:
    if not may_plan or table.outcome.agree is not False:
        return None
    gains = {row.partner.pk for row in table.rows if joint.gains(row.values)}
    return ActionForm(assessment=assessment, gains=gains, partners=[row.partner for row in table.rows])


def _wall(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> dict:
    shared = decorators.context(
        assessment, member, version=version_of(assessment, ""), decision=None, levels=board.CHOICES[:5]
    )
    found = assessment.current_decision if assessment.stage in STARTED else None
    if found is None:
        return shared
    shared |= room_of(assessment)
    if shared["phase"] != Phase.DECISIONS:
        return shared | _before_decisions(assessment, shared["phase"])
    pinned = whole(request.GET.get("page", ""))
    return shared | {"decision": found, "pinned": pinned} | projector_view.wall_of(assessment, found, pinned)


# --- where they lead


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("partnership", "live").get(pk=assessment.pk)


def _url(assessment: Assessment, found: Decision) -> str:
    return f"{assessment.get_absolute_url()}session/{found.number}/"


def _back(request: HttpRequest, assessment: Assessment, member: MemberRoles, found: Decision) -> HttpResponse:
    if wants_fragment(request):
        return _region(request, fresh(assessment), member, found)
    return redirect(_url(assessment, found))
