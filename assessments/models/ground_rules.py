"""The session agreement: a few lines that everybody keeps to, and who said so. Names are the person's own."""

from django.db import models
from django.utils import timezone

from assessments.models.assessment import Assessment
from partnerships.models import Membership


class SessionAgreement(models.Model):
    """The lines as facilitators worded them; none means those that every session starts with, in each language.

    Other words are another agreement: a trigger takes back what was accepted before.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="session_agreement")
    lines = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=12, blank=True)  # of the lines, where facilitators worded them
    version = models.PositiveIntegerField(default=1)


class Accepted(models.Model):
    """“I keep to this”, said by one member of one wording. How many did is open; who did is seen by herself only."""

    agreement = models.ForeignKey(SessionAgreement, on_delete=models.CASCADE, related_name="accepted")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("agreement", "membership", name="agreement_accepted_once")]
