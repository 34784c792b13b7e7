"""Asking for the files to share. They are made in the worker, the same for every member."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Assessment, Job, SharedFile
from assessments.services.followup.reports import has_results
from assessments.workflow import jobs
from partnerships.services import Refused


@transaction.atomic
def request_files(assessment: Assessment, language: str) -> Job:
    """Ask the worker for the files in a language; asking while they are being made is no second request."""
    if not has_results(assessment):
        raise Refused(
            _("There are no results to share yet. No levels have been agreed, and no results have been released.")
        )
    return jobs.request_unless_pending(assessment, Job.Kind.SHARING, language)


def files_of(assessment: Assessment, language: str) -> QuerySet[SharedFile]:
    """Return the files of a language without their bytes."""
    return assessment.shared_files.filter(language=language).defer("content")
