"""Texts of this website that readers reported as wrong."""

from django.db import models
from django.db.models.functions import MD5
from django.utils import timezone

from partnerships.codes import new_code


class WrongText(models.Model):
    """A text that a reader reported as wrong. The row has no person and no hour, so that it shows no one who wrote."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    language = models.CharField(max_length=10)
    page = models.CharField(max_length=200, blank=True)
    present_text = models.CharField(max_length=1000)
    better_text = models.CharField(max_length=1000, blank=True)
    reported_on = models.DateField(default=timezone.localdate)
    handled_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(present_text=""), name="wrong_text_is_named"),
            models.UniqueConstraint(
                "language",
                "reported_on",
                *(MD5(name) for name in ("page", "present_text", "better_text")),
                name="wrong_text_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code
