"""What the screens of a session show: the facilitators', a phone's card, the projector's, and a page to look back."""

from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assessments import disclosure, measures
from assessments.forms.followup.actions import ActionForm
from assessments.forms.session import board as form
from assessments.guide import ACTION, ACTUAL, AGREEMENT, DESIRED, Guide
from assessments.models import Assessment, Decision, Moment, Outcome, PrivateBallot, Release, SpokenWord, Stage, limits
from assessments.results import missing_voices
from assessments.sentences.moments import SAY_NOW
from assessments.services.safeguards import ground_rules
from assessments.services.session import (
    board,
    cached_board,
    choices,
    joint,
    live,
    pause_requests,
    picture,
    presence,
    private_ballot,
    projector_view,
)
from assessments.views import decorators
from assessments.workflow import guards
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.codes import whole

STARTED = (Stage.JOINT, Stage.FINAL_REVIEW, Stage.CLOSED)
Phase = live.Phase
GUIDE_NOW: dict[str, Guide] = {
    Moment.TALK: ACTUAL,
    Moment.LEVEL: ACTUAL,
    Moment.AGREE: AGREEMENT,
    Moment.WANT: DESIRED,
    Moment.DO: ACTION,
}


MATRIX = (Moment.LEVEL.value, Moment.AGREE.value, Moment.WANT.value, Moment.DO.value)
AFTER_NO = (Moment.WANT.value, Moment.DO.value)


@dataclass(frozen=True)
class Screen:
    """What a screen looks at: what everyone does, a card of that, a decision or moment of its own, or all at once."""

    number: int | None = None
    card: bool = False
    everything: bool = False
    moment: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Screen":
        """Read it from an address, which each of the screen's forms and questions repeats."""
        kind, moment = request.GET.get("screen", ""), request.GET.get("moment", "")
        number = whole(request.GET.get("number", ""))
        return cls(number, kind == "card", kind == "all", moment if moment in Moment.values else "")

    @property
    def following(self) -> bool:
        return self.number is None and not self.everything

    @property
    def asks(self) -> str:
        """Return the screen as the query of an address."""
        kind = "all" if self.everything else "card" if self.card else ""
        values = {"screen": kind, "number": self.number, "moment": self.moment}
        return urlencode({name: value for name, value in values.items() if value})


# --- the version of what a screen shows


def version_of(assessment: Assessment, seen: str) -> str:
    """Name what a screen shows: the session's version, and what changes without anyone's doing.

    Those are that the Release is there (it comes once, later), that a pause begins or ends, who is here while that
    is shown, and that two minutes are over.
    """
    there = assessment.rating_closed_at and ("r" in seen or Release.objects.filter(assessment=assessment).exists())
    row, phase = live.row_of(assessment), live.phase_of(assessment)
    pause = "p" if pause_requests.runs(row, timezone.now()) else ""
    chooses = phase == Phase.DECISIONS and row.moment in choices.CHOOSING and not row.shown
    waited = "u" if chooses and choices.over(row) else ""
    counts = assessment.stage == Stage.JOINT and (phase == Phase.LOBBY or chooses)
    people = f"-{presence.mark(assessment)}" if counts else ""
    return f"{assessment.joint_version}{'r' if there else ''}{pause}{waited}{people}"


# --- a screen of one decision


def decision_context(
    assessment: Assessment,
    member: MemberRoles,
    decision: Decision | None,
    screen: Screen,
    conflicts=(),
    get=None,
    seen="",
) -> dict:
    """Return what a screen shows; `get` brings what is the same on all of them, where it need not be read anew."""
    shared = decorators.context(
        assessment, member, following=screen.following, version=version_of(assessment, seen), asks=screen.asks
    )
    shared["act_url"] = _act_url(assessment, screen)
    if assessment.stage not in STARTED or decision is None:
        return shared | {"decision": None, "screen": "read"}
    shared |= room_of(assessment) | _leading(assessment, member, screen)
    if screen.following and shared["phase"] != Phase.DECISIONS:
        return shared | {"decision": None, **before_decisions(assessment, shared["phase"])}
    alike = get(assessment, decision) if get else cached_board.common_of(assessment, decision, conflicts)
    shared |= _decision(assessment, decision, alike, shared["recording"])
    shared |= _live(assessment, member, decision, alike)
    shared["moment"] = _moment(assessment, screen, alike)
    shared["moment_label"] = Moment(shared["moment"]).label
    return shared | _addresses(assessment, decision, screen) | _of_moment(assessment, member, decision, alike, shared)


def _addresses(assessment: Assessment, decision: Decision, screen: Screen) -> dict:
    """Return where the forms of a decision lead; each says which screen it stands on."""
    asks = screen.asks or "follow=yes"
    about = [assessment.code, decision.number]
    return {
        "record_url": f"{reverse('assessments:session-decision', args=about)}?{asks}",
        "plan_url": f"{reverse('assessments:session-plan', args=about)}?{asks}",
    }


def _act_url(assessment: Assessment, screen: Screen) -> str:
    url = reverse("assessments:session-live", args=[assessment.code])
    return f"{url}?{screen.asks}" if screen.asks else url


def _leading(assessment: Assessment, member: MemberRoles, screen: Screen) -> dict:
    """Return which kind of screen it is, and who leads."""
    may_record = decorators.actions.may(assessment, member, WorkflowAction.RECORD)
    row = live.row_of(assessment)
    leader = live.leader_of(row)
    records = may_record and not screen.card
    kind = "lead" if records else "card" if screen.following and assessment.stage == Stage.JOINT else "read"
    return {
        "screen": kind,
        "recording": records,
        "leader": leader,
        "is_leader": leader is not None and leader in member.memberships,
        "leads": records and (leader is None or leader in member.memberships),
    }


def _decision(assessment: Assessment, decision: Decision, alike: cached_board.Common, recording: bool) -> dict:
    """Return a decision whole, with where it stands in the order of the agenda."""
    by_number = {place.number: place for place in alike.places}
    order = [by_number[number] for number in alike.order]
    at = next(place for place, each in enumerate(order) if each.number == decision.number)
    return {
        "decision": decision,
        "board": alike.board,
        "limits": limits,
        **(last_change(decision) if recording else {}),
        "places": alike.places,
        "before": order[at - 1] if at else None,
        "after": order[at + 1] if at + 1 < len(order) else None,
        "current": assessment.current_decision,
        "is_current": assessment.current_decision_id == decision.pk,
        "choices": board.CHOICES,
        "levels": board.CHOICES[:5],
        "routes": Outcome.Route.choices,
        "review_on": alike.board.outcome.review_on or form.in_three_months(),
        "causes": alike.causes,
        "last_time": alike.last_time,
    }


def _moment(assessment: Assessment, screen: Screen, alike: cached_board.Common) -> str:
    """Return the moment of a screen: the group's, or on a page of one's own the one that was opened."""
    if screen.following:
        return live.row_of(assessment).moment
    return screen.moment or str(Moment.DO if alike.board.outcome.agree is False else Moment.LEVEL)


def _live(assessment: Assessment, member: MemberRoles, decision: Decision, alike: cached_board.Common) -> dict:
    """Return what surrounds a decision while the session runs: clock, speakers, one's own organisation."""
    if assessment.stage != Stage.JOINT:
        return {}
    rows, membership = alike.board.rows, member.represents
    speaks = next((each.partner for each in alike.speakers if each.state == "speaks"), None)
    own = next((row for row in rows if membership and row.partner.partner_id == membership.partner_id), None)
    return {
        "timer": live.clock_of(live.row_of(assessment)),
        "speakers": alike.speakers,
        "speaks": speaks,
        "own": own,
        "own_wait": _before(alike.speakers, own),
    }


def _before(speakers: list[live.Speaker], own: board.Row | None) -> int:
    """Return how many speak before one's own organisation, which has not spoken yet; otherwise 0."""
    coming = [each.partner for each in speakers if each.state != "spoke"]
    return coming.index(own.partner) if own and own.partner in coming else 0


def _of_moment(assessment: Assessment, member: MemberRoles, decision: Decision, alike, shared: dict) -> dict:
    """Return what one moment needs besides."""
    moment, recording = shared["moment"], shared["recording"]
    more: dict = {"moments": Moment.choices, "seen_moment": live.row_of(assessment).moment}
    if assessment.stage != Stage.JOINT or shared["screen"] == "read":
        return more | _agreeing(assessment, member, decision, alike)
    if recording:
        more |= {"say_now": SAY_NOW[moment], "guide_now": GUIDE_NOW[moment]}
    if moment in choices.CHOOSING and shared["following"] and shared["is_current"]:
        more |= _choosing(assessment, decision, moment, shared)
    if moment == Moment.TALK:
        more["declared_facts"] = cached_board.facts_of(assessment, decision)
    if moment == Moment.AGREE:
        more |= _agreeing(assessment, member, decision, alike)
    if moment == Moment.DO and recording:
        more["action_form"] = _action_form(assessment, alike.board)
        more["measures"] = measures.fitting(member.any.user, decision.topic)
    return more


def _choosing(assessment: Assessment, decision: Decision, moment: str, shared: dict) -> dict:
    """Return how far all have chosen, and what one's own organisation chose."""
    row, own = live.row_of(assessment), shared.get("own")
    more: dict = {"all_shown": row.shown, "chooses": True}
    if shared["recording"] and not row.shown:
        more["progress"] = choices.progress(assessment, decision)
    if own and not shared["recording"]:
        more["own_choice"] = choices.own_choice(decision, moment, own.partner)
        more["others_drafts"] = [
            each
            for each in shared["board"].rows
            if each.draft and each.draft.choice and each.choice == "" and each is not own
        ]
    return more


def _agreeing(assessment: Assessment, member: MemberRoles, decision: Decision, alike: cached_board.Common) -> dict:
    """Return how “do we agree?” is asked, and what was said."""
    if assessment.stage != Stage.JOINT:
        return {}
    asked = PrivateBallot.objects.filter(decision=decision).first()
    return {
        "asked": asked,
        "answered_privately": private_ballot.has_answered(asked, member),
        "aloud": alike.aloud,
        "spoken": SpokenWord.Word.choices,
        "openly": live.asked_openly(assessment, decision, len(alike.board.rows)),
        "few": len(alike.board.rows) < disclosure.SMALLEST_GROUP,
        "settled": _verdict(asked, alike.board),
        "own_word": _own_word(alike.aloud, member),
    }


def _verdict(asked: PrivateBallot | None, table: board.Board) -> str | None:
    """Return the one private verdict of a decision, as `guards.private_verdict`, from what the screen has read."""
    answer = guards.BALLOT_SAYS.get(asked.result) if asked else None
    return answer or (table.release.agreement if table.release else None)


def _own_word(aloud: live.Aloud | None, member: MemberRoles) -> str:
    membership = member.represents
    if aloud is None or membership is None:
        return ""
    return next((each.word for each in aloud.words if each.partner.partner_id == membership.partner_id), "")


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


def before_decisions(assessment: Assessment, phase: str) -> dict:
    """Return what the phases before the first decision show."""
    if phase == Phase.LOBBY:
        room = presence.room(assessment, list(assessment.participants.in_order()))
        return {"room": room, "absent_groups": missing_voices.absent(assessment)}
    if phase == Phase.GROUND_RULES:
        return {"ground_rules": ground_rules.ground_rules_of(assessment)}
    if phase == Phase.PRACTICE:
        return {"ladder": board.CHOICES[:5], "levels": board.CHOICES[:5]}
    if phase == Phase.SILENCE:
        return {
            "has_picture": board.release_of(assessment) is not None,
            "picture": picture.slide_of(assessment, live.row_of(assessment).slide),
        }
    return {}


def last_change(decision: Decision) -> dict:
    """Say whose and what the last change is, so that nobody undoes in the dark."""
    last = joint.last_change(decision)
    if last is None:
        return {}
    about = last.participant.name if last.participant else _("Do we agree?")
    return {"last": last.pk, "last_words": f"{about} · {last.by.get_full_name()}" if last.by else about}


def _action_form(assessment: Assessment, table: board.Board) -> ActionForm:
    gains = {row.partner.pk for row in table.rows if joint.gains(row.values)}
    return ActionForm(assessment=assessment, gains=gains, partners=[row.partner for row in table.rows])


# --- all decisions at once


def matrix(
    assessment: Assessment,
    member: MemberRoles,
    screen: Screen,
    conflicting: Decision | None = None,
    conflicts=(),
    seen="",
) -> dict:
    """Return the levels, answers, wishes or plans of all decisions, as one table; `conflicting` has the conflicts."""
    shared = decorators.context(assessment, member, following=False, version=version_of(assessment, seen))
    moment = screen.moment if screen.moment in MATRIX else Moment.LEVEL.value
    boards = board.boards(assessment, conflicting, conflicts)
    verdicts = guards.private_verdicts(assessment.pk)
    for each in boards:
        each.verdict = verdicts.get(each.decision.number or 0)
    return shared | {
        "screen": "all",
        "asks": screen.asks,
        "act_url": _act_url(assessment, screen),
        "moment": moment,
        "moments": [(value, label) for value, label in Moment.choices if value in MATRIX],
        "decision": None,
        "recording": shared["may"]["record"] and assessment.stage == Stage.JOINT,
        "choices": board.CHOICES,
        "levels": board.CHOICES[:5],
        "spoken": SpokenWord.Word.choices,
        "partners": list(assessment.participants.in_order()),
        "boards": [each for each in boards if each.outcome.agree is False] if moment in AFTER_NO else boards,
    }


# --- the projector


class SessionAddress:
    """Where people find the session on their phones: its address, and a picture of it."""

    def __init__(self, assessment: Assessment) -> None:
        self.address = settings.BASE_URL + reverse("assessments:session", args=[assessment.code])

    @cached_property
    def without_scheme(self) -> str:
        return self.address.split("://", 1)[1]

    @cached_property
    def qr(self) -> str:
        return segno.make(self.address, error="m").svg_data_uri(scale=4, border=2, light="#fff")


def projector(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> dict:
    """Return what the projector shows."""
    shared = decorators.context(
        assessment, member, version=version_of(assessment, ""), decision=None, levels=board.CHOICES[:5]
    )
    shared["place"] = SessionAddress(assessment)
    pinned = whole(request.GET.get("page", ""))
    if facts := projector_view.facts_of(assessment, pinned):
        return shared | {"pinned": pinned} | facts
    decision = assessment.current_decision if assessment.stage in STARTED else None
    if decision is None:
        return shared
    shared |= room_of(assessment)
    if shared["phase"] != Phase.DECISIONS:
        return shared | before_decisions(assessment, shared["phase"])
    return (
        shared | {"decision": decision, "pinned": pinned} | projector_view.decision_page(assessment, decision, pinned)
    )
