"""The activity log of a partnership."""

from django.db import models
from django.utils import timezone

from partnerships.models.accounts import User
from partnerships.models.membership import Membership
from partnerships.models.partnership import Partnership


class ActivityLogEntry(models.Model):
    """Who did what when, for a partnership's facilitators. Private answers never appear here."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="activity_log")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    about = models.CharField(
        max_length=200, blank=True
    )  # never a person's name; whose membership it is about is `membership`
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["partnership", "-at"])]

    def __str__(self) -> str:
        return self.verb
