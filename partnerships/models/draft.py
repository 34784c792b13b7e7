"""What somebody has typed about a new partnership."""

from django.db import models
from django.utils import timezone

from partnerships.codes import new_code
from partnerships.models.accounts import User


class Draft(models.Model):
    """What a person has typed about a new partnership and not sent yet. Only she reads it, from any device."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="draft")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)  # of what it becomes
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.code
