"""What people do in the live session, all at one address: logs of addresses then tell nobody's tap from another's."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from assessments import access
from assessments.forms.levels import posted_level
from assessments.models import Assessment, Decision, Moment, SpokenWord
from assessments.services.session import causes, choices, live, pause_requests, private_ballot
from assessments.views import decorators
from assessments.views.session import board as pages
from partnerships.access import MemberRoles
from partnerships.codes import whole
from partnerships.models import Role

LEAD: dict[str, tuple[live.Part, live.Change]] = {
    "timer-start": ("timer", live.start_timer),
    "timer-more": ("timer", live.extend_timer),
    "timer-hold": ("timer", live.hold_timer),
    "timer-resume": ("timer", live.resume_timer),
    "timer-clear": ("timer", live.clear_timer),
    "turn-next": ("turn", live.next_speaker),
    "turn-back": ("turn", live.speaker_before),
    "turn-skip": ("turn", live.skip_speaker),
    "aloud": ("moment", live.ask_aloud),
    "slide-next": ("slide", live.turn_slide(1)),
    "slide-back": ("slide", live.turn_slide(-1)),
}


@require_POST
@decorators.assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def act(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Do one thing, and show what the screen shows then."""
    at = _number(request, "at")
    decision = access.numbered_decision(assessment, at) if at is not None else None
    do = request.POST.get("do", "")
    if do == "pause":
        tickets = pause_requests.ask(assessment, member, request.COOKIES.get(pages.PAUSE_TICKETS, ""))
        return _with_pause_tickets(pages.after(request, assessment, member), assessment, tickets)
    if do.startswith("phase-"):
        live.lead(assessment, member, live.enter(do.removeprefix("phase-")), _seen(request, "phase", at))
    elif do.startswith("moment-"):
        live.move(assessment, member, do.removeprefix("moment-"), _seen(request, "moment", at))
    elif do in LEAD:
        part, change = LEAD[do]
        live.lead(assessment, member, change, _seen(request, part, at))
    elif do == "show":
        choices.show(assessment, member, _seen(request, "moment", at))
    elif do in ("lead", "record"):
        live.take_lead(assessment, member, do == "lead")
    elif do in ON_DECISION and decision:
        ON_DECISION[do](request, assessment, member, decision)
    else:
        raise BadRequest("no such thing to do")
    return pages.after(request, assessment, member)


def _with_pause_tickets(response: HttpResponse, assessment: Assessment, tickets: str) -> HttpResponse:
    pages.set_pause_tickets(response, assessment, tickets)
    return response


def _seen(request: HttpRequest, part: live.Part, at: int | None) -> live.Seen:
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


def _choose(request, assessment, member, decision: Decision) -> None:
    moment, level = request.POST.get("moment", Moment.LEVEL), request.POST.get("level", "")
    if level == "none":
        choices.take_back(assessment, member, decision, moment)
    else:
        choices.choose(assessment, member, decision, moment, _level(request, "pass"))


def _fine(request, assessment, member, decision: Decision) -> None:
    about, seen = _about(request)
    choices.respond(assessment, member, decision, about, None, seen=seen)


def _other(request, assessment, member, decision: Decision) -> None:
    about, seen = _about(request)
    choices.respond(assessment, member, decision, about, _level(request), request.POST.get("words", ""), seen)


def _say(request, assessment, member, decision: Decision) -> None:
    """Say in the open whether one's organisation agrees; `seen` is what the phone showed of it."""
    if (word := request.POST.get("agree")) not in WORDS:
        raise BadRequest("yes, no or pass")
    if (seen := request.POST.get("was", "")) not in ("", *SpokenWord.Word.values):
        raise BadRequest("no such word")
    live.say_word(assessment, member, decision, WORDS[word], seen)


def _word(request, assessment, member, decision: Decision) -> None:
    number, _sign, rest = request.POST.get("word", "").partition(":")
    word, shows, seen = rest.partition(":")
    if not number.isdecimal() or len(number) > 5 or not {word, seen} <= {"", *SpokenWord.Word.values}:
        raise BadRequest("no such word")
    live.record_word(assessment, member, decision, int(number), word, seen if shows else None)


WORDS = {"yes": SpokenWord.Word.YES, "no": SpokenWord.Word.NO, "pass": SpokenWord.Word.PASSES}
BALLOT_ANSWERS = {"yes": True, "no": False, "pass": None}


def _answer_privately(request, assessment, member, decision: Decision) -> None:
    if (answer := request.POST.get("agree")) not in BALLOT_ANSWERS:
        raise BadRequest("yes, no or pass")
    private_ballot.save_answer(assessment, member, decision, BALLOT_ANSWERS[answer])


def _ask(request, assessment, member, decision: Decision) -> None:
    private_ballot.ask(assessment, member, decision)


def _close(request, assessment, member, decision: Decision) -> None:
    private_ballot.close(assessment, member, decision)


def _causes(request, assessment, member, decision: Decision) -> None:
    causes.name(assessment, member, decision, request.POST.getlist("factor"), request.POST.get("named"))


ON_DECISION: dict[str, Callable] = {
    "choose": _choose,
    "fine": _fine,
    "other": _other,
    "word": _word,
    "say": _say,
    "tap": _answer_privately,
    "ask": _ask,
    "close": _close,
    "causes": _causes,
}
