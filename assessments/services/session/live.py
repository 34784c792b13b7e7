"""The live session: where the group stands, who leads, its clocks, who speaks, and what is said aloud.

Facilitators lead. All of it is open to the members. What is said aloud is the answer to “do we agree?” (`joint`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assessments import disclosure
from assessments.models import (
    Action,
    AgreedLevel,
    Assessment,
    Decision,
    Funder,
    LiveSession,
    Moment,
    Participant,
    Proposal,
    SpokenWord,
    Stage,
)
from assessments.services.session import joint
from assessments.workflow import actions, guards
from assessments.workflow.actions import lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import Kind, Membership, Role, Side
from partnerships.services import Refused

Phase = LiveSession.Phase
Change = Callable[[LiveSession], None]
Part = Literal["phase", "turn", "timer", "moment", "slide"]
PARTS: tuple[Part, ...] = ("phase", "turn", "timer", "moment", "slide")
LEADERS_OWN = ("phase", "moment")  # what only the facilitator who leads moves
LAST_SLIDE = 3
TALK, MORE = timedelta(minutes=10), timedelta(minutes=5)
LASTS = {Phase.PRACTICE: timedelta(minutes=5), Phase.SILENCE: timedelta(minutes=1)}


# --- where the group stands


def row_of(assessment: Assessment) -> LiveSession:
    """Return where a session stands; one that never met in the lobby stands at its decisions."""
    row = getattr(assessment, "live", None)
    return row or LiveSession(assessment=assessment, phase=Phase.DECISIONS)


def phase_of(assessment: Assessment) -> str:
    return row_of(assessment).phase if assessment.stage == Stage.JOINT else Phase.DECISIONS


def gather(assessment: Assessment) -> None:
    """Open the lobby, when a session begins for the first time."""
    LiveSession.objects.get_or_create(assessment=assessment)


@transaction.atomic
def lead(assessment: Assessment, member: MemberRoles, change: Change, seen: "Seen | None" = None) -> None:
    """Let a facilitator change where the group stands; all screens follow.

    What two of them press at once is done once: where the page of the second is out of date, nothing changes.
    """
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    row = row_of(locked)
    if seen and seen.part in LEADERS_OWN:
        require_lead(row, member)
    if seen and not seen.stands(locked, row):
        return
    settle(row, timezone.now())
    change(row)
    row.save()
    show_anew(locked)


def mark(row: LiveSession) -> str:
    """Name how phase, turn, clock, moment and picture stand, for a page that later says what it showed."""
    clock = str(int(row.timer_ends_at.timestamp())) if row.timer_ends_at else str(row.timer_left or "")
    moment = f"{row.moment}-{'shown' if row.shown else ''}{'aloud' if row.asks_aloud else ''}"
    return ":".join([row.phase, f"{row.turn}-{len(row.skipped)}", clock, moment, str(row.slide)])


@dataclass(frozen=True)
class Seen:
    """What a page showed: its mark, the decision's number, and which part of the mark matters now."""

    mark: str
    at: int | None
    part: Part

    def stands(self, assessment: Assessment, row: LiveSession) -> bool:
        place = PARTS.index(self.part)
        shown, stands = self.mark.split(":"), mark(row).split(":")
        if len(shown) == len(stands) and shown[place] != stands[place]:
            return False
        now = assessment.current_decision
        return self.part == "phase" or self.at is None or now is None or now.number == self.at


# --- who leads


def leader_of(row: LiveSession) -> Membership | None:
    """Return the membership that leads; None while each facilitator may."""
    if row.leader_id is None:
        return None
    return Membership.objects.in_force().filter(pk=row.leader_id).select_related("user").first()


def leads(row: LiveSession, member: MemberRoles) -> bool:
    leader = leader_of(row)
    return leader is None or leader in member.memberships


def require_lead(row: LiveSession, member: MemberRoles) -> None:
    """Refuse to move everyone's screen while another facilitator leads."""
    leader = leader_of(row)
    if leader is not None and leader not in member.memberships:
        template = _("%(name)s leads the session. To lead it yourself, press “Lead the session” first.")
        raise Refused(template % {"name": leader.user.get_full_name()})


@transaction.atomic
def take_lead(assessment: Assessment, member: MemberRoles, lead: bool) -> None:
    """Let a facilitator lead alone, or leave it to each of them again."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    row, own = row_of(locked), member.membership(Role.FACILITATOR)
    if not lead and row.leader_id is not None and not leads(row, member):
        return
    row.leader = own if lead else None
    row.save()
    show_anew(locked)


def show_anew(assessment: Assessment) -> None:
    """Let the screens catch up; no level has changed."""
    Assessment.objects.filter(pk=assessment.pk).update(joint_version=F("joint_version") + 1)


def enter(phase: str) -> Change:
    """Return the change that brings everyone to a phase and starts its clock; a decision begins with its talk."""
    if phase not in Phase.values:
        raise BadRequest("no such phase")

    def change(row: LiveSession) -> None:
        row.phase = phase
        row.phase_ends_at = timezone.now() + LASTS[Phase(phase)] if phase in LASTS else None
        row.slide = 0
        enter_moment(row, Moment.TALK)

    return change


# --- the moments of a decision


def enter_moment(row: LiveSession, moment: str) -> None:
    """Begin a moment of the current decision; choices that were shown in it before stay open."""
    row.moment, row.moment_at, row.asks_aloud = moment, timezone.now(), False
    at = row.assessment.current_decision_id
    row.shown = Proposal.objects.filter(decision=at, moment=moment, shown=True).exists()


@transaction.atomic
def move(assessment: Assessment, member: MemberRoles, moment: str, seen: "Seen | None" = None) -> None:
    """Move everyone to a moment of the current decision, unless a private question is open."""
    if moment not in Moment.values:
        raise BadRequest("no such moment")
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    at, row = locked.current_decision, row_of(locked)
    if at is not None and row.moment != moment and (obstacle := guards.still_asked(at)):
        raise Refused(obstacle)
    lead(locked, member, lambda row: enter_moment(row, moment) if row.moment != moment else None, seen)


def ask_aloud(row: LiveSession) -> None:
    """Let phones answer “do we agree?” in the open."""
    if row.moment == Moment.AGREE:
        row.asks_aloud = True


def turn_slide(by: int) -> Change:
    """Return the change that shows the next picture, or the one before."""

    def change(row: LiveSession) -> None:
        row.slide = min(max(0, row.slide + by), LAST_SLIDE)

    return change


# --- the clock of a decision


def start_timer(row: LiveSession) -> None:
    row.timer_ends_at, row.timer_left = timezone.now() + TALK, None


def extend_timer(row: LiveSession) -> None:
    if row.timer_left is not None:
        row.timer_left += int(MORE.total_seconds())
    else:
        now = timezone.now()
        row.timer_ends_at = max(row.timer_ends_at or now, now) + MORE


def hold_timer(row: LiveSession) -> None:
    if row.timer_ends_at:
        row.timer_left = seconds_to(row.timer_ends_at)
        row.timer_ends_at = None


def resume_timer(row: LiveSession) -> None:
    if row.timer_left is not None:
        row.timer_ends_at, row.timer_left = timezone.now() + timedelta(seconds=row.timer_left), None


def clear_timer(row: LiveSession) -> None:
    row.timer_ends_at = row.timer_left = None


def ends_of(row: LiveSession, now: datetime) -> datetime | None:
    """Return when the decision's clock ends: it waits for a pause, from the moment that this begins."""
    ends, begins, over = row.timer_ends_at, row.pause_from, row.pause_until
    if ends is None or begins is None or over is None or row.pause_counted or not begins <= now or ends <= begins:
        return ends
    return ends + (over - begins)


def settle(row: LiveSession, now: datetime) -> None:
    """Let the clock have waited for a pause that has begun, once; before that nothing shows that one was asked for."""
    row.timer_ends_at = ends_of(row, now)
    row.pause_counted = row.pause_counted or (row.pause_from is not None and row.pause_from <= now)


def seconds_to(at: datetime) -> int:
    return max(0, round((at - timezone.now()).total_seconds()))


@dataclass(frozen=True)
class Clock:
    """A clock as a page shows it: seconds left now, and until when (a name that changes when it is set anew)."""

    left: int
    ends: str = ""  # empty: it stands still

    @property
    def minutes_and_seconds(self) -> str:
        return f"{self.left // 60}:{self.left % 60:02}"

    @property
    def minutes(self) -> int:
        return -(-self.left // 60)


def clock_to(at: datetime | None) -> Clock | None:
    return Clock(seconds_to(at), str(int(at.timestamp()))) if at else None


def clock_of(row: LiveSession) -> Clock | None:
    """Return the decision's clock, running or standing still; None where none was started."""
    return Clock(row.timer_left) if row.timer_left is not None else clock_to(ends_of(row, timezone.now()))


# --- who speaks: the South first, whoever gives money last, the others between; each group begins one further each time


@dataclass(frozen=True)
class Speaker:
    """One organisation in the order of speaking."""

    partner: Participant
    state: str  # spoke, speaks, waits


def speaking_order(
    participants: Iterable[Participant], number: int, funders: set[int], skipped: Sequence[int] = ()
) -> list[Participant]:
    """Return who speaks after whom on a decision; who was skipped comes after the others, before who gives money."""
    every = list(participants)
    last = [each for each in every if each.partner_id in funders]
    rest = [each for each in every if each.partner_id not in funders]
    south = _turned([each for each in rest if each.side == Side.SOUTH], number)
    others = _turned([each for each in rest if each.side != Side.SOUTH], number)
    asked = [*south, *others]
    later = sorted((each for each in asked if each.number in skipped), key=lambda each: skipped.index(each.number))
    return [*(each for each in asked if each.number not in skipped), *later, *_turned(last, number)]


def _turned(group: list[Participant], number: int) -> list[Participant]:
    at = (number - 1) % len(group) if group else 0
    return group[at:] + group[:at]


def funders_of(assessment: Assessment, participants: Iterable[Participant]) -> set[int]:
    """Return the partners that give money here as declared; where nobody declared, the donors."""
    declared = set(Funder.objects.filter(assessment=assessment).values_list("partner_id", flat=True))
    return declared or {each.partner_id for each in participants if each.kind == Kind.DONOR}


def speakers(
    assessment: Assessment, decision: Decision, participants: Sequence[Participant], row: LiveSession | None = None
) -> list[Speaker]:
    """Return the order of speaking on a decision; whose turn it is, where everybody is at it."""
    row, here = row or row_of(assessment), assessment.current_decision_id == decision.pk
    skipped = row.skipped if here else []
    order = speaking_order(participants, decision.number or 1, funders_of(assessment, participants), skipped)
    turn = row.turn if here else 0
    return [
        Speaker(each, "spoke" if place < turn else "speaks" if place == turn else "waits")
        for place, each in enumerate(order)
    ]


def next_speaker(row: LiveSession) -> None:
    row.turn += 1


def speaker_before(row: LiveSession) -> None:
    row.turn = max(0, row.turn - 1)


def skip_speaker(row: LiveSession) -> None:
    """Let the one whose turn it is speak later; who speaks last anyway is passed over."""
    assessment = row.assessment
    decision = assessment.current_decision
    if decision is None:
        return
    order = speakers(assessment, decision, list(assessment.participants.in_order()), row)
    now = next((each.partner for each in order if each.state == "speaks"), None)
    after = [each.partner.number for each in order if each.state == "waits"]
    last = funders_of(assessment, [each.partner for each in order])
    if now is None or now.partner_id in last or now.number in row.skipped or not after:
        row.turn += 1
    else:
        row.skipped = [*row.skipped, now.number]


# --- for whom a person speaks


def speaks_for(assessment: Assessment, member: MemberRoles, number: int | None = None) -> Participant:
    """Return for whom a person speaks: her organisation; facilitators may enter it for any (by its number)."""
    everyone = assessment.participants.all()
    membership = member.represents
    if number is not None and member.is_facilitator:
        participant = everyone.filter(number=number).first()
    else:
        participant = everyone.filter(partner=membership.partner_id).first() if membership else None
    if participant is None:
        raise PermissionDenied
    return participant


# --- what happened last time


@dataclass(frozen=True)
class LastTime:
    """What the assessment before found on the same decision, and what was planned."""

    wording: str
    levels: list[AgreedLevel]
    actions: list[Action]


def last_time(decision: Decision) -> LastTime | None:
    """Return the levels and plans of a decision's predecessor, in three statements; None where there is none."""
    if decision.predecessor_id is None:
        return None
    before = Decision.objects.get(pk=decision.predecessor_id)
    levels = before.agreed_levels.filter(actual__isnull=False).select_related("participant")
    return LastTime(
        before.wording_for_reader,
        list(levels.order_by("participant__number")),
        list(before.actions.select_related("owner")),
    )


# --- do we agree, asked aloud


@dataclass(frozen=True)
class SpokenAnswer:
    """What one organisation said aloud; empty where it was not asked yet."""

    partner: Participant
    word: str

    @property
    def label(self) -> str | Promise:
        return SpokenWord.Word(self.word).label if self.word else ""


@dataclass(frozen=True)
class Aloud:
    """The round of words on one decision. It is over when each organisation's word is there, absence included."""

    words: list[SpokenAnswer]

    @property
    def begun(self) -> bool:
        return any(each.word for each in self.words)

    @property
    def missing(self) -> list[Participant]:
        return [each.partner for each in self.words if not each.word]

    @property
    def open(self) -> bool:
        return self.begun and bool(self.missing)

    @property
    def result(self) -> str:
        """Return “no” as soon as one says so, “yes” once all have spoken and somebody said yes, otherwise nothing."""
        spoken = {each.word for each in self.words}
        if SpokenWord.Word.NO in spoken:
            return "no"
        return "yes" if not self.missing and SpokenWord.Word.YES in spoken else ""

    @property
    def agree(self) -> bool | None:
        """Return the answer of the group, as far as there is one."""
        return {"yes": True, "no": False}.get(self.result)


def aloud(decision: Decision, participants: Iterable[Participant]) -> Aloud:
    """Return what each organisation said, in one statement."""
    word_by_partner = dict(decision.spoken_words.values_list("participant_id", "word"))
    return Aloud([SpokenAnswer(each, word_by_partner.get(each.pk, "")) for each in participants])


@transaction.atomic
def record_word(
    assessment: Assessment, member: MemberRoles, decision: Decision, number: int, word: str, seen: str | None = None
) -> None:
    """Record what an organisation said aloud, or that it is not here; an empty word takes it back.

    Where another word stands than the one that was `seen`, it is not overwritten.
    """
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    _keep_word(locked, member, decision, speaks_for(locked, member, number), word, seen)


@transaction.atomic
def say_word(
    assessment: Assessment, member: MemberRoles, decision: Decision, word: str, seen: str | None = None
) -> None:
    """Say on one's own phone, in the open, whether one's organisation agrees, while the group asks for it."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.TAKE_PART)
    if not asked_openly(locked, decision, locked.participants.count()):
        raise Refused(_("The group is not answering this question now, so your answer was not saved."))
    _keep_word(locked, member, decision, speaks_for(locked, member), word, seen)


def asked_openly(assessment: Assessment, decision: Decision, organisations: int) -> bool:
    """Say whether phones answer in the open now: always in small groups, otherwise when a facilitator asks aloud."""
    row = row_of(assessment)
    here = assessment.current_decision_id == decision.pk and row.phase == Phase.DECISIONS
    small = organisations < disclosure.SMALLEST_GROUP
    return here and row.moment == Moment.AGREE and (small or row.asks_aloud)


def _keep_word(
    locked: Assessment, member: MemberRoles, decision: Decision, own: Participant, word: str, seen: str | None
) -> None:
    stands = decision.spoken_words.filter(participant=own).values_list("word", flat=True).first() or ""
    if stands == word:
        return
    if word and (obstacle := guards.may_be_asked(decision)):
        raise Refused(obstacle)
    if seen is not None and seen != stands:
        label = SpokenWord.Word(stands).label if stands else _("not asked yet")
        raise Refused(
            _(
                "Someone else has just recorded an answer from %(name)s: %(word)s. Your entry was not saved. Please "
                "check the answer."
            )
            % {"name": own.name, "word": label}
        )
    if word:
        values = {"word": word, "by": member.any.user, "at": timezone.now()}
        SpokenWord.objects.update_or_create(decision=decision, participant=own, defaults=values)
    else:
        decision.spoken_words.filter(participant=own).delete()
    said_so_far = aloud(decision, locked.participants.all())
    joint.follow_answer(locked, decision, said_so_far.agree, member.any.user)
    show_anew(locked)


def not_all_asked(decision: Decision) -> str | None:
    """Say who was not asked yet, once asking has begun: silence is no consent."""
    participants = list(decision.assessment.participants.in_order())
    asked = aloud(decision, participants)
    if not asked.open:
        return None
    names = ", ".join(each.acronym for each in asked.missing)
    return _(
        "These organisations have not yet been asked whether they agree: %(names)s. Record their answers, or choose "
        "“not here”."
    ) % {"names": names}


@transaction.atomic
def go_on(assessment: Assessment, member: MemberRoles, decision: Decision) -> None:
    """Move everybody's screen to a decision, unless people are still being asked on the one they are at."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.RECORD)
    require_lead(row_of(locked), member)
    at = locked.current_decision
    if at is not None and at.pk != decision.pk and (obstacle := guards.still_asked(at) or not_all_asked(at)):
        raise Refused(obstacle)
    joint.go_to(locked, member, decision)
