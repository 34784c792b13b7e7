"""Findings about the system, the factors they are about, and what they rest on."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.evidence import words
from community.factors import FACTORS
from community.models import rules
from community.models.evidence import EvidenceSnapshot
from community.models.items import Item
from partnerships.codes import new_code
from partnerships.models import Membership, Partnership, Side, User
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


class Case(Item):
    """A redacted story from one partnership; `whole` is what it is evidence for.

    It is published only while somebody of each side has approved the exact text. Revoked, it is blank in every version.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="cases")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")


class Approval(models.Model):
    """Somebody of one side approves the text with this digest, and no other."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("case", "membership", "digest", name="case_approved_once")]


class Figure(models.Model):
    """A table of the evidence base as it was on a day. The evidence base fills these; they never change (a trigger).

    Except that one is hidden, for good, once something that it rests on was revoked.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    snapshot = models.ForeignKey(EvidenceSnapshot, on_delete=models.PROTECT, related_name="figures")
    key = models.CharField(max_length=40)  # which table, and thereby which question
    values = models.JSONField()
    method_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)  # of key, values, date and method
    taken_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("snapshot", "key", name="figure_once")]
        triggers = [
            Trigger(
                name="evidence_figure_one_decimal",
                operation=pgtrigger.Insert,
                declare=rules.ONE_DECIMAL_VARIABLES,
                func=rules.ONE_DECIMAL,
            ),
            Trigger(
                name="evidence_figure_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.hidden_at IS NOT NULL OR to_jsonb(NEW) - 'hidden_at' <> to_jsonb(OLD) - 'hidden_at' THEN
                        RAISE EXCEPTION 'what was published stays as it was, or hidden'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("community:figure", args=[self.code])

    @property
    def title(self) -> str:
        return str(words.TITLES[self.key])

    @property
    def is_example(self) -> bool:
        return bool(self.values.get("example"))

    @property
    def says(self) -> str:
        return str(words.HIDDEN) if self.hidden_at else words.sentence(self.values)


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", _("document")
    CASE = "case", _("case from a partnership")
    FIGURE = "figure", _("figure from the evidence base")


class Evidence(models.Model):
    """One thing that an item rests on, or that speaks against it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="evidence")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=8, choices=EvidenceKind)
    against = models.BooleanField(_("it speaks against it"), default=False)
    says = models.CharField(_("what it says about this"), max_length=600, blank=True)
    title = models.CharField(_("title of the document"), max_length=300, blank=True)
    source = models.CharField(_("by whom it was published"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="as_evidence")
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
