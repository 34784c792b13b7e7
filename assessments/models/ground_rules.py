"""The ground rules: a few lines that everybody keeps to, and who said so. Names are the person's own."""

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact, In
from django.utils import timezone

from assessments.models.assessment import Assessment
from partnerships.models import Membership
from partnerships.triggers import Trigger


class GroundRules(models.Model):
    """The lines as facilitators worded them; none means those that every session starts with, in each language.

    Where the words change, a trigger takes back what was accepted before.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="ground_rules")
    lines = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=12, blank=True)  # of the lines, where facilitators worded them
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "assessments_sessionagreement"  # as it was named first: old code may still run beside this
        constraints = [
            models.CheckConstraint(
                condition=Q(Exact(Func(F("lines"), function="jsonb_typeof", output_field=models.TextField()), "array"))
                & Q(In(Func(F("lines"), function="jsonb_array_length", output_field=models.IntegerField()), (0, 6))),
                name="session_agreement_has_six_lines",
            ),
        ]
        triggers = [
            Trigger(
                name="agreement_changed",
                operation=pgtrigger.Update,
                func="""
                    IF NEW.lines <> OLD.lines THEN
                        NEW.version := OLD.version + 1;
                        DELETE FROM assessments_accepted WHERE agreement_id = OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Accepted(models.Model):
    """One member accepted one wording of the ground rules. All see how many did, and each only that they did."""

    ground_rules = models.ForeignKey(
        GroundRules, on_delete=models.CASCADE, related_name="accepted", db_column="agreement_id"
    )
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("ground_rules", "membership", name="agreement_accepted_once")]
        triggers = [
            Trigger(
                name="accepted_as_it_stands",
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessments_sessionagreement g
                            JOIN assessments_assessment a ON a.id = g.assessment_id
                            JOIN partnerships_membership s ON s.partnership_id = a.partnership_id
                            WHERE g.id = NEW.agreement_id AND g.version = NEW.version AND s.id = NEW.membership_id
                            AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL) THEN
                        RAISE EXCEPTION 'a member accepts the words that stand'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_as_it_stands';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
