"""An IATI file that a facilitator imports: the file, the choices and the preview, until they are saved or deleted."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.assessment import Assessment
from partnerships.models import User

RETENTION = timedelta(hours=24)


class IatiImport(models.Model):
    """One import of an assessment. It is deleted when the facts are saved, when someone says no, or after 24 hours.

    The worker fills `found` or `problem`, and then `preview` from what a facilitator chose. Every choice raises the
    version, so that nobody saves a preview other than the one that they saw.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="iati_import")
    uploaded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    problem = models.CharField(max_length=20, blank=True)
    line = models.PositiveIntegerField(default=0)
    activity = models.CharField(max_length=120, blank=True)
    found = models.JSONField(null=True)
    chosen = models.JSONField(null=True)
    preview = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["uploaded_at"], name="iati_uploaded")]
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen__isnull=True) | Q(found__isnull=False, problem=""),
                name="iati_chosen_from_what_was_found",
            ),
            models.CheckConstraint(
                condition=Q(preview__isnull=True) | Q(chosen__isnull=False), name="iati_preview_of_choices"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def state(self) -> str:
        """Return what comes next: reading, refused, choosing, counting or preview."""
        if self.problem:
            return "refused"
        if self.found is None:
            return "reading"
        if self.chosen is None:
            return "choosing"
        return "counting" if self.preview is None else "preview"

    @property
    def is_under_way(self) -> bool:
        """Say whether the worker has something to do."""
        return self.state in ("reading", "counting")


class IatiLines(models.Model):
    """A page of the transactions behind one part of a preview. It is written and deleted with the preview."""

    iati_import = models.ForeignKey(IatiImport, on_delete=models.CASCADE, related_name="pages")
    part = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    lines = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint("iati_import", "part", "number", name="iati_lines_once")]


class IatiPiece(models.Model):
    """A piece of the file. The worker reads one after the other, so that no process has the whole file in memory."""

    iati_import = models.ForeignKey(IatiImport, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("iati_import", "number", name="iati_piece_once")]
