"""Published versions of a paper, and their files."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from community.models import rules
from community.models.papers.papers import PolicyPaper
from partnerships.codes import new_code
from partnerships.models import User
from partnerships.triggers import Trigger


class PaperVersion(models.Model):
    """A paper as it was published on a day. It never changes (a trigger holds that)."""

    paper = models.ForeignKey(PolicyPaper, on_delete=models.PROTECT, related_name="versions")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # of `content`
    published_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("paper", "number", name="paper_version_once")]
        triggers = [
            Trigger(
                name="paper_version_remains",
                operation=pgtrigger.Delete,
                func=rules.WORDS_STAY,
            ),
            Trigger(
                name="paper_version_stays",
                operation=pgtrigger.UpdateOf("paper_id", "code", "number", "content", "digest", "published_at"),
                func=rules.WORDS_STAY,
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("community:paper-version", args=[self.code])


class Format(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    ODT = "odt", "OpenDocument"


class FileState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PaperFile(models.Model):
    """A version as a file. The row is the truth; a task's message only makes it fast."""

    version = models.ForeignKey(PaperVersion, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format)
    state = models.CharField(max_length=7, choices=FileState, default=FileState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    data = models.BinaryField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("version", "format", name="paper_file_once"),
            models.CheckConstraint(condition=~Q(state="done") | Q(data__isnull=False), name="paper_file_done_has_data"),
        ]
