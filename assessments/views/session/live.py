"""What people do in the live session, all at one address: logs of addresses then tell nobody's tap from another's."""

from collections.abc import Callable
from typing import Literal

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessments import access
from assessments.forms.levels import posted_level
from assessments.models import Assessment, Decision, SpokenWord
from assessments.services.session import causes, live, pause_requests, private_ballot
from assessments.views import decorators
from assessments.views.session import board as pages
from partnerships.access import MemberRoles, wants_fragment
from partnerships.codes import whole
from partnerships.models import Role

LEAD: dict[str, Callable] = {
    "timer-start": live.start_timer,
    "timer-more": live.extend_timer,
    "timer-hold": live.hold_timer,
    "timer-resume": live.resume_timer,
    "timer-clear": live.clear_timer,
    "turn-next": live.next_speaker,
    "turn-back": live.speaker_before,
    "turn-skip": live.skip_speaker,
}


@require_POST
@decorators.assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def act(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Do one thing, and show what the screen shows then."""
    at = _number(request, "at")
    found = access.numbered_decision(assessment, at) if at is not None else None
    tickets = None
    do = request.POST.get("do", "")
    if do == "pause":
        tickets = pause_requests.ask(assessment, member, request.COOKIES.get(pages.TICKETS, ""))
    elif do.startswith("phase-"):
        live.lead(assessment, member, live.enter(do.removeprefix("phase-")), _seen(request, "phase", at))
    elif do in LEAD:
        live.lead(assessment, member, LEAD[do], _seen(request, "turn" if do.startswith("turn") else "timer", at))
    elif do in ON_DECISION and found:
        ON_DECISION[do](request, assessment, member, found)
    else:
        raise BadRequest("no such thing to do")
    return _answer(request, assessment, member, found, tickets)


def _answer(request, assessment, member, found: Decision | None, tickets: str | None) -> HttpResponse:
    pinned = request.POST.get("pinned") == "yes"
    if wants_fragment(request):
        response = pages.region_of(request, pages.fresh(assessment), member, found if pinned else None)
    else:
        here = f"{assessment.get_absolute_url()}session/"
        response = redirect(f"{here}{found.number}/#beside" if pinned and found else here)
    if tickets is not None:
        pages.hand_out(response, assessment, tickets)
    return response


def _seen(request: HttpRequest, part: Literal["phase", "turn", "timer"], at: int | None) -> live.Seen:
    return live.Seen(request.POST.get("seen", ""), at, part)


def _about(request: HttpRequest) -> tuple[int, int | None]:
    """Return whose draft an answer is about, and the level that the page showed of it."""
    number, _sign, level = request.POST.get("about", "").partition(":")
    if not number.isdecimal() or len(number) > 5:
        raise BadRequest("about whom?")
    return int(number), posted_level(level, "")


def _number(request: HttpRequest, name: str) -> int | None:
    return whole(request.POST.get(name, ""))


def _level(request: HttpRequest, *missing: str) -> int | None:
    return posted_level(request.POST.get("level", ""), *missing)


def _propose(request, assessment, member, found: Decision) -> None:
    live.propose(assessment, member, found, _level(request, "none"), _number(request, "who"))


def _fine(request, assessment, member, found: Decision) -> None:
    about, seen = _about(request)
    live.respond(assessment, member, found, about, None, number=_number(request, "who"), seen=seen)


def _other(request, assessment, member, found: Decision) -> None:
    about, seen = _about(request)
    words = request.POST.get("words", "")
    live.respond(assessment, member, found, about, _level(request), words, _number(request, "who"), seen)


def _word(request, assessment, member, found: Decision) -> None:
    number, _sign, rest = request.POST.get("word", "").partition(":")
    word, shows, seen = rest.partition(":")
    if not number.isdecimal() or len(number) > 5 or not {word, seen} <= {"", *SpokenWord.Word.values}:
        raise BadRequest("no such word")
    live.record_word(assessment, member, found, int(number), word, seen if shows else None)


TAPS = {"yes": True, "no": False, "pass": None}


def _tap(request, assessment, member, found: Decision) -> None:
    if (said := request.POST.get("agree")) not in TAPS:
        raise BadRequest("yes, no or pass")
    private_ballot.tap(assessment, member, found, TAPS[said])


def _ask(request, assessment, member, found: Decision) -> None:
    private_ballot.ask(assessment, member, found)


def _close(request, assessment, member, found: Decision) -> None:
    private_ballot.close(assessment, member, found)


def _causes(request, assessment, member, found: Decision) -> None:
    causes.name(assessment, member, found, request.POST.getlist("factor"), request.POST.get("named"))


ON_DECISION: dict[str, Callable] = {
    "propose": _propose,
    "fine": _fine,
    "other": _other,
    "word": _word,
    "tap": _tap,
    "ask": _ask,
    "close": _close,
    "causes": _causes,
}
