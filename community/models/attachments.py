"""Files beside a text."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.codes import new_code
from partnerships.models import User

if TYPE_CHECKING:
    pass
from community.models.items import Item


class Attachment(models.Model):
    """A file beside an item. Its kind is what its content says, its name is made safe."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="attachments")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=5)  # pdf, docx … (community.services.attachments)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("item", "digest", name="attached_once"),
            models.CheckConstraint(condition=Q(size__lte=10 * 1024 * 1024), name="attachment_not_too_large"),
        ]

    def __str__(self) -> str:
        return self.name


class AttachmentContent(models.Model):
    """The bytes, apart, so that lists do not fetch them; in the database, so that one backup holds everything."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, primary_key=True, related_name="content")
    data = models.BinaryField()
