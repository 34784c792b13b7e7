"""How a person wants to be told."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Notification, User


class Subject(models.TextChoices):
    MENTION = "mention", _("Someone mentions me")
    COMMENT = "comment", _("Someone comments on a text that I wrote or commented on")
    CHANGE = "change", _("There is a change to a text that I wrote or endorsed, or to its status")
    WORK = "work", _("New texts are published in my groups")


class How(models.TextChoices):
    NOW = "now", _("Immediately")
    DAILY = "daily", _("Once a day, in one e-mail")
    NONE = "none", _("Not by e-mail")


DEFAULTS = {Subject.MENTION: How.NOW, Subject.COMMENT: How.NOW, Subject.CHANGE: How.DAILY, Subject.WORK: How.DAILY}


class MailChoice(models.Model):
    """A person's choice for one subject; no row: the default."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mail_choices")
    subject = models.CharField(max_length=7, choices=Subject)
    how = models.CharField(max_length=5, choices=How)

    class Meta:
        constraints = [models.UniqueConstraint("user", "subject", name="mail_choice_once")]


class DigestLine(models.Model):
    """A notification that waits for its reader's next daily mail. Pending work is a row that beat sweeps."""

    notification = models.OneToOneField(
        Notification, on_delete=models.CASCADE, primary_key=True, db_column="notice_id", related_name="digest_line"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "sent_at"], name="digest_waiting")]
