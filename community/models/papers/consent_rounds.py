"""Consent rounds: both sides are asked about exact words."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import rules
from community.models.papers.papers import PolicyPaper, Recommendation
from partnerships.codes import new_code
from partnerships.models import Side, User
from partnerships.triggers import Trigger


class ConsentRound(models.Model):
    """Both sides are asked about exact words. It waits for translations, opens, and closes by its deadline.

    Once open, nothing of it changes (a trigger holds that). Until it is closed nobody sees others' answers or counts.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    paper = models.ForeignKey(PolicyPaper, on_delete=models.PROTECT, related_name="rounds")
    days = models.PositiveSmallIntegerField(_("days to answer"), default=14)
    quorum_north = models.PositiveSmallIntegerField(
        _("number of people on the Northern side who must answer"), default=3
    )
    quorum_south = models.PositiveSmallIntegerField(
        _("number of people on the Southern side who must answer"), default=3
    )
    organisations = models.PositiveSmallIntegerField(default=2)  # of each side; a trigger copies all three
    called_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    called_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-called_at", "-pk"]
        indexes = [models.Index(fields=["closes_at"], condition=Q(closed_at=None), name="round_to_close")]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=90), name="round_days"),
            models.CheckConstraint(condition=Q(quorum_north__gte=1, quorum_south__gte=1), name="round_quorum"),
            models.CheckConstraint(
                condition=Q(opened_at=None, closes_at=None) | Q(opened_at__lt=F("closes_at")),
                name="round_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("closes_at")), name="round_closes_after_its_deadline"
            ),
            models.CheckConstraint(
                condition=Q(called_off_at=None) | Q(opened_at=None), name="round_called_off_before_it_opens"
            ),
        ]
        triggers = [
            Trigger(
                name="round_organisations_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.opened_at IS NOT NULL AND NEW.organisations IS DISTINCT FROM OLD.organisations"
                ),
                func="""
                    RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation',
                        CONSTRAINT = 'round_stays';
                """,
            ),
            Trigger(
                name="round_quorum",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.opened_at IS NULL"),
                func=rules.ROUND_QUORUM,
            ),
            Trigger(
                name="round_in_all_languages",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL"),
                func=rules.ROUND_LANGUAGES,
            ),
            Trigger(
                name="round_quorum_begins",
                operation=pgtrigger.Insert,
                func=rules.ROUND_QUORUM,
            ),
            Trigger(
                name="round_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.opened_at IS NOT NULL AND (NEW.paper_id, NEW.days, NEW.quorum_north, NEW.quorum_south,
                        NEW.opened_at, NEW.closes_at)
                        IS DISTINCT FROM (OLD.paper_id, OLD.days, OLD.quorum_north, OLD.quorum_south, OLD.opened_at,
                            OLD.closes_at)
                        OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at
                        OR NEW.closed_at IS NOT NULL AND NEW.opened_at IS NULL THEN
                        RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'round_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("community:round", args=[self.code])

    @property
    def state(self) -> str:
        if self.called_off_at:
            return "called_off"
        if self.closed_at:
            return "closed"
        return "open" if self.opened_at else "waiting"

    def takes_answers(self, now) -> bool:
        return self.closes_at is not None and self.closed_at is None and now < self.closes_at

    def quorum(self, side: str) -> int:
        return {Side.NORTH: self.quorum_north, Side.SOUTH: self.quorum_south}.get(Side(side), 0)


class Outcome(models.TextChoices):
    ADOPTED = "adopted", _("adopted")
    TOO_FEW = "too_few", _("not adopted: too few people answered")
    OBJECTED = "objected", _("not adopted: one side did not consent")


class RoundText(models.Model):
    """A recommendation in a round, in the version that both sides are asked about."""

    round = models.ForeignKey(ConsentRound, on_delete=models.CASCADE, related_name="texts")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="round_texts")
    version = models.PositiveIntegerField(null=True)  # set when the round opens
    active = models.BooleanField(default=True)  # until the round is closed or called off
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)

    class Meta:
        ordering = ["recommendation__number"]
        constraints = [
            models.UniqueConstraint("round", "recommendation", name="round_text_once"),
            models.UniqueConstraint("recommendation", condition=Q(active=True), name="round_one_at_a_time"),
        ]
        triggers = [
            Trigger(
                name="round_text",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("asked", "community_consentround")],
                func="""
                    SELECT * INTO asked FROM community_consentround WHERE id = NEW.round_id;
                    IF TG_OP = 'INSERT' AND asked.opened_at IS NOT NULL
                        OR TG_OP = 'UPDATE' AND OLD.version IS NOT NULL
                            AND (NEW.version, NEW.round_id, NEW.recommendation_id) IS DISTINCT
                                FROM (OLD.version, OLD.round_id, OLD.recommendation_id)
                        OR NEW.outcome <> '' AND asked.closed_at IS NULL THEN
                        RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'round_stays';
                    END IF;
                    IF NEW.outcome = 'adopted' AND (SELECT count(*) FROM community_answered(NEW.id) AS a
                        WHERE a.consenting > a.objecting
                        AND (a.side = 'north' AND a.answered >= asked.quorum_north OR a.side = 'south'
                            AND a.answered >= asked.quorum_south)) < 2 THEN
                        RAISE EXCEPTION 'adoption needs the consent of both sides'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_both_sides';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="round_text_organisations",
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.outcome = 'adopted'"),
                func="""
                    IF (SELECT count(*) FROM community_answered(NEW.id) AS a
                        JOIN community_consentround r ON r.id = NEW.round_id
                        WHERE a.side IN ('north', 'south') AND a.organisations >= r.organisations) < 2 THEN
                        RAISE EXCEPTION 'adoption needs enough organisations of both sides'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_both_sides';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Choice(models.TextChoices):
    CONSENT = "consent", _("I consent")
    RESERVATION = "reservation", _("I consent with a reservation")
    OBJECTION = "objection", _("I object")
    ASIDE = "aside", _("I do not take a position")


class ConsentAnswer(models.Model):
    """What one person answers. Others see it only when the round is closed; an objection can be withdrawn then."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    text = models.ForeignKey(RoundText, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    choice = models.CharField(max_length=11, choices=Choice)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    proposal = models.CharField(_("your alternative proposal"), max_length=1000, blank=True)
    signed = models.BooleanField(_("print my name with my objection"), default=False)
    organisation = models.CharField(max_length=64, blank=True, editable=False)  # a digest that a trigger writes
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(_("how the objection was resolved"), max_length=1000, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("text", "by", name="answered_once"),
            models.CheckConstraint(condition=Q(choice__in=Choice.values), name="answer_choice_known"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="answer_side_known"),
            models.CheckConstraint(
                condition=~Q(choice="objection") | Q(reason__gt="", proposal__gt=""),
                name="objection_has_reason_and_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(choice="reservation") | Q(reason__gt=""), name="reservation_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(choice="objection"), name="only_objections_are_withdrawn"
            ),
        ]
        triggers = [
            Trigger(
                name="answer_in_time",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=rules.ANSWER_IN_TIME_VARIABLES,
                func=rules.ANSWER_IN_TIME,
            ),
            Trigger(
                name="answer_of_a_member",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.ANSWER_OF_A_MEMBER_VARIABLES,
                func=rules.ANSWER_OF_A_MEMBER,
            ),
        ]

    @property
    def stands(self) -> bool:
        """Say whether this is an objection that nobody has resolved."""
        return self.choice == Choice.OBJECTION and self.withdrawn_at is None
