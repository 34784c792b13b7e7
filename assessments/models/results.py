"""What workers computed, and the jobs that wait for them."""

from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models import rules
from assessments.models.assessment import Assessment, Mode
from partnerships.codes import new_code
from partnerships.models import Partnership
from partnerships.triggers import Trigger


class Release(models.Model):
    """What is shown of the private ratings, made once. It can only shrink (a trigger refuses all else)."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="release")
    mode = models.CharField(max_length=12, choices=Mode)
    data = models.JSONField()  # assessments.disclosure.release
    agreements = models.JSONField(default=list)  # per decision: all agree / not all agree / hidden
    reasons = models.JSONField(default=dict)  # what writers gave to the group: unsigned (shuffled) and signed
    basis = models.JSONField(default=dict)  # private: which sides stand here by ticks, for erasures
    figures = models.JSONField(default=dict)
    method_version = models.CharField(max_length=20)
    input_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    shrunk_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [
            Trigger(
                name="release_adds_no_verdict",
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM assessments_decision d
                        JOIN assessments_privateballot b ON b.decision_id = d.id
                            CROSS JOIN LATERAL jsonb_array_elements(NEW.agreements) one
                            WHERE d.assessment_id = NEW.assessment_id AND one -> 'decision' = to_jsonb(d.number)
                            AND one ->> 'agree' IS NOT NULL) THEN
                        RAISE EXCEPTION 'a question was asked in the session'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_adds_no_verdict';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="release_only_shrinks",
                operation=pgtrigger.Update,
                func="""
                    IF coalesce(current_setting('powertool.shrink', true), '') <> 'on' THEN
                        RAISE EXCEPTION 'a release is made once' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'release_only_shrinks';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class AgreedResult(models.Model):
    """The scores of the agreed levels at one version of the joint session; final once the assessment is closed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="agreed_results")
    version = models.PositiveIntegerField()
    final = models.BooleanField(default=False)
    # The last side of an import was declared after closing. Results by side begin here, and nothing else changes.
    sides_declared = models.BooleanField(default=False, db_default=False)
    scores = models.JSONField()
    figures = models.JSONField(default=dict)
    method_version = models.CharField(max_length=20)
    input_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint("assessment", "version", name="agreed_result_once_per_version"),
            models.UniqueConstraint(
                "assessment", "sides_declared", condition=Q(final=True), name="agreed_result_final_once"
            ),
            models.CheckConstraint(
                condition=Q(sides_declared=False) | Q(final=True), name="agreed_result_of_declared_sides_is_final"
            ),
        ]
        triggers = [
            Trigger(
                name="agreed_result_by_side_waited",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("sides_declared"),
                func=rules.RESULT_BY_SIDE_WAITED,
            ),
            Trigger(
                name="agreed_result_final_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.final AND (NEW.scores <> OLD.scores OR NOT NEW.final) THEN
                        RAISE EXCEPTION 'the final result stays' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'agreed_result_final_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Report(models.Model):
    """The report as PDF, made in the worker from the Release and the AgreedResult."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    language = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    pdf = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "language", name="report_once_per_language")]


class SharedFile(models.Model):
    """A picture, the slides or the one page, made in the worker like the report; all of a language have one digest."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="shared_files")
    language = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("assessment", "language", "name", name="shared_file_once_per_language")]


class KeptReportQuerySet(models.QuerySet["KeptReport"]):
    def for_member(self, partnership: int, since: datetime) -> "KeptReportQuerySet":
        """Return the reports that somebody who is a member since then may download: of what was deleted later."""
        oldest = timezone.now() - timedelta(days=settings.RETENTION["kept_reports"])
        return self.filter(partnership=partnership, deleted_at__gte=since, deleted_at__gt=oldest)


class KeptReport(models.Model):
    """The report of an assessment that both sides deleted, kept for those who were members, for 30 days.

    A worker makes the PDF from the content, since the assessment is gone.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="kept_reports")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=12)
    content = models.JSONField()
    file_name = models.CharField(max_length=120)
    moment = models.DateTimeField()  # that the PDF names
    pdf = models.BinaryField(null=True)
    deleted_at = models.DateTimeField(default=timezone.now)

    objects = KeptReportQuerySet.as_manager()

    class Meta:
        ordering = ["-deleted_at", "title", "language"]


class JobQuerySet(models.QuerySet["Job"]):
    def pending(self) -> "JobQuerySet":
        return self.exclude(state=Job.State.FAILED).filter(done__lt=models.F("wanted"))


class Job(models.Model):
    """A job for the workers. The row counts; the message of a task only makes it fast."""

    class Kind(models.TextChoices):
        RELEASE = "release"
        AGREED = "agreed"
        REPORT = "report"
        SHARING = "sharing"
        IATI = "iati"

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=8, choices=Kind)
    language = models.CharField(max_length=12, blank=True)  # reports and files to share only
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    wanted = models.PositiveIntegerField(default=1)  # grows with every request
    done = models.PositiveIntegerField(default=0)  # the request that the last run served
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "kind", "language", name="work_once_per_kind")]
        indexes = [models.Index(fields=["state"], name="work_state")]
