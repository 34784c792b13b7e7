"""Findings about the system, the factors they are about, and what they rest on."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.factors import FACTORS
from community.models.case_studies import CaseStudy
from community.models.figures import Figure
from community.models.items import Item
from partnerships.codes import new_code
from partnerships.models import User
from partnerships.triggers import Trigger


class Factor(models.Model):
    """Something in the system that makes partners unequal."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)  # empty: the words of FACTORS
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name or str(FACTORS.get(self.slug, self.slug))


class Status(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("status of a finding", "proposed")
    SUPPORTED = "supported", pgettext_lazy("status of a finding", "supported")
    CONTESTED = "contested", pgettext_lazy("status of a finding", "contested")
    RETIRED = "retired", pgettext_lazy("status of a finding", "retired")


class Finding(Item):
    """A claim about the system; the claim itself is the item's title."""

    status = models.CharField(max_length=9, choices=Status, default=Status.PROPOSED)
    factors = models.ManyToManyField(Factor, related_name="findings", blank=True)
    # Of the demo; only these may cite the example of the evidence base (triggers in 0011).
    is_example = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=Status.values), name="finding_status_known")]
        triggers = [
            Trigger(
                name="finding_example_stays",
                operation=pgtrigger.UpdateOf("is_example"),
                condition=pgtrigger.Condition("OLD.is_example <> NEW.is_example"),
                func="""
                    RAISE EXCEPTION 'an example stays one, and nothing else becomes one'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_example_stays';
                """,
            ),
        ]


class StatusChange(models.Model):
    """Why a finding's status changed, by whom."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="status_changes")
    status = models.CharField(max_length=9, choices=Status)
    reason = models.CharField(_("reason"), max_length=1000)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(reason__gt=""), name="status_has_a_reason")]


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", _("document")
    CASE_STUDY = "case", _("case study from a partnership")
    FIGURE = "figure", _("figure from the evidence base")


class Evidence(models.Model):
    """One thing that an item rests on, or that speaks against it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="evidence")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=8, choices=EvidenceKind)
    against = models.BooleanField(_("this document is evidence against the text"), default=False)
    says = models.CharField(_("what this document says about the text"), max_length=600, blank=True)
    title = models.CharField(_("title of the document"), max_length=300, blank=True)
    source = models.CharField(_("publisher"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    case = models.OneToOneField(CaseStudy, on_delete=models.CASCADE, null=True, blank=True, related_name="as_evidence")
    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, null=True, blank=True, related_name="cited_in")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="document", case=None, figure=None, title__gt="")
                | Q(kind="case", case__isnull=False, figure=None)
                | Q(kind="figure", case=None, figure__isnull=False),
                name="evidence_is_what_its_kind_says",
            ),
        ]
        triggers = [
            Trigger(
                name="evidence_of_examples",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("figure_id", "item_id"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM community_figure f JOIN community_evidencesnapshot s ON s.id = f.snapshot_id
                        WHERE f.id = NEW.figure_id AND s.is_example)
                       AND NOT EXISTS (SELECT 1 FROM community_finding
                           WHERE item_ptr_id = NEW.item_id AND is_example) THEN
                        RAISE EXCEPTION 'made-up numbers are evidence for examples only'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_examples';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
