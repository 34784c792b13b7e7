"""What a facilitator's machine sent after a session without a network, so that nothing is counted twice."""

from django.db import models
from django.utils import timezone

from assessments.models.assessment import Assessment


class LaptopReceipt(models.Model):
    """The answer to one change that was applied. Sent again, the change gets the same answer and does nothing."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="+")
    mutation = models.UUIDField()
    receipt = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "mutation", name="laptop_change_once")]
