"""Sharing results: a sentence to copy, a picture of each chart, slides, one page. The worker makes the files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment, Job
from assessments.results import presenters
from assessments.results import sharing as results
from assessments.results.reporting.files import digest
from assessments.services.followup import sharing
from assessments.views.attachments import answer_poll, attached, language
from assessments.views.decorators import assessment_required, context
from assessments.workflow import jobs
from partnerships.access import MemberRoles
from partnerships.limits import limited


@require_safe
@assessment_required()
def share(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what can be shared, and whether the files show the results as they are now."""
    computed = presenters.results_of(assessment)
    more: dict = {"ready": computed.release is not None or computed.agreed is not None}
    if more["ready"]:
        content, files = results.content_of(assessment, computed), list(sharing.files_of(assessment, language()))
        more |= {
            "content": content,
            "sentence": " ".join([content["headline"], *content["lines"]]),
            "files": files,
            "current": bool(files) and files[0].digest == digest(content),
            "job": jobs.status_of(assessment, Job.Kind.SHARING, language()),
        }
    return render(request, "assessments/followup/sharing/page.html", context(assessment, member, **more))


@require_POST
@limited("export", 60, methods=("POST",))
@assessment_required()
def make(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask for the files in the language of the page."""
    sharing.request_files(assessment, language())
    return redirect("assessments:share", assessment.code)


@require_safe
@assessment_required()
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer the page that waits for its files: 204 while it waits as the page shows, else let it load again."""
    return answer_poll(request, assessment, Job.Kind.SHARING)


@require_safe
@limited("export", 60)
@assessment_required()
def download(request: HttpRequest, assessment: Assessment, member: MemberRoles, name: str) -> HttpResponse:
    """Return one file."""
    file = get_object_or_404(assessment.shared_files, language=language(), name=name)
    media_type = results.MEDIA_TYPES[name.rpartition(".")[2]]
    return attached(bytes(file.content), media_type, results.file_name(assessment, file))
