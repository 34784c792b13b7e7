"""The report of an assessment that both sides delete: kept for its members for 30 days.

Its content is taken before the rows go, in each language of the members. A worker makes the PDFs from it.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import translation

from assessments import report
from assessments.models import Assessment, KeptReport
from assessments.results.reporting.content import content_of
from assessments.results.reporting.files import file_name, moment_of
from assessments.services.followup.reports import has_results
from partnerships.access import MemberRoles
from partnerships.locales import language_name
from partnerships.task_sending import send_task


def keep(assessment: Assessment) -> bool:
    """Keep the report's content in the languages of the members; return whether there was any."""
    if not has_results(assessment):
        return False
    rows = KeptReport.objects.bulk_create(_kept(assessment, language) for language in _languages(assessment))
    pks = [row.pk for row in rows]
    transaction.on_commit(lambda: [send_task("assessments.tasks.make_kept_report", pk) for pk in pks], robust=True)
    return True


def _languages(assessment: Assessment) -> list[str]:
    read = assessment.partnership.memberships.in_force().order_by().values_list("user__language", flat=True)
    offered = dict(settings.LANGUAGES)
    return sorted({language if language in offered else settings.LANGUAGE_CODE for language in read})


def _kept(assessment: Assessment, language: str) -> KeptReport:
    with translation.override(language):
        content, name = content_of(assessment), file_name(assessment, language)
    return KeptReport(
        partnership=assessment.partnership,
        title=assessment.title,
        language=language,
        content=content,
        file_name=name,
        moment=moment_of(assessment),
    )


def make(pk: int) -> bool:
    """Make the PDF of one kept report; return whether it was made here. A second time does nothing."""
    kept = KeptReport.objects.filter(pk=pk, pdf=None).first()
    if kept is None:
        return False
    made = report.pdf(kept.content, kept.moment)
    return bool(KeptReport.objects.filter(pk=pk, pdf=None).update(pdf=made))


def make_all() -> int:
    """Make the PDFs whose message was lost; return how many."""
    return sum(make(pk) for pk in KeptReport.objects.filter(pdf=None).values_list("pk", flat=True)[:20])


# --- for members


def days() -> int:
    return settings.RETENTION["kept_reports"]


def _of(member: MemberRoles) -> QuerySet[KeptReport]:
    since = min(membership.admitted_at for membership in member.memberships if membership.admitted_at)
    return KeptReport.objects.for_member(member.any.partnership_id, since)


def listed(member: MemberRoles) -> list[dict[str, Any]]:
    """Return the reports that a member can download, without their content."""
    made = ExpressionWrapper(Q(pdf__isnull=False), output_field=BooleanField())
    rows = _of(member).annotate(is_made=made).values("code", "title", "language", "is_made")
    return [{**row, "language_name": language_name(row["language"])} for row in rows]


def are_there(member: MemberRoles) -> bool:
    return _of(member).exists()


def find(member: MemberRoles, code: str) -> KeptReport | None:
    return _of(member).filter(code=code).first()
