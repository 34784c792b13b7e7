"""Policy papers, their sections and recommendations, and what a recommendation rests on."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.models import rules
from community.models.items import Item
from community.models.languages import Language
from partnerships.models import User
from partnerships.triggers import Trigger


class PolicyPaper(Item):
    """A paper; its own text is the summary. Coordinators of the group, its author and its editors edit it."""

    editors = models.ManyToManyField(User, related_name="edited_papers", blank=True)
    # What a paper itself asks for beside its own language, until its group has chosen.
    languages = ArrayField(models.CharField(max_length=3, choices=Language), default=list, blank=True)

    def needed_languages(self) -> list[str]:
        """Return in which languages a recommendation must be there before both sides are asked about it."""
        return list(dict.fromkeys([*(self.group.languages or self.languages), self.language]))


class Section(Item):
    """A passage of a paper; `whole` is the paper too (a trigger holds that)."""

    paper = models.ForeignKey(PolicyPaper, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"], name="section_place_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        triggers = [
            Trigger(
                name="section_of_its_paper",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("paper_id"),
                func=rules.PART_OF_PAPER,
            ),
        ]


class PaperStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("standing of a recommendation", "proposed")
    ADOPTED = "adopted", pgettext_lazy("standing of a recommendation", "adopted by both sides")
    NOT_ADOPTED = "not_adopted", pgettext_lazy("standing of a recommendation", "not adopted")


class Recommendation(Item):
    """What somebody is asked to do. Its number stays when others go; its standing is what the last round found."""

    paper = models.ForeignKey(PolicyPaper, on_delete=models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    addressed_to = models.CharField(_("addressed to"), max_length=300, blank=True)
    moment = models.CharField(_("decision that the recommendation should influence"), max_length=300, blank=True)
    by_day = models.DateField(_("deadline"), null=True, blank=True)
    standing = models.CharField(max_length=11, choices=PaperStatus, default=PaperStatus.PROPOSED)
    decided_version = models.PositiveIntegerField(null=True, blank=True)  # the words that the last round was about

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("paper", "number", name="recommendation_number_once"),
            models.CheckConstraint(condition=Q(standing__in=PaperStatus.values), name="recommendation_standing_known"),
            models.CheckConstraint(
                condition=Q(standing="proposed") | Q(decided_version__isnull=False),
                name="recommendation_decided_on_words",
            ),
        ]
        triggers = [
            Trigger(
                name="recommendation_adopted",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("standing", "decided_version"),
                func="""
                    IF NEW.standing = 'adopted' AND NOT EXISTS (SELECT 1 FROM community_roundtext
                        WHERE recommendation_id = NEW.item_ptr_id AND version = NEW.decided_version
                            AND outcome = 'adopted') THEN
                        RAISE EXCEPTION 'only a round adopts' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'adopted_in_a_round';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="recommendation_of_its_paper",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("paper_id"),
                func=rules.PART_OF_PAPER,
            ),
        ]

    @property
    def is_adopted(self) -> bool:
        """Say whether both sides adopted these very words."""
        return self.standing == PaperStatus.ADOPTED and self.decided_version == self.version

    @property
    def has_changed(self) -> bool:
        """Say whether the words are others than those that were decided on."""
        return self.standing != PaperStatus.PROPOSED and self.decided_version != self.version


class Basis(models.Model):
    """A recommendation answers a finding or generalises a measure."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="bases")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="became")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "bases"
        constraints = [models.UniqueConstraint("recommendation", "item", name="basis_once")]
        triggers = [
            Trigger(
                name="basis_kind",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id
                        AND kind IN ('finding', 'measure')) THEN
                        RAISE EXCEPTION 'a recommendation rests on findings and measures'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'basis_kind';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
