"""Figures: numbers of the evidence base that texts cite."""

import pgtrigger
from django.db import models
from django.urls import reverse

from assessments.ladder import NOT_SHOWN
from community.evidence import words
from community.models import rules
from community.models.evidence import EvidenceSnapshot
from partnerships.codes import new_code
from partnerships.triggers import Trigger


class Figure(models.Model):
    """A table of the evidence base as it was on a day. The evidence base fills these; they never change (a trigger).

    Except that one is hidden, for good, once something that it rests on was revoked.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    snapshot = models.ForeignKey(EvidenceSnapshot, on_delete=models.PROTECT, related_name="figures")
    key = models.CharField(max_length=40)  # which table, and thereby which question
    values = models.JSONField()
    method_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)  # of key, values, date and method
    taken_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("snapshot", "key", name="figure_once")]
        triggers = [
            Trigger(
                name="evidence_figure_one_decimal",
                operation=pgtrigger.Insert,
                declare=rules.ONE_DECIMAL_VARIABLES,
                func=rules.ONE_DECIMAL,
            ),
            Trigger(
                name="evidence_figure_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.hidden_at IS NOT NULL OR to_jsonb(NEW) - 'hidden_at' <> to_jsonb(OLD) - 'hidden_at' THEN
                        RAISE EXCEPTION 'what was published stays as it was, or hidden'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("community:figure", args=[self.code])

    @property
    def title(self) -> str:
        return str(words.TITLES[self.key])

    @property
    def is_example(self) -> bool:
        return bool(self.values.get("example"))

    @property
    def says(self) -> str:
        return str(NOT_SHOWN) if self.hidden_at else words.sentence(self.values)
