"""The person outside the grant line to whom members can raise a concern. Who it is, everybody sees."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment


class TrustedPerson(models.Model):
    """One person, with the public key of her link. The link's code goes to her by mail and is not kept after that."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="trusted")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=12, blank=True)
    digest = models.CharField(max_length=64, unique=True)  # of her code, to find her page
    key = models.BinaryField()
    to_mail = models.CharField(max_length=40, blank=True)  # the code, until the mail is out
    named_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("assessment", condition=Q(replaced_at=None), name="trusted_person_one_at_a_time"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(email=""), name="trusted_person_can_be_reached"),
        ]

    def __str__(self) -> str:
        return self.name
