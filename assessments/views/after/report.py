"""The report: a page to read and print, and the same as a PDF that the worker makes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment, Work
from assessments.results import reporting, shown
from assessments.services import work
from assessments.services.after import reports
from assessments.views.after import data
from assessments.views.doors import context, door
from partnerships.access import Standing
from partnerships.limits import limited


@require_safe
@door()
def report(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show the report, and how its PDF stands."""
    results = shown.results_of(assessment)
    more: dict = {"ready": results.release is not None or results.agreed is not None}
    if more["ready"]:
        content = reporting.content_of(assessment, results)
        made = reports.about(assessment, language())
        more |= {
            "content": content,
            "agreed": shown.agreed(results),
            "perception": shown.perception(results),
            "partners": results.partners,
            "made": made,
            "current": made is not None and made.digest == reporting.digest(content),
            "formats": data.offered(),
            "work": work.standing(assessment, Work.Kind.REPORT, language()),
        }
    return render(request, "assessments/report/page.html", context(assessment, standing, **more))


@require_POST
@limited("export", 60, methods=("POST",))
@door()
def make(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Ask for the PDF in the language of the page."""
    reports.ask(assessment, language())
    return redirect("assessments:report", assessment.code)


@require_safe
@door()
def state(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Answer the page that waits for its PDF: 204 while it waits as the page shows, else let it load anew."""
    now = work.standing(assessment, Work.Kind.REPORT, language())["state"]
    if now in work.UNDER_WAY and now == request.GET.get("shown", work.UNDER_WAY[0]):
        return HttpResponse(status=204)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@require_safe
@limited("export", 60)
@door()
def download(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Hand out the PDF as a file."""
    made = reports.report_of(assessment, language())
    if made is None:
        raise Http404
    name = reporting.file_name(assessment, made.language)
    response = HttpResponse(bytes(made.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def language() -> str:
    return get_language() or "en"
