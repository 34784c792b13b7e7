"""Consent rounds: called, opened when the words are there, answered, closed, objections resolved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.access import Reader
from community.forms.papers import AnswerForm, ResolvedForm, RoundForm, TermsForm
from community.markdown import render as rendered
from community.models import ConsentAnswer, ConsentRound, Item, Language, PolicyPaper
from community.services.papers import consent_rounds as services
from community.services.papers import editing
from community.views.decorators import child, group_membership, person, reader_required
from community.views.papers.editing import ASK, of_editors, of_rows
from partnerships.locales import listed


@require_http_methods(ASK)
@of_editors
def new(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask both sides about recommendations of a paper."""
    about = child(PolicyPaper, item)
    asks = list(about.recommendations.published().exclude(round_texts__active=True))
    first = {"about": request.GET.getlist("about")}
    form = RoundForm(request.POST or None, recommendations=asks, initial=first)
    if request.method == "POST" and form.is_valid():
        chosen = [ask for ask in asks if ask.code in form.cleaned_data["about"]]
        made = services.call(about, chosen, person(reader), form.cleaned_data["days"])
        text = _("The consent round is open. Everyone in the group has been notified.")
        messages.success(
            request, text if made.opened_at else _("The consent round will open once all translations are ready.")
        )
        return redirect(made)
    context = {"reader": reader, "group": item.group, "item": item, "form": form, "asks": asks}
    context["languages"] = listed(Language(code).name_for_reader for code in about.needed_languages())
    return render(request, "community/papers/consent_round_new.html", context, status=422 if form.errors else 200)


@require_safe
@of_rows(ConsentRound, "paper", "anybody")
def page(request: HttpRequest, reader: Reader, row: ConsentRound, item: Item) -> HttpResponse:
    """Show a round: what it waits for, the words and one's own answers, or what came of it."""
    return render(request, "community/papers/consent_round.html", round_context(reader, row, item))


def round_context(
    reader: Reader, row: ConsentRound, item: Item, bound: tuple[int, AnswerForm] | None = None
) -> dict[str, Any]:
    """Return the context of a round's page; before it is closed nothing of others' answers is in it."""
    member = reader.group_membership(item.group)
    texts = list(row.texts.select_related("recommendation", "round"))
    mine = services.own_answers(row, reader.user) if reader.user else {}
    revisions, results = services.revisions_by_text(row), services.results(texts)
    translated = services.translations([text.recommendation for text in texts])
    is_open = row.takes_answers(timezone.now())
    answering = is_open and services.may_answer(row, member)
    for text in texts:
        revision = revisions.get(text.pk)
        text.title = revision.title if revision else text.recommendation.title  # type: ignore[attr-defined]
        text.html = rendered(revision.text if revision else text.recommendation.text)  # type: ignore[attr-defined]
        text.mine, text.result = mine.get(text.pk), results.get(text.pk)  # type: ignore[attr-defined]
        text.others = others(text, translated)  # type: ignore[attr-defined]
        text.form = form_of(text, bound) if answering else None  # type: ignore[attr-defined]
    coordinates, edits = reader.coordinates(item.group), editing.may_edit(item, reader)
    return {
        "reader": reader,
        "group": item.group,
        "item": item,
        "round": row,
        "texts": texts,
        "member": member,
        "is_open": is_open,
        "answering": answering,
        "missing": [(lacking, code, Language(code).name_for_reader) for lacking, code in missing(row)],
        "edits": edits,
        "terms": TermsForm(initial={"days": row.days}) if coordinates and row.state == "waiting" else None,
        "languages": listed(Language(code).name_for_reader for code in row.paper.needed_languages()),
    }


def missing(row: ConsentRound) -> list:
    return services.missing(row) if row.state == "waiting" else []


def others(text, translated) -> list:
    """Return the translations of the words that the round is about."""
    version = text.version or text.recommendation.version
    same_version = [
        translation
        for (pk, _code), translation in translated.items()
        if pk == text.recommendation_id and translation.version == version
    ]
    for translation in same_version:
        translation.html = rendered(translation.text)
    return same_version


def form_of(text, bound: tuple[int, AnswerForm] | None) -> AnswerForm:
    if bound and bound[0] == text.pk:
        return bound[1]
    names = ("choice", "reason", "proposal", "signed")
    first = {name: getattr(text.mine, name) for name in names} if text.mine else {}
    return AnswerForm(initial=first, auto_id=f"{text.recommendation.code}_%s")


@require_POST
@of_rows(ConsentRound, "paper", "member")
def answer(request: HttpRequest, reader: Reader, row: ConsentRound, item: Item, recommendation: str) -> HttpResponse:
    """Keep this person's answer about one recommendation."""
    text = get_object_or_404(row.texts.select_related("round", "recommendation"), recommendation__code=recommendation)
    form = AnswerForm(request.POST, auto_id=f"{recommendation}_%s")
    if not form.is_valid():
        context = round_context(reader, row, item, (text.pk, form)) | {"form": form}
        return render(request, "community/papers/consent_round.html", context, status=422)
    services.save_answer(text, group_membership(reader, item.group), **form.cleaned_data)
    messages.success(request, _("Your answer has been saved. Only you can see it until the consent round closes."))
    return redirect(f"{row.get_absolute_url()}#{recommendation}")


@require_POST
@of_rows(ConsentRound, "paper", "editor")
def terms_changed(request: HttpRequest, reader: Reader, row: ConsentRound, item: Item) -> HttpResponse:
    """Set the days anew before the round opens: coordinators only."""
    if not reader.coordinates(item.group):
        raise PermissionDenied
    form = TermsForm(request.POST)
    if form.is_valid():
        services.change(row, form.cleaned_data["days"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Please enter a whole number of days, from 1 to 90."))
    return redirect(row)


@require_POST
@of_rows(ConsentRound, "paper", "editor")
def call_off(request: HttpRequest, reader: Reader, row: ConsentRound, item: Item) -> HttpResponse:
    services.call_off(row)
    messages.success(request, _("The consent round has been cancelled."))
    return redirect(item)


@require_http_methods(ASK)
@reader_required("account")
def resolve(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """Let whoever objected say that her objection is resolved, and how."""
    consent_answers = ConsentAnswer.objects.select_related("text__round__paper__group", "text__recommendation")
    objection = get_object_or_404(consent_answers, code=code, by=person(reader))
    asked = objection.text.round
    if asked.closed_at is None or not objection.stands:
        raise Http404
    form = ResolvedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.withdraw(objection, person(reader), form.cleaned_data["because"])
        messages.success(request, _("Your objection has been marked as resolved."))
        return redirect(asked)
    context = {"reader": reader, "group": asked.paper.group, "objection": objection, "round": asked, "form": form}
    return render(request, "community/papers/resolve.html", context)
