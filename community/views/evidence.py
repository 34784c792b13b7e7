"""The evidence base: its page and files, figures as they were, which partnerships are real, whom they stand behind."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.disclosure import ENOUGH_FOR_INTERVAL, FEWEST_PARTNERSHIPS
from assessments.ladder import NOT_SHOWN
from assessments.views.csp import with_charts
from community.access import Reader
from community.evidence import downloads, presenters, words
from community.forms.evidence import AskForm, CiteFigureForm, DecideForm
from community.kinds import may_edit
from community.models import Figure, GroupKind, Item, RealPartnership, RealState, WorkingGroup
from community.services import evidence as services
from community.services.groups import sides
from community.views.decorators import item_required, outside, person, reader_required
from community.views.pagination import page_of
from partnerships import page_sizes
from partnerships.access import partnership_for
from partnerships.limits import limited
from partnerships.models import Role

ASK = ["GET", "HEAD", "POST"]


def understanding(reader: Reader) -> WorkingGroup:
    return reader.groups[list(GroupKind).index(GroupKind.UNDERSTANDING)]


def form_data(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, also where it is empty."""
    return request.POST if request.method == "POST" else None


def shared(reader: Reader, **more) -> dict:
    """Return what the pages of the evidence base share; they belong to the first group."""
    group = understanding(reader)
    return {
        "reader": reader,
        "group": group,
        "group_membership": reader.group_membership(group),
        "least": FEWEST_PARTNERSHIPS,
        "enough": ENOUGH_FOR_INTERVAL,
        **more,
    }


@with_charts
@require_safe
@reader_required("anybody")
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show the newest snapshot: tables, charts, the method, and what is hidden."""
    if not reader.may_read(understanding(reader)):
        return outside(request)
    snapshot = services.newest()
    sections = presenters.sections(snapshot.tables) if snapshot else []
    hidden = [section for section in sections if not section["shown"]]
    facts = [section for section in sections if section["kind"] == "fact"]
    more = {"facts": [section for section in facts if section["shown"]], "hidden": hidden}
    return render(
        request,
        "community/evidence/page.html",
        shared(
            reader,
            snapshot=snapshot,
            sections=[section for section in sections if section not in facts],
            not_shown=NOT_SHOWN,
            **more,
        ),
    )


@require_safe
@limited("export", 60)
@reader_required("anybody")
def download(request: HttpRequest, reader: Reader, name: str) -> HttpResponse:
    """Hand out the newest snapshot as CSV with HXL tags, as JSON, or the dictionary of its columns."""
    if not reader.may_read(understanding(reader)):
        return outside(request)
    snapshot = services.newest()
    if name == "dictionary.csv":
        return attached(HttpResponse(downloads.dictionary(), content_type="text/csv; charset=utf-8"), name)
    if snapshot is None or name not in ("evidence.csv", "evidence.json"):
        raise Http404
    named = f"example-{name}" if snapshot.is_example else name
    if name == "evidence.csv":
        content = downloads.as_csv(snapshot.tables)
        return attached(HttpResponse(content, content_type="text/csv; charset=utf-8"), named)
    shown = {
        "example": snapshot.is_example,
        "taken_at": snapshot.taken_at.isoformat(),
        "method": snapshot.method_version,
        "digest": snapshot.digest,
        "population": words.population(snapshot.is_example),
        "tables": snapshot.tables,
    }
    return attached(JsonResponse(shown), named)


def attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@reader_required("account")
def refresh(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Put the evidence base together now; for coordinators."""
    if not reader.coordinates(understanding(reader)):
        raise PermissionDenied
    services.request_refresh()
    messages.success(request, _("We are calculating the numbers in the evidence base. Reload this page in a minute."))
    return redirect("community:evidence")


@require_safe
@reader_required("anybody")
def figure(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """Show a table as it was when somebody cited it."""
    if not reader.may_read(understanding(reader)):
        return outside(request)
    cited = get_object_or_404(Figure, code=code)
    hidden = {"key": cited.key, "shown": False, "since": None, "cells": []}
    values = hidden if cited.hidden_at else cited.values
    section = presenters.section(values) | {"dumbbells": None, "distributions": None}
    return render(request, "community/evidence/figure.html", shared(reader, figure=cited, section=section))


@require_safe
@reader_required("anybody")
def cite_number(request: HttpRequest, reader: Reader, snapshot: str, key: str, place: int) -> HttpResponse:
    """Show how to cite one row of a table; of the newest numbers only, since older ones may be hidden by now."""
    if not reader.may_read(understanding(reader)):
        return outside(request)
    newest = services.newest()
    if newest is None or newest.code != snapshot:
        messages.info(
            request, _("The numbers have changed since you opened this page. Please choose the number again.")
        )
        return redirect("community:evidence")
    table = next((table for table in newest.tables if table["key"] == key and table["shown"]), None)
    if table is None or place >= len(table["cells"]):
        raise Http404
    sentence = words.cell_sentence(table, place)
    facts = {"sentence": sentence, "title": str(words.TITLES[key]), "day": date_format(newest.taken_at, "DATE_FORMAT")}
    facts |= {"method": newest.method_version, "url": f"{django_settings.BASE_URL}{reverse('community:evidence')}"}
    citation = _("Power Awareness Tool: “%(title)s” %(sentence)s As of %(day)s, method %(method)s. %(url)s")
    more = {"snapshot": newest, "population": words.population(newest.is_example)}
    context = shared(reader, sentence=sentence, title=facts["title"], citation=citation % facts, **more)
    return render(request, "community/evidence/cite_number.html", context)


@require_http_methods(ASK)
@item_required("member")
def cite(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Rest an item on a number of the evidence base, as it is today."""
    if not may_edit(item, reader):
        raise PermissionDenied
    snapshot = services.citable(item)
    sections = [section for section in presenters.sections(snapshot.tables) if section["shown"]] if snapshot else []
    form = CiteFigureForm(form_data(request), keys=[section["key"] for section in sections])
    if request.method == "POST" and form.is_valid():
        services.cite(item, person(reader), **form.cleaned_data)
        messages.success(request, _("The evidence has been added."))
        return redirect(item)
    context = {"reader": reader, "item": item, "group": item.group, "form": form, "sections": sections}
    return render(request, "community/evidence/cite_figure.html", context, status=422 if form.errors else 200)


# --- partnerships that are real


@require_http_methods(ASK)
@reader_required("account")
def ask_real(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """A facilitator asks that her partnership be confirmed as real."""
    partnership, _standing = partnership_for(person(reader), code, Role.FACILITATOR)
    row = RealPartnership.objects.filter(partnership=partnership).first()
    # A copy: checking a form writes into its instance.
    form = AskForm(form_data(request), instance=RealPartnership.objects.filter(partnership=partnership).first())
    if request.method == "POST" and form.is_valid():
        services.ask_real(partnership, person(reader), **form.cleaned_data)
        messages.success(request, _("Your request has been sent. A coordinator of the group will decide."))
        return redirect("community:ask-real", partnership.code)
    context = shared(reader, partnership=partnership, row=row, form=form)
    return render(request, "community/evidence/ask_real.html", context, status=422 if form.errors else 200)


@require_http_methods(ASK)
@reader_required("account")
def real(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Coordinators confirm or decline, one partnership at a time."""
    if not reader.coordinates(understanding(reader)):
        raise PermissionDenied
    if request.method == "POST":
        row = get_object_or_404(RealPartnership, code=request.POST.get("row", ""))
        form = DecideForm(request.POST)
        if form.is_valid() and request.POST.get("decision") in ("confirm", "decline"):
            services.decide_real(
                row,
                person(reader),
                request.POST["decision"] == "confirm",
                form.cleaned_data["reason"],
                form.cleaned_data["network"],
            )
            messages.success(request, _("Saved."))
        return redirect("community:real")
    rows = RealPartnership.objects.select_related("partnership", "asked_by", "decided_by")
    waiting = rows.filter(state=RealState.ASKED, partnership__is_demo=False).order_by("asked_at")
    decided = rows.exclude(state=RealState.ASKED).order_by("-decided_at")
    context = shared(reader, waiting=waiting, page=page_of(decided, request, page_sizes.REAL_PARTNERSHIPS))
    return render(request, "community/evidence/real_partnerships.html", context)


# --- whom they stand behind


@require_http_methods(ASK)
@reader_required("account")
def stand_behind(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """Facilitators of a partnership confirm members of the groups who take part for its organisations."""
    partnership, _standing = partnership_for(person(reader), code, Role.FACILITATOR)
    members = list(sides.asking(partnership))
    if request.method == "POST":
        wanted = request.POST.get("member", "")
        chosen = next((member for member in members if str(member.pk) == wanted), None)
        if chosen is None:
            raise Http404
        sides.stand_behind(partnership, chosen, person(reader), request.POST.get("seen", ""))
        messages.success(request, _("Saved."))
        return redirect("community:stand-behind", partnership.code)
    for member in members:
        member.is_mine = any(row.by_id == person(reader).pk for row in member.confirmations.all())  # type: ignore[attr-defined]
    context = {"reader": reader, "partnership": partnership, "members": members}
    context["sides"] = sides.sides_of(partnership, person(reader))
    return render(request, "community/groups/stand_behind.html", context)
