"""Case studies: redacted stories from one partnership, approved by both of its sides."""

from django.db import models
from django.utils import timezone

from community.models.items import Item
from partnerships.models import Membership, Partnership, Side, User


class CaseStudy(Item):
    """A redacted story from one partnership; `whole` is what it is evidence for.

    It is published only while somebody of each side has approved the exact text. Revoked, it is blank in every version.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="case_studies")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        db_table = "community_case"  # as it was named first: old code may still run beside this


class Approval(models.Model):
    """Somebody of one side approves the text with this digest, and no other."""

    case = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="approvals")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("case", "membership", "digest", name="case_approved_once")]
