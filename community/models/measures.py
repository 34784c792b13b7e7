"""The inventory of measures: what partners do to share power, step by step, where it was tried, and who adopted it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Action
from community.models import rules
from community.models.findings import Evidence, Factor
from community.models.items import Item
from partnerships.codes import new_code
from partnerships.models import Side, User
from partnerships.triggers import Trigger


class Maturity(models.TextChoices):
    """How far a measure has come. It moves only by a decision that the North and the South have both signed."""

    PROPOSED = "proposed", pgettext_lazy("maturity of a measure", "proposed")
    TRIED = "tried", pgettext_lazy("maturity of a measure", "tried")
    EVALUATED = "evaluated", pgettext_lazy("maturity of a measure", "evaluated")
    RECOMMENDED = "recommended", pgettext_lazy("maturity of a measure", "recommended")


class Reported(models.TextChoices):
    """What the source says of a measure; where nobody is known to have tried it, it is proposed all the same."""

    TRIED = "tried", _("The source says that partners have tried this measure.")
    COMMITTED = (
        "committed",
        _("Organisations have committed themselves to this measure. We do not know whether they are carrying it out."),
    )
    RECOMMENDED = "source-recommends", _("A source recommends this measure. We do not know who has tried it.")
    PROTOTYPE = "prototype", _("There is a prototype of this measure. We do not know its results.")
    PROPOSED = "proposed", _("We do not know of any partnership that has tried this measure.")


class Measure(Item):
    """Something that partners can do themselves; the measure itself is the item's title."""

    slug = models.SlugField(max_length=60, unique=True, null=True, blank=True, editable=False)  # of the first list
    maturity = models.CharField(max_length=11, choices=Maturity, default=Maturity.PROPOSED, editable=False)
    reported = models.CharField(max_length=17, choices=Reported, blank=True, editable=False)
    factors = models.ManyToManyField(Factor, related_name="measures", blank=True)
    costs = models.TextField(_("what the measure costs each partner"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(maturity__in=Maturity.values), name="measure_maturity_known"),
            models.CheckConstraint(condition=Q(reported__in=["", *Reported.values]), name="measure_reported_known"),
        ]
        triggers = [
            Trigger(
                name="measure_matures_by_decision",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("maturity"),
                func="""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.maturity = 'proposed' OR (NEW.maturity = 'tried' AND NEW.reported = 'tried'
                            AND NEW.slug IS NOT NULL) THEN
                            RETURN NEW;
                        END IF;
                    ELSIF NEW.maturity = OLD.maturity OR EXISTS (
                        SELECT 1 FROM (
                            SELECT was, "to" FROM community_maturitydecision
                            WHERE measure_id = NEW.item_ptr_id AND taken_at IS NOT NULL ORDER BY taken_at DESC,
                                id DESC LIMIT 1
                        ) newest WHERE newest.was = OLD.maturity AND newest."to" = NEW.maturity) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'a maturity moves by a decision of both sides'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_matures_by_decision';
                """,
            ),
        ]


class StepPhase(models.TextChoices):
    """When in the life of a partnership."""

    BEFORE = "before", _("before a programme begins")
    DESIGN = "design", _("during design")
    AGREEING = "agreeing", _("when partners make agreements")
    WORKING = "working", _("during the programme")
    LEARNING = "learning", _("when partners look at results")
    ENDING = "ending", _("when the programme ends")


class Step(Item):
    """One step of a measure, which is its `whole`: the title says what is done, the text how and with what pitfalls.

    A step that was taken out is a draft again.
    """

    position = models.PositiveSmallIntegerField(default=0)
    who = models.CharField(_("who carries out this step"), max_length=160, blank=True)
    phase = models.CharField(_("phase of the partnership"), max_length=8, choices=StepPhase, blank=True)
    takes = models.CharField(_("how long this step takes"), max_length=120, blank=True)
    needs = models.CharField(_("what this step needs"), max_length=400, blank=True)
    pitfalls = models.CharField(_("what can go wrong"), max_length=600, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(phase__in=["", *StepPhase.values]), name="step_phase_known")]


class Trial(models.Model):
    """By whom and where a measure was tried, as a public source tells it."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="trials")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="trials")
    who = models.CharField(_("who has tried the measure"), max_length=200)
    where = models.CharField(_("place"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            Trigger(
                name="trial_rests_on_a_source",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("evidence_id", "measure_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM community_evidence
                        WHERE id = NEW.evidence_id AND item_id = NEW.measure_id AND kind = 'document') THEN
                        RAISE EXCEPTION 'a trial rests on a public source'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'trial_rests_on_a_source';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class MaturityDecision(models.Model):
    """Whether a measure moves to another maturity; in force once somebody of each side has signed it."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="maturity_decisions")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    was = models.CharField(max_length=11, choices=Maturity)
    to = models.CharField(
        _("new maturity level of the measure (how well it has been tested)"), max_length=11, choices=Maturity
    )
    # What a rise rests on. It may go later (a case is revoked); a trigger asks for it when the decision is taken.
    evidence = models.ForeignKey(Evidence, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=1000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__gt=""), name="maturity_decision_has_a_reason"),
            models.CheckConstraint(condition=Q(was__in=Maturity.values, to__in=Maturity.values), name="maturity_known"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(dropped_at__isnull=True), name="maturity_taken_or_dropped"
            ),
            models.UniqueConstraint(
                "measure", condition=Q(taken_at=None, dropped_at=None), name="maturity_decision_one_at_a_time"
            ),
        ]
        triggers = [
            Trigger(
                name="maturity_decision",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.MATURITY_DECISION_VARIABLES,
                func=rules.MATURITY_DECISION,
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.dropped_at is None

    @property
    def is_rise(self) -> bool:
        order = Maturity.values
        return order.index(self.to) > order.index(self.was)


class Signature(models.Model):
    """Somebody of one side signs a decision, having read this version of the measure."""

    decision = models.ForeignKey(MaturityDecision, on_delete=models.CASCADE, related_name="signatures")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("decision", "side", name="signed_once_per_side"),
            models.UniqueConstraint("decision", "user", name="signed_once_per_person"),
            models.CheckConstraint(condition=Q(side__in=["north", "south"]), name="signed_for_a_side"),
        ]
        triggers = [
            Trigger(
                name="signature_given",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.SIGNATURE_GIVEN,
            ),
        ]


class Adoption(models.Model):
    """An action of an assessment puts a measure into practice."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="adoptions")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint("action", "measure", name="adopted_once")]
