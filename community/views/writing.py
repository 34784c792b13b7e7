"""Writing, for every kind of item: new ones, changes, what to do where two clash, drafts, history and comparison."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import markdown
from community.access import Reader, item_for
from community.comparing import compare as compared
from community.comparing import compare_words
from community.forms.writing import WritingForm
from community.kinds import KINDS, Kind, may_edit
from community.merging import Conflict, joined
from community.models import MOST_TEXT, Comment, Draft, Item, ItemKind, Revision, State, WorkingGroup
from community.models.items import PAGES
from community.services import case_studies, withdrawal, writing
from community.services import comments as talk
from community.views.decorators import group_required, item_required, person, reader_required, writer
from community.views.item_pages import known_handles, reading_language
from community.views.pagination import page_of
from partnerships import page_sizes
from partnerships.codes import whole

ASK = ["GET", "HEAD", "POST"]


@require_http_methods(ASK)
@group_required("member")
def write(request: HttpRequest, reader: Reader, group: WorkingGroup, kind: str) -> HttpResponse:
    """Begin a new item of a kind that this group writes."""
    kind_row = KINDS.get(kind)
    if kind_row is None or group.kind not in kind_row.groups:
        raise Http404
    draft = own_draft(request, reader, group=group, item=None, kind=kind)
    first = {"language": reading_language(), **asked_for(request)}
    form = kind_row.form(request.POST or None, draft=draft, initial=None if draft else first)
    if draft:
        form.initial.setdefault("language", reading_language())
    if request.method == "POST" and form.is_valid() and wish(request) != "preview":
        with transaction.atomic():
            new = kind_row.model(kind=kind, group=group)
            made = writing.create(
                new,
                writer(reader, group),
                form.content(),
                form.cleaned_data["mutation"],
                publish=wish(request) == "publish",
            )
            form.apply(made)
        messages.success(
            request,
            _("The text has been published.")
            if made.is_published
            else _("Your draft has been saved. Only you can see it."),
        )
        return redirect(made)
    return form_page(request, reader, group, form, kind, drafts=other_drafts(reader, group, kind, draft))


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """Return what a link to an empty form already says."""
    return {"factors": request.GET.getlist("factor"), "topics": request.GET.getlist("topic")}


@require_http_methods(ASK)
@item_required("member")
def edit(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Change an item; what others saved meanwhile is merged, or asked about."""
    kind = kind_to_edit(item, reader)
    draft = own_draft(request, reader, item=item)
    form = kind.form(request.POST or None, item=item, draft=draft)
    if request.method == "POST" and form.is_valid() and wish(request) != "preview":
        return saved(request, reader, item, kind, form, form.content(), form.cleaned_data["base"])
    waiting = person(reader).drafts.filter(item=item)
    waiting = waiting.exclude(pk=draft.pk) if draft else waiting
    return form_page(request, reader, item.group, form, item.kind, item=item, drafts=waiting)


@require_POST
@item_required("member")
def settle(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Save with the writer's answers to what both had changed."""
    kind = kind_to_edit(item, reader)
    form = kind.form(request.POST, item=item)
    seen = whole(request.POST.get("seen", ""))
    if not form.is_valid() or seen is None:
        return form_page(request, reader, item.group, form, item.kind, item=item, drafts=[])
    content = writing.settle(
        item, form.content(), form.cleaned_data["base"], seen, lambda place, asked: chosen_text(request, place, asked)
    )
    return saved(request, reader, item, kind, form, content, seen)


def chosen_text(request: HttpRequest, place: int, asked: Conflict) -> str:
    """Return what the writer chose for one conflict; where she chose nothing, both stay."""
    both = joined([asked.theirs, asked.mine])
    choice = request.POST.get(f"pick-{place}", "both")
    choices = {"theirs": asked.theirs, "mine": asked.mine, "own": request.POST.get(f"own-{place}", both)}
    return choices.get(choice, both)


def saved(request: HttpRequest, reader: Reader, item: Item, kind: Kind, form: WritingForm, content, base: int):
    """Save, and lead back to the page, or to what has to be asked."""
    who, mutation = writer(reader, item.group), form.cleaned_data["mutation"]
    with transaction.atomic():
        outcome = kind.save(item, who, content, base, mutation)
        if isinstance(outcome, writing.Clash):
            return clash_page(request, reader, item, form, outcome)
        form.apply(outcome)
        if wish(request) == "publish" and item.kind != ItemKind.CASE_STUDY:
            writing.publish_item(outcome)
    if item.version + 1 < outcome.version or base < item.version:
        messages.success(
            request,
            _(
                "Your changes have been saved. They were combined with the changes that others made while you were "
                "writing."
            ),
        )
    else:
        messages.success(request, _("Saved."))
    return redirect(outcome)


def clash_page(request: HttpRequest, reader: Reader, item: Item, form: WritingForm, clash: writing.Clash):
    """Ask about what both changed; nothing is saved yet, and the writer's words are kept."""
    pieces = [(piece, clash.conflicts.index(piece) if isinstance(piece, Conflict) else None) for piece in clash.pieces]
    theirs = item.revisions.filter(number=clash.seen).select_related("author").first()
    context = {
        "item": item,
        "group": item.group,
        "reader": reader,
        "form": form,
        "mine": form.content(),
        "clash": clash,
        "title": clash.title if isinstance(clash.title, Conflict) else None,
        "pieces": pieces,
        "theirs": theirs,
        "both": [joined([conflict.theirs, conflict.mine]) for conflict in clash.conflicts],
    }
    return render(request, "community/writing/conflict.html", context, status=409)


@require_POST
@reader_required("account")
def preview(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what a text will look like (for htmx; without scripts the form's own button does it)."""
    text = markdown.normalise(request.POST.get("text", "")[:MOST_TEXT])
    context = {
        "preview": markdown.render(text, known_handles([text])),
        "language": request.POST.get("language", "")[:3],
    }
    return render(request, "community/writing/_preview.html", context)


@require_POST
@reader_required("account")
def keep(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Keep what somebody is typing, and say until where."""
    item, group, kind = place_of(request, reader)
    sequence, base = request.POST.get("sequence", ""), request.POST.get("base", "")
    if not (sequence.isdecimal() and base.isdecimal() and len(sequence) < 18 and len(base) < 10):
        return JsonResponse({"error": _("We could not save your text. Please try again.")}, status=400)
    draft = Draft(
        mutation=request.POST.get("mutation", "")[:36],
        group=group,
        kind=kind,
        base=int(base),
        sequence=int(sequence),
        title=markdown.one_line(request.POST.get("title", ""))[:300],
        text=markdown.normalise(request.POST.get("text", "")[:MOST_TEXT]),
    )
    if len(draft.mutation) < 8:
        return JsonResponse({"error": _("We could not save your text. Please try again.")}, status=400)
    saved = writing.keep_draft(writer(reader, group), item, draft)
    return JsonResponse({"sequence": saved.sequence, "kept": saved.saved_at.isoformat()})


def place_of(request: HttpRequest, reader: Reader) -> tuple[Item | None, WorkingGroup, str]:
    """Return what is being written, and where; only who may write there keeps drafts."""
    if code := request.POST.get("item"):
        item = item_for(reader, code)
        if item is None:
            raise Http404
        kind_to_edit(item, reader)
        return item, item.group, item.kind
    kind = request.POST.get("kind", "")
    group = next((candidate for candidate in reader.groups if candidate.kind == request.POST.get("group")), None)
    if group is None or kind not in KINDS or group.kind not in KINDS[kind].groups:
        raise Http404
    if not reader.takes_part(group):
        raise PermissionDenied
    return None, group, kind


@require_POST
@reader_required("account")
def drop(request: HttpRequest, reader: Reader, mutation: str) -> HttpResponse:
    """Throw away what one typed and did not save."""
    draft = get_object_or_404(Draft.objects.select_related("item", "group"), user=person(reader), mutation=mutation)
    draft.delete()
    messages.success(request, _("Your unsaved text has been deleted."))
    return redirect(draft.item or draft.group)


@require_POST
@item_required("member")
def publish(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    if item.author != reader.user or item.kind == ItemKind.CASE_STUDY:
        raise PermissionDenied
    writing.publish_item(item)
    messages.success(request, _("The text has been published."))
    return redirect(item)


@require_http_methods(ASK)
@item_required("account")
def discard(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask, then delete a draft that was never published."""
    if item.author != reader.user or item.kind == ItemKind.CASE_STUDY:
        raise PermissionDenied
    if item.state != State.DRAFT or item.published_at:
        raise Http404
    if request.method == "POST":
        Item.objects.filter(pk=item.pk).delete()
        messages.success(request, _("The draft has been deleted."))
        return redirect(item.group)
    return render(request, "community/writing/discard.html", {"item": item, "group": item.group, "reader": reader})


@require_http_methods(ASK)
@item_required("account")
def withdraw(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask, then withdraw one's own text for good."""
    if not withdrawal.may_withdraw(item, reader):
        raise PermissionDenied
    if request.method == "POST":
        withdrawal.withdraw(item, person(reader))
        messages.success(request, _("Your text has been withdrawn."))
        return redirect(item)
    consequences = [
        _("The text will be deleted from every version. No one will be able to restore it."),
        _("The page will say “Withdrawn by its author”. Figures that the text cites will remain."),
        _("Published papers and downloaded files will not change."),
    ]
    context = {"item": item, "group": item.group, "reader": reader, "consequences": consequences}
    return render(request, "community/writing/withdraw.html", context)


# --- history


@require_safe
@item_required("anybody")
def history(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """List all versions, newest first."""
    check_versions(item, reader)
    revisions = item.revisions.select_related("author").defer("text")
    page = page_of(revisions, request, page_sizes.REVISIONS)
    context = {"item": item, "group": item.group, "reader": reader, "page": page}
    return render(request, "community/writing/history.html", context)


@require_safe
@item_required("anybody")
def compare(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Show what changed between two versions, paragraph by paragraph and word by word."""
    check_versions(item, reader)
    new = version(item, request.GET.get("to", ""), item.version)
    old = version(item, request.GET.get("from", ""), max(1, new.number - 1))
    context = {
        "item": item,
        "group": item.group,
        "reader": reader,
        "old": old,
        "new": new,
        "title": compare_words(old.title, new.title) if old.title != new.title else [],
        "blocks": compared(old.text, new.text),
    }
    return render(request, "community/writing/compare.html", context)


def check_versions(item: Item, reader: Reader) -> None:
    """Keep the earlier words of a case to its partnership: only the newest were approved by both sides."""
    if item.kind == ItemKind.CASE_STUDY and not case_studies.is_inside(reader.user, item):
        raise PermissionDenied


def version(item: Item, number: str, otherwise: int) -> Revision:
    wanted = int(number) if number.isdecimal() and len(number) < 9 else otherwise
    return get_object_or_404(item.revisions.select_related("author"), number=wanted)


@require_safe
@item_required("anybody")
def item_redirect(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Lead from a part or a comment to its place on a page."""
    if item.whole is None:
        return redirect(item)
    place = Comment.objects.get(pk=item.pk).on if item.kind == ItemKind.COMMENT else item.whole
    place = place if place.kind in PAGES else item.whole
    return redirect(f"{place.get_absolute_url()}{comments_query(item, place, reader)}#{item.code}")


def comments_query(item: Item, place: Item, reader: Reader) -> str:
    """Return the page of the conversation that a comment stands on, as a query."""
    if item.kind != ItemKind.COMMENT:
        return ""
    codes = [row.comment.code for row in talk.rows(place, reader)]
    page = codes.index(item.code) // page_sizes.COMMENTS + 1 if item.code in codes else 1
    return f"?comments={page}" if page > 1 else ""


# --- inside


def wish(request: HttpRequest) -> str:
    return request.POST.get("do", "save")


def kind_to_edit(item: Item, reader: Reader) -> Kind:
    if not may_edit(item, reader):
        raise PermissionDenied
    return KINDS[item.kind]


def own_draft(request: HttpRequest, reader: Reader, **place) -> Draft | None:
    named = request.GET.get("draft", "")
    return person(reader).drafts.filter(mutation=named, **place).first() if named else None


def other_drafts(reader: Reader, group: WorkingGroup, kind: str, draft: Draft | None):
    drafts = person(reader).drafts.filter(group=group, kind=kind, item=None)
    return drafts.exclude(pk=draft.pk) if draft else drafts


def form_page(request: HttpRequest, reader: Reader, group: WorkingGroup, form: WritingForm, kind: str, **more):
    """Show the form, with a preview if that was asked for."""
    context = {"reader": reader, "group": group, "form": form, "kind": kind, "heading": KINDS[kind].new, **more}
    context["keeps"] = bool(KINDS[kind].groups)  # a new part of something is not kept while it is typed
    context["own"] = [form[name] for name in form.own if name in form.fields]
    asked = request.method == "POST" and wish(request) == "preview"
    if asked:
        text = markdown.normalise(request.POST.get("text", ""))
        context["preview"] = markdown.render(text, known_handles([text]))
    return render(request, "community/writing/write.html", context, status=422 if form.errors and not asked else 200)
