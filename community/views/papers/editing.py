"""Policy papers: the list, a paper, its sections and recommendations, what they rest on, translations, imports."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.access import Reader, item_for
from community.forms.papers import ImportForm, TranslationForm
from community.kinds import KINDS
from community.markdown import render as rendered
from community.models import (
    GroupKind,
    Item,
    ItemKind,
    Language,
    PaperStatus,
    PolicyPaper,
    Recommendation,
    Section,
    State,
    SuggestionState,
    WorkingGroup,
)
from community.models.items import TRANSLATED
from community.services.groups import participation
from community.services.papers import consent_rounds, grounds, importing
from community.services.papers import editing as services
from community.services.search import Filters, excerpts, search
from community.views.decorators import View, child, item_required, outside, person, reader_required, writer
from community.views.item_pages import item_page, reading_language
from community.views.pagination import page_of, without_page
from community.views.writing import form_page, wish
from partnerships import page_sizes
from partnerships.limits import limited
from partnerships.views.refusals import refusals_shown

ASK = ["GET", "HEAD", "POST"]
PARTS: dict[str, type[Section] | type[Recommendation]] = {
    ItemKind.SECTION: Section,
    ItemKind.RECOMMENDATION: Recommendation,
}
OPEN = Q(suggestions__state=SuggestionState.OPEN)
# As `Recommendation.is_adopted`: by both sides, in the words of now.
ADOPTED = Q(
    policypaper__recommendations__standing=PaperStatus.ADOPTED,
    policypaper__recommendations__state=State.PUBLISHED,
    policypaper__recommendations__decided_version=F("policypaper__recommendations__version"),
)


def of_editors(view: View) -> View:
    """Open a view of an item to those who edit the paper that it is or belongs to."""

    @item_required("member")
    @wraps(view)
    def wrapper(request: HttpRequest, reader: Reader, item: Item, **kwargs) -> HttpResponse:
        if not services.may_edit(item, reader):
            raise PermissionDenied
        return view(request, reader, item, **kwargs)

    return wrapper


def of_rows(model: type, name: str, who: str) -> Callable[[View], View]:
    """Open a view `(request, reader, row, item, …)` of something that has a code and whose item, `name`, is visible."""

    def decorate(view: View) -> View:
        shown = refusals_shown(lambda _reader, row, _item, **_kwargs: row)(view)

        @reader_required("anybody" if who == "anybody" else "account")
        @wraps(view)
        def wrapper(request: HttpRequest, reader: Reader, code: str, **kwargs) -> HttpResponse:
            row = model.objects.select_related(name).filter(code=code).first()  # type: ignore[attr-defined]
            item = item_for(reader, getattr(row, name).code) if row else None
            if item is None:
                if reader.user is None:
                    return outside(request)
                raise Http404
            if who == "member" and not reader.takes_part(item.group):
                raise PermissionDenied
            if who == "editor" and not services.may_edit(item, reader):
                raise PermissionDenied
            return shown(request, reader, row, item, **kwargs)

        return wrapper

    return decorate


def the_group(reader: Reader) -> WorkingGroup:
    return next(group for group in reader.groups if group.kind == GroupKind.CHANGE)


@require_safe
@reader_required("anybody")
def listing(request: HttpRequest, reader: Reader) -> HttpResponse:
    """List papers: ?q=."""
    group = the_group(reader)
    if not reader.may_read(group):
        return outside(request)
    q = request.GET.get("q", "").strip()[:200]
    visible = Item.objects.visible_to(reader).filter(kind=ItemKind.PAPER)
    papers = search(reader, Filters(q=q), visible).annotate(
        asks=Count("parts", filter=Q(parts__kind=ItemKind.RECOMMENDATION, parts__state="published"), distinct=True),
        adopted=Count("policypaper__recommendations", filter=ADOPTED, distinct=True),
        editions=Count("policypaper__versions", distinct=True),
    )
    page = page_of(papers.select_related("author").defer("text", "search"), request, page_sizes.TEXTS)
    shown = excerpts(list(page.object_list), q)
    for paper in page.object_list:
        paper.excerpt = shown.get(paper.pk, "")  # type: ignore[attr-defined]
    context = {
        "reader": reader,
        "group": group,
        "group_membership": reader.group_membership(group),
        "page": page,
        "q": q,
        "query": without_page(request),
        "meter": participation.of_group(group),
    }
    return render(request, "community/papers/list.html", context)


@require_safe
@item_required("anybody")
def paper(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Show a paper whole: summary, sections, recommendations with their standing, and who contributed."""
    policy_paper = child(PolicyPaper, item)
    context = item_page(request, reader, policy_paper) | parts_of(policy_paper, reader)
    rounds = list(policy_paper.rounds.filter(called_off_at=None)[:10])
    being_asked = next((round_ for round_ in rounds if round_.takes_answers(timezone.now())), None)
    context |= {
        "edits": services.may_edit(policy_paper, reader),
        "meter": participation.of_paper(policy_paper),
        "rounds": rounds,
        "being_asked": being_asked,
        "answered": being_asked and reader.user and consent_rounds.has_answered(being_asked, reader.user),
        "versions": list(policy_paper.versions.defer("content")[:20]),
        "languages": languages(policy_paper.needed_languages()),
        "editors": policy_paper.editors.all(),
    }
    return render(request, "community/papers/paper.html", context)


def parts_of(paper: PolicyPaper, reader: Reader) -> dict[str, Any]:
    """Return the parts that this reader sees (a fixed number of queries)."""
    visible = Item.objects.visible_to(reader)
    asks = list(visible_parts(Recommendation, paper, visible))
    rests = grounds.grounds_of(asks, reader)
    for ask in asks:
        ask.rests, ask.html = rests.get(ask.pk, []), rendered(ask.text)  # type: ignore[attr-defined]
    sections = list(visible_parts(Section, paper, visible))
    for section in sections:
        section.html = rendered(section.text)  # type: ignore[attr-defined]
    return {"sections": sections, "recommendations": asks, "adopted": sum(ask.is_adopted for ask in asks)}


def visible_parts(model: type[Section] | type[Recommendation], paper: PolicyPaper, visible):
    rows = model._default_manager.filter(paper=paper, pk__in=visible).defer("search", "plain")
    return rows.annotate(suggested=Count("suggestions", filter=OPEN)).select_related("author")


def languages(codes: list[str]) -> list[str]:
    return [Language(code).name_for_reader for code in codes]


@require_safe
@item_required("anybody")
def section(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    section = child(Section, item)
    return render(request, "community/papers/section.html", passage(request, reader, section))


@require_safe
@item_required("anybody")
def recommendation(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Show a recommendation: what it rests on, how both sides answered, who objected still."""
    recommendation = child(Recommendation, item)
    context = passage(request, reader, recommendation)
    asked = (
        recommendation.round_texts.select_related("round")
        .filter(round__called_off_at=None)
        .order_by("-round__called_at")
    )
    context |= {
        "rests": grounds.grounds_of([recommendation], reader).get(recommendation.pk, []),
        "result": consent_rounds.latest([recommendation]).get(recommendation.pk),
        "asked": [text.round for text in asked[:10]],
        "frozen": any(text.active and text.round.opened_at for text in asked[:10]),
    }
    return render(request, "community/papers/recommendation.html", context)


def passage(request: HttpRequest, reader: Reader, part: Section | Recommendation) -> dict[str, Any]:
    """Return what the pages of both kinds of parts share."""
    return item_page(request, reader, part) | {
        "paper": part.whole,
        "edits": services.may_edit(part, reader),
        "suggestions": part.suggestions.select_related("author")[:50],
        "part": reader.takes_part(part.group) and part.is_published,
    }


@require_http_methods(ASK)
@of_editors
def write_part(request: HttpRequest, reader: Reader, item: Item, kind: str) -> HttpResponse:
    """Add a section or a recommendation to a paper."""
    about = child(PolicyPaper, item)
    if kind not in PARTS:
        raise Http404
    measure = measure_to_recommend(request, reader) if kind == ItemKind.RECOMMENDATION else None
    first = {"title": measure.title, "text": measure.text, "language": measure.language} if measure else {}
    form = KINDS[kind].form(request.POST or None, initial={"language": about.language} | first)
    if request.method == "POST" and form.is_valid() and wish(request) != "preview":
        publish, who = wish(request) == "publish", writer(reader, item.group)
        with transaction.atomic():
            new = PARTS[kind](kind=kind, paper=about)
            made = services.add(new, who, form.content(), form.cleaned_data["mutation"], publish=publish)
            form.apply(made)
            if measure and isinstance(made, Recommendation):
                grounds.rest_on(made, measure, person(reader))
        messages.success(
            request,
            _("The text has been published.")
            if made.is_published
            else _("Your draft has been saved. Only you can see it."),
        )
        return redirect(made)
    return form_page(request, reader, item.group, form, kind, about=about, drafts=[])


def measure_to_recommend(request: HttpRequest, reader: Reader) -> Item | None:
    """Return the measure that a recommendation is drafted from (?measure=), if this reader sees it."""
    item = item_for(reader, request.GET.get("measure", "")[:12])
    return item if item and item.kind == ItemKind.MEASURE and item.is_published else None


@require_POST
@of_editors
def move(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Put a section one place up or down."""
    services.move(child(Section, item), -1 if request.POST.get("to") == "up" else 1)
    return redirect(f"{item.whole.get_absolute_url()}#{item.code}")  # type: ignore[union-attr]


@require_http_methods(ASK)
@of_editors
def choose_grounds(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Find findings and measures, and say that a recommendation rests on them."""
    recommendation = child(Recommendation, item)
    if request.method == "POST":
        return ground_changed(request, reader, recommendation)
    q = request.GET.get("q", "").strip()[:200]
    linked = set(recommendation.bases.values_list("item", flat=True))
    visible = Item.objects.visible_to(reader).published().filter(kind__in=grounds.GROUNDS).exclude(pk__in=linked)
    offered = list(search(reader, Filters(q=q), visible).for_list()[:20])
    texts = excerpts(offered, q)
    for ground in offered:
        ground.excerpt = texts.get(ground.pk, "")  # type: ignore[attr-defined]
    rests = grounds.grounds_of([recommendation], reader).get(recommendation.pk, [])
    context = {
        "reader": reader,
        "group": item.group,
        "item": recommendation,
        "q": q,
        "offered": offered,
        "rests": rests,
    }
    return render(request, "community/papers/grounds.html", context)


def ground_changed(request: HttpRequest, reader: Reader, recommendation: Recommendation) -> HttpResponse:
    if code := request.POST.get("remove"):
        grounds.rest_no_more(recommendation, code)
    else:
        item = item_for(reader, request.POST.get("add", ""))
        if item is None:
            raise Http404
        grounds.rest_on(recommendation, item, person(reader))
    messages.success(request, _("Saved."))
    return redirect("community:grounds", recommendation.code)


@require_http_methods(ASK)
@item_required("member")
def translate(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Say a text in another language; rounds wait for this."""
    if item.kind not in TRANSLATED or not item.is_published:
        raise Http404
    first = {"language": request.GET.get("language") or reading_language()}
    earlier = consent_rounds.translations([item]).get((item.pk, first["language"]))
    first |= {"title": earlier.title, "text": earlier.text} if earlier else {}
    form = TranslationForm(request.POST or None, item=item, initial=first)
    if request.method == "POST" and form.is_valid():
        consent_rounds.translate(item, writer(reader, item.group), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(item)
    context = {"reader": reader, "group": item.group, "item": item, "form": form, "html": rendered(item.text)}
    return render(request, "community/papers/translate.html", context, status=422 if form.errors else 200)


@require_http_methods(ASK)
@limited("import", 30, methods=("POST",))
@reader_required("account")
def bring_in(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Make a draft paper from a Word or Markdown file."""
    group = the_group(reader)
    if not reader.takes_part(group):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, initial={"language": reading_language()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = importing.bring_in(group, writer(reader, group), data["draft"], data["title"], data["language"])
        messages.success(request, _("The draft has been imported. Only you can see it until you publish it."))
        return redirect(made)
    context = {"reader": reader, "group": group, "form": form}
    return render(request, "community/papers/import.html", context, status=422 if form.errors else 200)
