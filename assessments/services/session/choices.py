"""What each organisation chooses for itself, in *Level* and in *Want*, and what others say to it.

A choice is a draft. Until all are shown together, only its own organisation reads it; others learn how many have
chosen. It is never filled in from private answers, and what was not shown is deleted with the moment (a trigger).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assessments.ladder import LEVELS, SHORT_LEVELS
from assessments.models import Assessment, Decision, LiveSession, Moment, Participant, Proposal, Response
from assessments.services.session import live, presence
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.services import Refused

CHOOSING = (Moment.LEVEL, Moment.WANT)
UNLOCK_AFTER = timedelta(minutes=2)


# --- choices that are shown


@dataclass(frozen=True)
class Answer:
    """What one organisation says to a draft."""

    partner: Participant
    level: int | None
    words: str

    @property
    def fine(self) -> bool:
        return self.level is None

    @property
    def level_words(self) -> str | Promise:
        return "" if self.level is None else LEVELS[self.level]

    @property
    def short_words(self) -> str | Promise:
        return "" if self.level is None else SHORT_LEVELS[self.level]

    @property
    def statement(self) -> str:
        """Return what this organisation sees differently, as one of two views."""
        return _statement(self.partner, self.level, self.words)


@dataclass(frozen=True)
class Draft:
    """The level that an organisation chose for itself (None: it passes), with the answers."""

    partner: Participant
    level: int | None
    answers: list[Answer]

    @property
    def choice(self) -> str:
        return "" if self.level is None else str(self.level)

    @property
    def level_words(self) -> str | Promise:
        return _("passes") if self.level is None else LEVELS[self.level]

    @property
    def short_words(self) -> str | Promise:
        return "" if self.level is None else SHORT_LEVELS[self.level]

    @property
    def against(self) -> list[Answer]:
        return [each for each in self.answers if not each.fine]

    @property
    def views(self) -> dict[str, str]:
        """Return both views of “we see this level differently”, in the words that phones sent."""
        others = "\n".join(each.statement for each in self.against)
        return {"one_view": _statement(self.partner, self.level, ""), "other_view": others}


def _statement(partner: Participant, level: int | None, words: str) -> str:
    parts = [f"{level} {LEVELS[level]}" if level is not None else _("passes"), words]
    return f"{partner.acronym}: {'. '.join(filter(None, parts))}"


def drafts(decision: Decision, participants: Iterable[Participant]) -> dict[tuple[str, int], Draft]:
    """Return the choices of a decision that are shown, by moment and participant, in two statements."""
    by_id = {each.pk: each for each in participants}
    answers: dict[tuple[str, int], list[Answer]] = {}
    for row in decision.responses.all():
        key = (Moment.LEVEL.value, row.about_id)
        answers.setdefault(key, []).append(Answer(by_id[row.participant_id], row.level, row.words))
    return {
        (key := (row.moment, row.participant_id)): Draft(by_id[row.participant_id], row.level, answers.get(key, []))
        for row in decision.proposals.filter(shown=True)
    }


# --- choosing, each for herself


def own_choice(decision: Decision, moment: str, own: Participant) -> Proposal | None:
    """Return what an organisation chose; nobody else asks for it before it is shown."""
    return decision.proposals.filter(moment=moment, participant=own).first()


def _current(locked: Assessment, decision: Decision, moment: str) -> LiveSession:
    row = live.row_of(locked)
    here = locked.current_decision_id == decision.pk and row.phase == live.Phase.DECISIONS
    if not here or row.moment != moment or moment not in CHOOSING:
        raise Refused(_("The group has moved on, so your choice was not saved."))
    return row


@transaction.atomic
def choose(assessment: Assessment, member: MemberRoles, decision: Decision, moment: str, level: int | None) -> None:
    """Choose one's own level, or pass (None), while the group is at it. Answers to another level go with it."""
    locked = lock_and_require(assessment, member, WorkflowAction.TAKE_PART)
    own = live.speaks_for(locked, member)
    row = _current(locked, decision, moment)
    before = own_choice(decision, moment, own)
    if before and before.level == level:
        return
    _forget_answers(decision, moment, own)
    values = {"level": level, "shown": row.shown, "at": timezone.now()}
    Proposal.objects.update_or_create(decision=decision, participant=own, moment=moment, defaults=values)
    if before is None or row.shown:  # another choice before all are shown changes no other screen
        live.show_anew(locked)


@transaction.atomic
def take_back(assessment: Assessment, member: MemberRoles, decision: Decision, moment: str) -> None:
    """Delete one's own choice while the group is at it, with the answers to it."""
    locked = lock_and_require(assessment, member, WorkflowAction.TAKE_PART)
    own = live.speaks_for(locked, member)
    _current(locked, decision, moment)
    _forget_answers(decision, moment, own)
    if decision.proposals.filter(participant=own, moment=moment).delete()[0]:
        live.show_anew(locked)


def _forget_answers(decision: Decision, moment: str, own: Participant) -> None:
    if moment == Moment.LEVEL:
        decision.responses.filter(about=own).delete()


# --- all together


@dataclass(frozen=True)
class Progress:
    """How many of the organisations that are here have chosen or passed, and whether all may be shown."""

    chosen: int
    here: int
    unlocked: bool


def progress(assessment: Assessment, decision: Decision) -> Progress:
    """Count the organisations that are here; who chose what is not read."""
    row = live.row_of(assessment)
    here = {membership.partner_id for membership in presence.representatives_here(assessment)}
    made = decision.proposals.filter(moment=row.moment).values_list("participant__partner_id", flat=True)
    chosen = len(here & set(made))
    return Progress(chosen, len(here), row.shown or over(row) or 0 < len(here) == chosen)


def over(row: LiveSession) -> bool:
    """Say whether the two minutes are over after which choices may be shown anyway."""
    return row.moment_at is None or timezone.now() >= row.moment_at + UNLOCK_AFTER


@transaction.atomic
def show(assessment: Assessment, member: MemberRoles, seen: live.Seen) -> None:
    """Show all choices of the moment together, once all who are here have chosen or two minutes are over."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    row, decision = live.row_of(locked), locked.current_decision
    live.require_lead(row, member)
    if decision is None or row.moment not in CHOOSING or row.shown or not seen.stands(locked, row):
        return
    if not progress(locked, decision).unlocked:
        raise Refused(
            _("Not everyone has chosen yet. Wait until everyone has chosen, or until two minutes have passed.")
        )
    row.shown = True
    row.save()
    decision.proposals.filter(moment=row.moment, shown=False).update(shown=True)
    live.show_anew(locked)


# --- what others say to a choice


@transaction.atomic
def respond(
    assessment: Assessment,
    member: MemberRoles,
    decision: Decision,
    about: int,
    level: int | None,
    words: str = "",
    seen: int | None = None,
) -> None:
    """Answer another organisation's draft, as it was `seen`: fine (None), or another level and a few words."""
    locked = lock_and_require(assessment, member, WorkflowAction.TAKE_PART)
    own = live.speaks_for(locked, member)
    draft = decision.proposals.filter(
        participant__number=about, moment=Moment.LEVEL, shown=True, level__isnull=False
    ).first()
    if draft is None or draft.participant_id == own.pk:
        return  # It was taken back meanwhile.
    if seen is not None and draft.level != seen:
        raise Refused(
            _("%(name)s has changed its draft, so your answer was not saved. Read the new draft, and answer again.")
            % {"name": draft.participant.name}
        )
    words = "" if level is None else words.strip()[:200]
    values = {"level": level, "words": words, "at": timezone.now()}
    Response.objects.update_or_create(
        decision=decision, about_id=draft.participant_id, participant=own, defaults=values
    )
    live.show_anew(locked)
