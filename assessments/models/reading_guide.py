"""What facilitators prepare between the release and the session: a guess each, and the agenda that all members get."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import rules
from assessments.models.assessment import Assessment
from assessments.models.limits import LONGEST_GUESS
from partnerships.models import Membership, User
from partnerships.triggers import Trigger


class Guess(models.Model):
    """What a facilitator expects of the results before reading them. It never changes (a trigger refuses that).

    Her co-facilitator sees it only after a guess of her own; nobody else does.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="guesses")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    differs = models.CharField(max_length=LONGEST_GUESS)
    decides = models.CharField(max_length=LONGEST_GUESS)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint("assessment", "membership", name="guess_once"),
            models.CheckConstraint(condition=~Q(differs="") & ~Q(decides=""), name="guess_says_something"),
        ]
        triggers = [
            Trigger(
                name="guess_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.GUESS_BY_THE_RULES_VARIABLES,
                func=rules.GUESS_BY_THE_RULES,
            ),
        ]


class Agenda(models.Model):
    """The agenda of a session: a draft of the facilitators until they send it, and fixed from then on.

    Each line has a `kind`, its `minutes`, and the `decision` (number) or the facilitators' `text` that it is about.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, primary_key=True, related_name="agenda")
    minutes = models.PositiveSmallIntegerField()
    lines = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=60, minutes__lte=600), name="agenda_one_to_ten_hours"),
        ]
        triggers = [
            Trigger(
                name="agenda_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("minutes", "lines", "sent_at"),
                declare=rules.AGENDA_BY_THE_RULES_VARIABLES,
                func=rules.AGENDA_BY_THE_RULES,
            ),
        ]
