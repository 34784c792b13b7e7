"""The report as PDF: a worker makes it, the same for every member."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Job, Report
from assessments.workflow import jobs
from partnerships.services import Refused


@transaction.atomic
def ask(assessment: Assessment, language: str) -> Job:
    """Ask a worker for the PDF in a language; while one is being made, no second is asked for."""
    if not has_results(assessment):
        raise Refused(
            _("There is nothing to report yet. No levels have been agreed, and no results have been released.")
        )
    return jobs.request_unless_pending(assessment, Job.Kind.REPORT, language)


def has_results(assessment: Assessment) -> bool:
    return hasattr(assessment, "release") or assessment.agreed_results.exists()


def report_of(assessment: Assessment, language: str) -> Report | None:
    return assessment.reports.filter(language=language).first()


def about(assessment: Assessment, language: str) -> Report | None:
    """Return the report's row without the PDF itself."""
    return assessment.reports.filter(language=language).defer("pdf").first()
