"""Files to download, and the pages that wait until a worker has made theirs."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from assessments.models import Assessment
from assessments.workflow import jobs


def attached(data: bytes | str, media_type: str, name: str) -> HttpResponse:
    """Return a file that no cache keeps."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def answer_poll(request: HttpRequest, assessment: Assessment, kind: str) -> HttpResponse:
    """Answer a page that polls for its files: 204 while their state is unchanged, otherwise let it reload."""
    now = jobs.status_of(assessment, kind, language())["state"]
    if now in jobs.UNDER_WAY and now == request.GET.get("shown", jobs.UNDER_WAY[0]):
        return HttpResponse(status=204)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


def language() -> str:
    """Return the language of the page, in which its files are made."""
    return get_language() or "en"
