"""Downloads: the numbers of the report as files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.exports.formats import FORMATS
from assessments.models import Assessment
from assessments.results.tables.export import export_of
from assessments.services.followup import reports
from assessments.views.attachments import attached
from assessments.views.decorators import assessment_required
from partnerships import limits
from partnerships.access import MemberRoles
from partnerships.services import Refused

MOST = 30  # files of one person in ten minutes


def offered_formats() -> list[dict]:
    """Return the formats that the report's page offers, each with its purpose."""
    texts = {
        "xlsx": (
            _("Excel workbook"),
            _(
                "for reading and calculating in Excel, with one sheet for each table and a sheet that explains the "
                "columns."
            ),
        ),
        "ods": (
            _("OpenDocument workbook"),
            _("for LibreOffice and other free software, with the same content as the Excel workbook."),
        ),
        "csv": (
            _("CSV files with HXL tags"),
            _("for data platforms and statistics, as a zip file with one file for each table."),
        ),
        "json": (_("JSON"), _("for use in other software.")),
    }
    return [{"kind": kind, "title": title, "purpose": purpose} for kind, (title, purpose) in texts.items()]


@require_safe
@limits.limited("files", MOST)
@assessment_required()
def download(request: HttpRequest, assessment: Assessment, member: MemberRoles, kind: str) -> HttpResponse:
    """Return the report's tables as a file: the same for every member, in the language of the page."""
    if kind not in FORMATS:
        raise Http404
    if not reports.has_results(assessment):
        raise Refused(
            _("There is nothing to download yet. No levels have been agreed, and no results have been released.")
        )
    export, chosen = export_of(assessment), FORMATS[kind]
    return attached(chosen.write(export), chosen.content_type, f"{export.name}.{chosen.ending}")
