"""Comments, endorsements, files beside a text."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.access import Reader
from community.forms.writing import FileForm
from community.kinds import is_talked_about, may_edit
from community.models import Comment, Item
from community.services import attachments, comments
from community.views.decorators import group_membership, item_required, person, writer
from community.views.item_pages import comment_form, item_page
from partnerships.limits import limited


@require_POST
@item_required("member")
def comment(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Answer an item, or a comment on it."""
    if not is_talked_about(item):
        raise PermissionDenied
    form = comment_form(request, request.POST)
    if not form.is_valid():
        context = {**item_page(request, reader, item), "comment_form": form}
        return render(request, "community/comments/comment.html", context, status=422)
    data = form.cleaned_data
    parent = get_object_or_404(Comment, code=data["parent"], on=item.pk) if data["parent"] else None
    made = comments.comment(
        item, writer(reader, item.group), data["text"], data["mutation"], parent, language=data["language"]
    )
    return redirect(made)


@require_POST
@item_required("member")
def endorse(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Stand behind an item, or no longer."""
    if not is_talked_about(item):
        raise PermissionDenied
    if request.POST.get("do") == "take-back":
        comments.take_back(item, person(reader))
    else:
        comments.endorse(item, group_membership(reader, item.group))
    return redirect(item)


@require_POST
@limited("import", 30, methods=("POST",))
@item_required("member")
def attach(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    if not (may_edit(item, reader) and is_talked_about(item)):
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        for problems in form.errors.values():
            messages.error(request, " ".join(map(str, problems)))
        return redirect(item)
    file = form.cleaned_data["file"]
    made = attachments.attach(item, person(reader), file.name, file.read())
    messages.success(request, _("The file “%(name)s” has been attached.") % {"name": made})
    return redirect(item)


@require_safe
@limited("export", 60)
@item_required("anybody")
def download(request: HttpRequest, reader: Reader, item: Item, file: str) -> HttpResponse:
    """Send a file, always as a download that no browser opens in the site's name."""
    attachment = get_object_or_404(item.attachments.select_related("content"), code=file)
    headers = {
        "Content-Disposition": content_disposition_header(True, attachment.name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private",
    }
    return HttpResponse(
        bytes(attachment.content.data), content_type=attachments.TYPES[attachment.kind], headers=headers
    )


@require_POST
@item_required("member")
def detach(request: HttpRequest, reader: Reader, item: Item, file: str) -> HttpResponse:
    """Remove a file: whoever added it, the author of the text, and coordinators."""
    attachment = get_object_or_404(item.attachments, code=file)
    if reader.user not in (attachment.by, item.author) and not reader.coordinates(item.group):
        raise PermissionDenied
    attachment.delete()
    messages.success(request, _("The file has been removed."))
    return redirect(item)
