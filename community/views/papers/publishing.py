"""Published versions of a paper: made, shown, downloaded."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.access import Reader
from community.models import FileState, Format, Item, PaperVersion, PolicyPaper
from community.services.attachments import TYPES
from community.services.papers import publishing as services
from community.views.decorators import child, person
from community.views.papers.editing import ASK, of_editors, of_rows
from partnerships.limits import limited


@require_http_methods(ASK)
@of_editors
def publish(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask, then freeze the paper as it is and make its files."""
    policy_paper = child(PolicyPaper, item)
    if request.method == "POST":
        made = services.publish(policy_paper, person(reader), reader)
        messages.success(request, _("The paper has been published as version %(number)s.") % {"number": made.number})
        return redirect(made)
    asks = list(policy_paper.recommendations.published())
    context = {"reader": reader, "group": item.group, "item": policy_paper, "asks": asks}
    context["adopted"] = [ask for ask in asks if ask.is_adopted]
    context["being_asked"] = policy_paper.rounds.filter(opened_at__isnull=False, closed_at=None).first()
    return render(request, "community/papers/publish.html", context)


@require_safe
@of_rows(PaperVersion, "paper", "anybody")
def version(request: HttpRequest, reader: Reader, row: PaperVersion, item: Item) -> HttpResponse:
    """Show a version as it was published, with its files."""
    row.paper.group = item.group
    context = {
        "reader": reader,
        "group": item.group,
        "item": item,
        "version": row,
        "html": services.version_html(row),
        "newest": row.paper.versions.defer("content").first(),
        **files_of(row),
    }
    return render(request, "community/papers/version.html", context)


def files_of(row: PaperVersion) -> dict[str, Any]:
    files = list(row.files.defer("data"))
    waiting = any(file.state in (FileState.WAITING, FileState.RUNNING) for file in files)
    done = sum(file.state == FileState.DONE for file in files)
    return {"version": row, "files": files, "waiting": waiting, "done": done}


@require_safe
@of_rows(PaperVersion, "paper", "anybody")
def files(request: HttpRequest, reader: Reader, row: PaperVersion, item: Item) -> HttpResponse:
    """Answer the page that waits for files: 204 while nothing is new, else the list."""
    context = files_of(row)
    if context["waiting"] and request.GET.get("done") == str(context["done"]):
        return HttpResponse(status=204)
    return render(request, "community/papers/_downloads.html", context)


@require_safe
@limited("export", 60)
@of_rows(PaperVersion, "paper", "anybody")
def download(request: HttpRequest, reader: Reader, row: PaperVersion, item: Item, wanted: str) -> HttpResponse:
    """Send a version as a file, always as a download."""
    if wanted not in Format.values:
        raise Http404
    file = get_object_or_404(row.files, format=wanted, state=FileState.DONE)
    name = f"{slugify(row.content['title'])[:60] or 'paper'}-v{row.number}.{wanted}"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private",
    }
    return HttpResponse(bytes(file.data or b""), content_type=TYPES[wanted], headers=headers)
