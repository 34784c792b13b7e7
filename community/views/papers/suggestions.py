"""Suggesting other words for a passage, and deciding on it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.access import Reader
from community.comparing import compare, compare_words
from community.forms.papers import DeclineForm, suggestion_form
from community.kinds import KINDS
from community.merging import Conflict, joined
from community.models import Item, Suggestion
from community.services.papers import editing
from community.services.papers import suggestions as services
from community.services.writing import Clash
from community.views.decorators import item_required, person, writer
from community.views.papers.editing import ASK, PARTS, of_rows
from community.views.writing import chosen_text


@require_http_methods(ASK)
@item_required("member")
def suggest(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Offer other words for a section or a recommendation."""
    if item.kind not in PARTS or not item.is_published:
        raise Http404
    form = suggestion_form(item, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = services.suggest(
            item, writer(reader, item.group), form.content(), data["reason"], data["base"], data["mutation"]
        )
        messages.success(request, _("We have notified the editors, and we will tell you what they decide."))
        return redirect(made)
    context = {"reader": reader, "group": item.group, "item": item, "form": form, "what": KINDS[item.kind].new}
    return render(request, "community/papers/suggest.html", context, status=422 if form.errors else 200)


@require_safe
@of_rows(Suggestion, "item", "anybody")
def suggestion(request: HttpRequest, reader: Reader, row: Suggestion, item: Item) -> HttpResponse:
    """Show what a suggestion changes, and what was decided."""
    return render(request, "community/papers/suggestion.html", suggestion_context(reader, row, item, DeclineForm()))


def suggestion_context(reader: Reader, row: Suggestion, item: Item, form: DeclineForm) -> dict:
    base = item.revisions.get(number=row.base)
    return {
        "reader": reader,
        "group": item.group,
        "item": item,
        "suggestion": row,
        "form": form,
        "title": compare_words(base.title, row.title) if base.title != row.title else [],
        "blocks": compare(base.text, row.text),
        "edits": editing.may_edit(item, reader),
        "frozen": editing.is_frozen(item),
    }


@require_POST
@of_rows(Suggestion, "item", "editor")
def accept(request: HttpRequest, reader: Reader, row: Suggestion, item: Item) -> HttpResponse:
    """Take a suggestion into the text; where others changed the same words meanwhile, ask which shall stand."""
    seen = request.POST.get("seen", "")
    settled = seen.isdecimal() and len(seen) < 9
    outcome = services.accept(
        row,
        person(reader),
        int(seen) if settled else None,
        (lambda place, asked: chosen_text(request, place, asked)) if settled else None,
    )
    if isinstance(outcome, Clash):
        return clash_page(request, reader, row, item, outcome)
    messages.success(request, _("You have accepted the suggestion. We have notified its author."))
    return redirect(outcome)


def clash_page(request: HttpRequest, reader: Reader, row: Suggestion, item: Item, clash: Clash) -> HttpResponse:
    pieces = [(piece, clash.conflicts.index(piece) if isinstance(piece, Conflict) else None) for piece in clash.pieces]
    context = {
        "reader": reader,
        "group": item.group,
        "item": item,
        "suggestion": row,
        "clash": clash,
        "title": clash.title if isinstance(clash.title, Conflict) else None,
        "pieces": pieces,
        "both": [joined([conflict.theirs, conflict.mine]) for conflict in clash.conflicts],
    }
    return render(request, "community/papers/suggestion_conflict.html", context, status=409)


@require_POST
@of_rows(Suggestion, "item", "editor")
def decline(request: HttpRequest, reader: Reader, row: Suggestion, item: Item) -> HttpResponse:
    """Decline with a reason."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return render(
            request, "community/papers/suggestion.html", suggestion_context(reader, row, item, form), status=422
        )
    services.decline(row, person(reader), form.cleaned_data["reason"])
    messages.success(request, _("You have declined the suggestion. Its author can read your reason."))
    return redirect(row)
