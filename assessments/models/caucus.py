"""What each side answered together before the session, in caucus mode: one sheet per side, without names.

Nothing here says who wrote or when. Until rating closes a side's answers are its own; afterwards all members see them.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from assessments.models import rules
from assessments.models.assessment import Participant
from assessments.models.decisions import Decision
from partnerships.models import Side
from partnerships.triggers import Trigger


class CaucusAnswer(models.Model):
    """An answer that one side gives together; its version tells a page that somebody of the side changed it."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE)
    side = models.CharField(max_length=5, choices=Side)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class CaucusLevel(CaucusAnswer):
    """The level that one side sees for one partner; NULL is “we don't know / not applicable”, never 0."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE)
    level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        default_related_name = "caucus_levels"
        constraints = [
            models.UniqueConstraint("decision", "side", "participant", name="caucus_level_once_per_cell"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="caucus_level_0_to_4"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="caucus_level_side_known"),
        ]
        triggers = [
            Trigger(
                name="caucus_level_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.SIDES_ANSWER_VARIABLES,
                func=rules.SIDES_ANSWER,
            ),
            Trigger(
                name="caucus_level_within_one_assessment",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.within_one_assessment("caucus_answer_within_one_assessment", "participant_id"),
            ),
        ]


class CaucusAgreement(CaucusAnswer):
    """Whether one side agrees with how partners are involved; NULL is “we don't know”."""

    agree = models.BooleanField(null=True)

    class Meta:
        default_related_name = "caucus_agreements"
        constraints = [
            models.UniqueConstraint("decision", "side", name="caucus_agreement_once_per_decision"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="caucus_agreement_side_known"),
        ]
        triggers = [
            Trigger(
                name="caucus_agreement_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.SIDES_ANSWER_VARIABLES,
                func=rules.SIDES_ANSWER,
            ),
        ]
