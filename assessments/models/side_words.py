"""The word of a side: a “yes” that one person gives for Northern, Southern or other partners (METHOD §4, rule 6)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import rules
from assessments.models.assessment import SECOND, Assessment
from partnerships.models import Membership, Role, Side
from partnerships.triggers import Trigger


class Matter(models.TextChoices):
    """What both sides decide together."""

    CLOSE_RATING = "close_rating", _("closing the private ratings")
    MOVE_DAY = "move_day", _("changing the last day to answer")
    REOPEN_DECISIONS = "reopen_decisions", _("reopening the list of decisions")
    REMOVE_MEMBER = "remove_member", _("ending a membership")
    DELETE_ASSESSMENT = "delete_assessment", _("deleting the assessment")
    SHARE_FACTS = (
        "share_facts",
        _("including each side's share (for example, of the money or staff) in the report and in files"),
    )


class SideWordQuerySet(models.QuerySet["SideWord"]):
    def in_force(self) -> "SideWordQuerySet":
        """Return the words that count: given by people whose membership has not ended."""
        return self.filter(
            given_by__admitted_at__isnull=False,
            given_by__voided_at__isnull=True,
            given_by__role__in=(Role.FACILITATOR, Role.REPRESENTATIVE),
        )


class SideWord(models.Model):
    """One side's “yes” to one matter. Pages show the day that follows from it, never whose it is."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="side_words")
    matter = models.CharField(max_length=20, choices=Matter)
    subject = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")  # whose membership
    day = models.DateField(null=True)  # the last day to answer that is proposed
    side = models.CharField(max_length=6)
    given_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    objects = SideWordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "assessment", "matter", "subject", "side", name="side_word_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(side__in=[*Side.values, SECOND]), name="side_word_side_known"),
            models.CheckConstraint(
                condition=Q(matter=Matter.REMOVE_MEMBER, subject__isnull=False)
                | ~Q(matter=Matter.REMOVE_MEMBER) & Q(subject=None),
                name="side_word_subject_of_a_removal",
            ),
            models.CheckConstraint(
                condition=Q(matter=Matter.MOVE_DAY, day__isnull=False) | ~Q(matter=Matter.MOVE_DAY) & Q(day=None),
                name="side_word_day_of_a_move",
            ),
        ]
        triggers = [
            Trigger(
                name="word_is_its_sides",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("assessment_id", "matter", "subject_id", "side", "given_by_id"),
                func=rules.WORD_IS_ITS_SIDES,
            ),
        ]


class RemovalObjection(models.Model):
    """A representative objects to the end of her membership; only she gives it and takes it back."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="removal_objections")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "membership", name="removal_objection_once")]
