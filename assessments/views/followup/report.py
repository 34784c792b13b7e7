"""The report: a page to read and print, and the same as a PDF that a worker makes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment, Job
from assessments.results import presenters
from assessments.results.reporting import files
from assessments.results.reporting.content import content_of
from assessments.services.followup import reports
from assessments.views.attachments import answer_poll, attached, language
from assessments.views.decorators import assessment_required, context
from assessments.views.followup import downloads
from assessments.workflow import jobs
from partnerships.access import MemberRoles
from partnerships.limits import limited


@require_safe
@assessment_required()
def report(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the report, and the state of its PDF."""
    results = presenters.results_of(assessment)
    more: dict = {"ready": results.release is not None or results.agreed is not None}
    if more["ready"]:
        content = content_of(assessment, results)
        pdf_report = reports.about(assessment, language())
        more |= {
            "content": content,
            "agreed": presenters.agreed(results),
            "perception": presenters.perception(results),
            "partners": results.partners,
            "has_facts": bool(results.scores.get("facts")),
            "made": pdf_report,
            "current": pdf_report is not None and pdf_report.digest == files.digest(content),
            "formats": downloads.offered_formats(),
            "job": jobs.status_of(assessment, Job.Kind.REPORT, language()),
        }
    return render(request, "assessments/followup/report/page.html", context(assessment, member, **more))


@require_POST
@limited("export", 60, methods=("POST",))
@assessment_required()
def make(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask for the PDF in the language of the page."""
    reports.ask(assessment, language())
    return redirect("assessments:report", assessment.code)


@require_safe
@assessment_required()
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer a page that polls for its PDF: 204 while its state is unchanged, otherwise let it reload."""
    return answer_poll(request, assessment, Job.Kind.REPORT)


@require_safe
@limited("export", 60)
@assessment_required()
def download(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Return the PDF as a file."""
    pdf_report = reports.report_of(assessment, language())
    if pdf_report is None:
        raise Http404
    name = files.file_name(assessment, pdf_report.language)
    return attached(bytes(pdf_report.pdf), "application/pdf", name)
