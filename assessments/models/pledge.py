"""Who gives money here or leads, and what their representatives signed about it, by name."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from partnerships.models import Membership, Partner
from partnerships.names import with_today


class Funder(models.Model):
    """A partner that gives money here, or leads; facilitators say which when they set the assessment up."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="funders")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["partner__position", "partner_id"]
        constraints = [models.UniqueConstraint("assessment", "partner", name="funder_once")]


class Pledge(models.Model):
    """A promise that nothing rated or said here affects grants, appraisals or reports; withdrawn, it still stays."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="pledges")
    partner = models.ForeignKey(Partner, on_delete=models.RESTRICT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=160)  # as it stood
    signed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "assessment", "membership", condition=Q(withdrawn_at__isnull=True), name="pledge_stands_once"
            ),
            # Until she who signed erases herself.
            models.CheckConstraint(condition=~Q(name="") | Q(membership=None), name="pledge_has_a_name"),
        ]

    @property
    def signed_by(self) -> str:
        if not self.name or self.membership is None:
            return self.name or str(_("somebody who left"))
        return with_today(self.name, self.membership.name_at(self.signed_at), self.membership.get_full_name())
