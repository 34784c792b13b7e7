"""Which records of another tool came in, and what they became."""

from django.db import models
from django.utils import timezone


class ImportedRecord(models.Model):
    """One record of a source that was imported. A second import leaves it alone, even if its object is deleted."""

    source = models.CharField(max_length=40)  # the operator's name for the other tool
    model = models.CharField(max_length=40)
    key = models.BigIntegerField()  # in the source
    target = models.CharField(max_length=60)  # app.model
    target_id = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("source", "model", "key", name="imported_record_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.model} {self.key}"
