"""When each daily job was last done."""

from django.db import models


class DailyRun(models.Model):
    """For which due time a daily job (`powertool.daily`) was last done, and until when a worker has taken it."""

    task = models.CharField(primary_key=True, max_length=100)
    done_for = models.DateTimeField(null=True, blank=True)
    taken_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.task
