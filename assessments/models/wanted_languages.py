"""The languages into which the decisions of an open rating are wanted."""

import pgtrigger
from django.db import models

from assessments.models.assessment import Assessment
from partnerships.triggers import Trigger


class WantedLanguage(models.Model):
    """A language that representatives read or asked for, while rating is open. It says neither who nor when.

    Facilitators see it from the daily refresh of `counts_from` on, as the sentence of progress (METHOD §4, rule 5).
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="wanted_languages")
    language = models.CharField(max_length=12)
    counts_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "language", name="wanted_language_once")]
        triggers = [
            Trigger(
                name="wanted_language_while_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        RAISE EXCEPTION 'a wanted language counts from one day on'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'wanted_language_stays';
                    END IF;
                    IF (SELECT stage FROM assessments_assessment WHERE id = NEW.assessment_id)
                        NOT IN ('collecting', 'voting', 'rating') THEN
                        RAISE EXCEPTION 'private ratings are closed'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'wanted_language_while_open';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
