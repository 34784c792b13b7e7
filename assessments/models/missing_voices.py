"""What members say, without names: who is missing, and of which decisions they heard only afterwards."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from assessments.models.decisions import Decision
from assessments.models.limits import LONGEST_MISSING_VOICE
from partnerships.codes import new_code
from partnerships.triggers import Trigger


class Question(models.TextChoices):
    ABSENT = "absent", _("Who is affected by these decisions but not in the room?")
    AFTERWARDS = "afterwards", _("Which decision did you hear about only after it had been made?")


class MissingVoice(models.Model):
    """One answer. Its writer and time are not stored, so answers are listed by their text."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="missing_voices")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    question = models.CharField(max_length=10, choices=Question)
    text = models.CharField(max_length=LONGEST_MISSING_VOICE)
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True, related_name="+")  # proposed from it

    class Meta:
        ordering = ["text", "code"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("text"), "assessment", "question", name="missing_voice_once_in_these_words"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="missing_voice_has_words"),
            models.CheckConstraint(condition=Q(question__in=Question.values), name="missing_voice_question_known"),
            models.CheckConstraint(
                condition=Q(decision__isnull=True) | Q(question="afterwards"),
                name="missing_voice_only_afterwards_is_a_decision",
            ),
        ]
        triggers = [
            Trigger(
                name="missing_voice_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM assessments_assessment
                            WHERE id = NEW.assessment_id AND stage IN ('collecting', 'voting')) THEN
                        RAISE EXCEPTION 'this is answered while decisions are collected'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'missing_voice_while_collecting';
                    END IF;
                    IF NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assessments_decision
                            WHERE id = NEW.decision_id AND assessment_id = NEW.assessment_id) THEN
                        RAISE EXCEPTION 'answer and decision belong to different assessments'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'missing_voice_within_one_assessment';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.text
