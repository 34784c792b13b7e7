"""The PDF of the report, made once for each content and language."""

from django.utils import timezone, translation

from assessments import report
from assessments.models import Job, Report
from assessments.results.reporting.content import content_of
from assessments.results.reporting.files import digest, moment_of


def make_report(job: Job) -> Report:
    """Make the PDF in the language that was asked for; unchanged content is not set again."""
    assessment = job.assessment
    with translation.override(job.language):
        content = content_of(assessment)
    fingerprint = digest(content)
    existing = Report.objects.filter(assessment=assessment, language=job.language).first()
    if existing and existing.digest == fingerprint:
        return existing
    made = report.pdf(content, moment_of(assessment))
    row, _created = Report.objects.update_or_create(
        assessment=assessment,
        language=job.language,
        defaults={"digest": fingerprint, "pdf": made, "created_at": timezone.now()},
    )
    return row
