"""Report, decide, appeal; what coordinators look through."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.access import Reader
from community.forms.writing import ReasonForm
from community.markdown import render as rendered
from community.models import Item, ModerationEntry, WorkingGroup
from community.services import moderation
from community.views.decorators import group_required, item_required, person
from community.views.pagination import page_of
from partnerships import page_sizes

ASK = ["GET", "HEAD", "POST"]
Verb = ModerationEntry.Verb


@require_http_methods(ASK)
@item_required("account")
def report(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask the coordinators to look at a text."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moderation.report(item, person(reader), form.cleaned_data["reason"])
        messages.success(request, _("Thank you. The group's coordinators will read your report."))
        return redirect(item.whole or item)
    return render(request, "community/moderation/report.html", {**shared(reader, item), "form": form})


@require_http_methods(ASK)
@item_required("coordinator")
def moderate(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Hide, leave, restore or keep hidden, with a reason."""
    choices = moderation.choices(item, reader)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb = request.POST.get("verb", "")
        if verb not in Verb.values:
            raise PermissionDenied
        moderation.decide(item, person(reader), verb, form.cleaned_data["reason"])
        messages.success(request, _("Your decision has been saved and is listed in the activity log."))
        return redirect("community:moderation", item.group.kind)
    context = {**shared(reader, item), "form": form, "choices": choices, "entries": moderation.history(item)}
    return render(request, "community/moderation/moderate.html", context)


@require_http_methods(ASK)
@item_required("account")
def appeal(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Tell an author why her text is hidden, and let her ask for another look."""
    if item.author != reader.user:
        raise PermissionDenied
    entries = [entry for entry in moderation.history(item) if entry.verb != Verb.REPORTED]
    waits = any(entry.verb == Verb.APPEALED and entry.settled_by_id is None for entry in entries)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moderation.appeal(item, person(reader), form.cleaned_data["reason"])
        messages.success(request, _("We have sent your appeal to the coordinators."))
        return redirect("community:appeal", item.code)
    context = {**shared(reader, item), "form": form, "entries": entries, "waits": waits}
    return render(request, "community/moderation/appeal.html", context)


@require_safe
@group_required("coordinator")
def queue(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Show coordinators what waits, and the moderation log."""
    activity_log = group.moderation.select_related("actor", "member", "item__whole", "item__group")
    context = {
        "group": group,
        "reader": reader,
        "waiting": moderation.waiting(group, person(reader)),
        "page": page_of(activity_log, request, page_sizes.MODERATION_ENTRIES),
    }
    return render(request, "community/moderation/queue.html", context)


def shared(reader: Reader, item: Item) -> dict:
    return {"item": item, "group": item.group, "reader": reader, "html": rendered(item.text)}
