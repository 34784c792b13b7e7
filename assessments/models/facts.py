"""Facts that partners declare about themselves: money, seats, posts, the contract (METHOD §6). Named, not rated."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from assessments import fact_list
from assessments.models import rules
from assessments.models.assessment import Assessment
from assessments.scoring.facts import AMOUNT, KINDS, YES_NO
from partnerships.models import Partner, User
from partnerships.triggers import OwnersTrigger, Trigger

OWN_KEYS = [f"own_{n}" for n in range(1, 6)]  # a partnership adds at most five of its own
LARGEST = 10**13


class AssessmentFact(models.Model):
    """A fact that an assessment uses: one of the list, or one that the partnership worded itself.

    The unit is the same for all partners: a currency, "percent", or what is counted.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="facts")
    key = models.CharField(max_length=24)
    question = models.CharField(max_length=200, blank=True)  # of own facts only
    kind = models.CharField(max_length=6)
    unit = models.CharField(max_length=30, blank=True)
    domain = models.CharField(max_length=14)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("assessment", "key", name="fact_once"),
            models.CheckConstraint(
                condition=Q(key__in=[*fact_list.BY_KEY], question="") | Q(key__in=OWN_KEYS) & ~Q(question=""),
                name="fact_of_the_list_or_own",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="fact_kind_known"),
            models.CheckConstraint(condition=Q(domain__in=[*fact_list.DOMAINS]), name="fact_domain_known"),
            models.CheckConstraint(
                condition=Q(kind=YES_NO, unit="") | ~Q(kind=YES_NO) & ~Q(unit=""), name="fact_number_has_a_unit"
            ),
        ]
        triggers = [
            OwnersTrigger(
                name="fact_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("assessment_id", "key", "question", "kind", "unit"),
                func=rules.FACT_BY_THE_RULES,
            ),
        ]

    def __str__(self) -> str:
        return str(self.question_text)

    @property
    def is_own(self) -> bool:
        return self.key in OWN_KEYS

    @property
    def question_text(self) -> str | Promise:
        """Return the question, in the reader's language where it is of the list."""
        return self.question or fact_list.BY_KEY[self.key].question

    @property
    def is_money(self) -> bool:
        """Say whether its unit is the partnership's currency, or percentages of the whole."""
        return self.key in fact_list.BY_KEY and fact_list.BY_KEY[self.key].unit == fact_list.MONEY

    @property
    def adds_to_100(self) -> bool:
        """Say whether the values are percentages of one whole."""
        return self.kind == AMOUNT and self.unit == fact_list.PERCENT


class FactValueQuerySet(models.QuerySet["FactValue"]):
    def open(self) -> "FactValueQuerySet":
        """Return what all members may read: confirmed by the partner, and not held back while rating is open."""
        return self.filter(held=False, confirmed_at__isnull=False)


class FactValue(models.Model):
    """What one partner declares. No row, or no value, is missing and not 0.

    It names the partner and not a participant, since facts are asked before rating opens as well. What a partner saves
    while rating is open is `held`: a second row, which a trigger puts in the place of the first when rating ends. A
    value without `confirmed_at` was entered by a facilitator. Only that partner and the facilitators may read it.
    """

    class Source(models.TextChoices):
        DECLARED = "declared"
        IATI = "iati"

    fact = models.ForeignKey(AssessmentFact, on_delete=models.CASCADE, related_name="values")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    value = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    version = models.PositiveIntegerField(default=1)
    held = models.BooleanField(default=False, db_default=False)
    entered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.DECLARED)
    source_file = models.CharField(max_length=120, blank=True)
    source_date = models.DateField(null=True)

    objects = FactValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("fact", "partner", "held", name="fact_value_once"),
            # The upper end also refuses NaN, which PostgreSQL sorts above all numbers.
            models.CheckConstraint(condition=Q(value__gte=0, value__lt=LARGEST), name="fact_value_from_0"),
            models.CheckConstraint(
                condition=Q(held=False) | Q(confirmed_at__isnull=False), name="fact_value_held_is_the_partners"
            ),
            models.CheckConstraint(
                condition=Q(source="declared", source_file="", source_date=None)
                | Q(source="iati", source_date__isnull=False) & ~Q(source_file=""),
                name="fact_value_names_its_file",
            ),
        ]
        triggers = [
            Trigger(
                name="fact_value_by_the_rules",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("fact_id", "partner_id", "value", "version", "held", "confirmed_at"),
                declare=rules.FACT_VALUE_BY_THE_RULES_VARIABLES,
                func=rules.FACT_VALUE_BY_THE_RULES,
            ),
        ]
