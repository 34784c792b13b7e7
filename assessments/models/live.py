"""A joint session while it runs: its phase and clocks, the proposals, and the answers to “do we agree?”.

All of it is open to the assessment's members, except choices that are not shown yet. No row says who asked for a pause.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import rules
from assessments.models.assessment import Assessment, Participant
from assessments.models.decisions import Decision
from partnerships.models import Membership, User
from partnerships.triggers import OwnersTrigger, Trigger


class Moment(models.TextChoices):
    """The five moments of a decision, in their order."""

    TALK = "talk", pgettext_lazy("moment", "Talk")
    LEVEL = "level", pgettext_lazy("moment", "Level")
    AGREE = "agree", pgettext_lazy("moment", "Agree?")
    WANT = "want", pgettext_lazy("moment", "Want")
    DO = "do", pgettext_lazy("moment", "Do")


class LiveSession(models.Model):
    """Where the group stands: before the first decision or in a moment of one, with clocks and whose turn it is."""

    class Phase(models.TextChoices):
        LOBBY = "lobby", _("arrival")
        GROUND_RULES = "agreement", _("ground rules")
        PRACTICE = "practice", _("practice")
        SILENCE = "silence", _("a silent minute")
        DECISIONS = "decisions", _("decisions")

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, primary_key=True, related_name="live")
    phase = models.CharField(max_length=9, choices=Phase, default=Phase.LOBBY)
    phase_ends_at = models.DateTimeField(null=True)  # of the practice and the silent minute
    timer_ends_at = models.DateTimeField(null=True)  # of the decision
    timer_left = models.PositiveIntegerField(null=True)  # seconds, while it stands still
    turn = models.PositiveSmallIntegerField(default=0)  # how many have spoken on this decision
    skipped = models.JSONField(default=list)  # numbers of the partners that speak later
    pause_from = models.DateTimeField(null=True)
    pause_until = models.DateTimeField(null=True)
    pause_counted = models.BooleanField(default=False)  # the decision's clock has waited for it
    moment = models.CharField(max_length=5, choices=Moment, default=Moment.TALK, db_default=Moment.TALK.value)
    moment_at = models.DateTimeField(null=True)  # when it began
    shown = models.BooleanField(default=False, db_default=False)  # the choices of this moment are open to all
    asks_aloud = models.BooleanField(default=False, db_default=False)  # "Do we agree?" is asked aloud
    slide = models.PositiveSmallIntegerField(default=0, db_default=0)  # of the picture in the silent minute
    leader = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")  # None: each may

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(moment__in=["talk", "level", "agree", "want", "do"]), name="live_moment_known"
            ),
            models.CheckConstraint(
                condition=Q(shown=False) | Q(moment__in=["level", "want"]), name="live_shown_where_chosen"
            ),
            models.CheckConstraint(condition=Q(asks_aloud=False) | Q(moment="agree"), name="live_aloud_where_asked"),
            models.CheckConstraint(
                condition=Q(timer_ends_at__isnull=True) | Q(timer_left__isnull=True), name="live_timer_runs_or_stands"
            ),
            models.CheckConstraint(
                condition=Q(pause_from__isnull=True, pause_until__isnull=True) | Q(pause_from__lt=F("pause_until")),
                name="live_pause_has_an_end",
            ),
        ]
        triggers = [
            OwnersTrigger(
                name="unshown_choices_go",
                operation=pgtrigger.UpdateOf("moment", "phase"),
                func=rules.UNSHOWN_CHOICES_GO,
            ),
        ]


class Proposal(models.Model):
    """The level that an organisation chooses for itself, today's or the wanted one: a draft, and no agreed level.

    Until all are shown, only its own organisation reads it. What was not shown is deleted with the moment.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="proposals")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="proposals")
    moment = models.CharField(max_length=5, choices=Moment, default=Moment.LEVEL, db_default=Moment.LEVEL.value)
    level = models.PositiveSmallIntegerField(null=True)  # None: it passes
    shown = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("decision", "participant", "moment", name="proposal_once_per_moment"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="proposal_level_0_to_4"),
            models.CheckConstraint(condition=Q(moment__in=["level", "want"]), name="proposal_in_level_or_want"),
        ]
        triggers = [
            Trigger(
                name="proposal_only_in_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.ONLY_IN_SESSION_VARIABLES,
                func=rules.only_in_session("participant_id"),
            ),
            Trigger(
                name="proposal_only_in_its_moment",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.CHOICE_IN_ITS_MOMENT,
            ),
        ]


class Response(models.Model):
    """What another organisation says to such a proposal: fine (no level), or another level and a few words."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="responses")
    about = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="responses")
    level = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint("decision", "about", "participant", name="response_once"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="response_level_0_to_4"),
            models.CheckConstraint(condition=~Q(about=F("participant")), name="response_is_to_another"),
            models.CheckConstraint(condition=Q(level__isnull=False) | Q(words=""), name="response_words_with_a_level"),
        ]
        triggers = [
            Trigger(
                name="response_only_in_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.ONLY_IN_SESSION_VARIABLES,
                func=rules.only_in_session("participant_id", "about_id"),
            ),
        ]


class PrivateBallot(models.Model):
    """The private question “do we agree?” on one decision. The answers are private and gone once a result stands."""

    class Result(models.TextChoices):
        OPEN = "open", _("open")
        ALL = "all", _("all agree")
        NOT_ALL = "not_all", _("not all agree")
        HIDDEN = "hidden", _("not shown")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="private_ballot")
    asked = models.JSONField(default=list)  # the memberships that were here when it was opened
    result = models.CharField(max_length=7, choices=Result, default=Result.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["open", "all", "not_all", "hidden"]), name="agree_round_result_known"
            ),
        ]
        triggers = [
            Trigger(
                name="agree_asked_once",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'INSERT' AND NEW.result <> 'open' THEN
                        RAISE EXCEPTION 'a question begins open' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'agree_round_begins_open';
                    END IF;
                    IF NEW.result = 'open' AND (TG_OP = 'INSERT' OR OLD.result <> 'open') AND (
                            assessments_private_verdict(NEW.decision_id)
                            OR EXISTS (SELECT 1 FROM assessments_spokenword WHERE decision_id = NEW.decision_id)) THEN
                        RAISE EXCEPTION 'this question was asked' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'agree_asked_once';
                    END IF;
                    RETURN NEW;
                """,
            ),
            OwnersTrigger(
                name="agree_result_stands",
                operation=pgtrigger.Update,
                declare=rules.AGREE_RESULT_STANDS_VARIABLES,
                func=rules.AGREE_RESULT_STANDS,
            ),
            Trigger(
                name="agree_round_only_in_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.ONLY_IN_SESSION_VARIABLES,
                func=rules.only_in_session(),
            ),
        ]


class SpokenWord(models.Model):
    """What an organisation said aloud when all were asked whether they agree. Recorded by facilitators."""

    class Word(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        PASSES = "passes", _("passes")
        ABSENT = "absent", _("not present")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="spoken_words")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=6, choices=Word)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("decision", "participant", name="spoken_word_once"),
            models.CheckConstraint(
                condition=Q(word__in=["yes", "no", "passes", "absent"]), name="spoken_word_is_known"
            ),
        ]
        triggers = [
            Trigger(
                name="spoken_word_only_in_session",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decision_id", "participant_id", "word", "at"),
                declare=rules.ONLY_IN_SESSION_VARIABLES,
                func=rules.only_in_session("participant_id"),
            ),
            Trigger(
                name="spoken_word_without_private_verdict",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("word"),
                func="""
                    IF assessments_private_verdict(NEW.decision_id)
                        OR EXISTS (SELECT 1 FROM assessments_privateballot
                            WHERE decision_id = NEW.decision_id AND result = 'open') THEN
                        RAISE EXCEPTION 'this question is asked privately'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'spoken_word_without_private_verdict';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Cause(models.Model):
    """A cause in the system that the group names for a “no”, from the list that the community maintains."""

    MOST = 3
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="causes")
    place = models.PositiveSmallIntegerField()
    factor = models.SlugField(max_length=60)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint("decision", "place", name="cause_once_per_place"),
            models.UniqueConstraint("decision", "factor", name="cause_named_once"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="cause_at_most_three"),
        ]
        triggers = [
            Trigger(
                name="cause_only_in_session",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.ONLY_IN_SESSION_VARIABLES,
                func=rules.only_in_session(),
            ),
        ]
