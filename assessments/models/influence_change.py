"""What organisations say about the change of their influence since the last assessment; named, open to all members."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import rules
from assessments.models.assessment import Participant
from assessments.models.decisions import Decision
from partnerships.models import User
from partnerships.names import with_name_of_today
from partnerships.triggers import Trigger


class InfluenceChange(models.Model):
    """One organisation's answer about its own influence: over all (no decision) or on one decision, with a version."""

    class Answer(models.TextChoices):
        MORE = "more", _("more influence")
        SAME = "same", pgettext_lazy("compared with last time", "the same")
        LESS = "less", _("less influence")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="influence_changes")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, null=True, related_name="influence_changes")
    answer = models.CharField(max_length=4, choices=Answer)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=160)  # of whoever said or entered it, as it stood
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("participant", "decision", name="said_since_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(answer__in=["more", "same", "less"]), name="said_since_is_known"),
            # Until she who said it erases herself.
            models.CheckConstraint(condition=~Q(name="") | Q(by=None), name="said_since_has_a_name"),
        ]
        triggers = [
            Trigger(
                name="said_since_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("participant_id", "decision_id", "answer", "version"),
                declare=rules.SAID_SINCE_BY_THE_RULES_VARIABLES,
                func=rules.SAID_SINCE_BY_THE_RULES,
            ),
        ]

    @property
    def said_by(self) -> str:
        if not self.name or self.by is None:
            return self.name or str(_("someone who has left"))
        return with_name_of_today(self.name, self.name, self.by.get_full_name())
