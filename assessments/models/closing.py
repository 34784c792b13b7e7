"""Closing: the right of reply, remarks, and every facilitator's confirmation."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment, Participant
from assessments.models.limits import LONGEST_REMARK, LONGEST_REPLY
from partnerships.models import Membership, User
from partnerships.names import with_name_of_today
from partnerships.triggers import Trigger


class Reply(models.Model):
    """An organisation's right of reply, printed in the report."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="reply")
    text = models.TextField(_("reply"), max_length=LONGEST_REPLY)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class ReplyDay(models.Model):
    """The last day for replies. Closing before it needs a reply, or “nothing to add”, of every organisation."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, primary_key=True, related_name="reply_day")
    due = models.DateField(_("last day for replies"))


class NothingToAdd(models.Model):
    """An organisation says that it does not reply. A reply deletes the row, and so does going back to the session."""

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="nothing_to_add")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            Trigger(
                name="nothing_to_add_by_the_rules",
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM assessments_reply WHERE participant_id = NEW.participant_id) THEN
                        RAISE EXCEPTION 'this organisation has replied'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_or_nothing';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM assessments_assessment a
                        JOIN assessments_participant p ON p.assessment_id = a.id
                            WHERE p.id = NEW.participant_id AND a.stage = 'readback') THEN
                        RAISE EXCEPTION 'this is said at the read-back'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_to_add_at_the_read_back';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Remark(models.Model):
    """A comment of a member, or a remark of a facilitator; both stand in the report."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="remarks")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    author = models.CharField(max_length=160)  # name and organisation as they stood
    by_facilitator = models.BooleanField(default=False)
    text = models.TextField(max_length=LONGEST_REMARK)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    @property
    def said_by(self) -> str:
        """Return the author as she signed; her name of today behind it, if she changed it since."""
        if not self.author or self.membership is None:
            return self.author or str(_("Someone who has left"))
        return with_name_of_today(self.author, self.membership.name_at(self.at), self.membership.get_full_name())


class ClosingConfirmation(models.Model):
    """A facilitator confirms that the final review is right."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="closing_confirmations")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "membership", name="closing_confirmed_once")]
