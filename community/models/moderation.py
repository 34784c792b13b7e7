"""Reports, decisions and appeals about texts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.groups import WorkingGroup
from community.models.items import Item
from partnerships.models import User


class ModerationEntry(models.Model):
    """One act of moderation; together they are the moderation log. Reports and appeals wait until they are settled."""

    class Verb(models.TextChoices):
        REPORTED = "reported", _("reported")
        DISMISSED = "dismissed", _("left the text unchanged")
        HID = "hid", _("hid the text")
        APPEALED = "appealed", _("appealed")
        RESTORED = "restored", _("restored the text")
        KEPT = "kept", _("kept the text hidden")
        ROLE = "role", _("changed a role")

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="moderation")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True, related_name="moderation")
    verb = models.CharField(max_length=9, choices=Verb)
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    # Whose role was changed.
    member = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="settles")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "item",
                "actor",
                "verb",
                condition=Q(verb__in=["reported", "appealed"], settled_by__isnull=True),
                name="moderation_waits_once",
            ),
            models.CheckConstraint(condition=Q(reason__gt=""), name="moderation_has_a_reason"),
        ]

    @property
    def who(self) -> str:
        """Say whose role was changed, and to what; entries from before this was kept apart have all in `reason`."""
        return f"{self.member}: {self.reason}" if self.member else self.reason
