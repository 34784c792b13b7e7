"""Measures: the inventory, one measure with its steps, and the way to and from the actions of assessments."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Action, Topic
from community.access import Reader
from community.evidence import presenters
from community.forms.measures import MaturityForm, StepForm, TrialForm
from community.kinds import may_edit
from community.markdown import render as render_text
from community.models import EvidenceKind, GroupKind, Item, ItemKind, Maturity, MaturityDecision, Measure, State, Step
from community.services import findings
from community.services.measures import adoptions, inventory, maturity_decisions, steps, trials
from community.services.papers import consent_rounds, editing, grounds
from community.services.search import excerpts
from community.views.decorators import child, item_required, outside, person, reader_required, writer
from community.views.filters import FilterChoice, by_factor, by_topic
from community.views.item_pages import (
    item_page,
    known_handles,
    reading_language,
)
from community.views.pagination import page_of, without_page
from community.views.writing import ASK, form_page, wish
from partnerships import page_sizes
from partnerships.access import person as anybody
from partnerships.access import signed_in, wants_fragment

FILTERS = ("q", "domain", "topic", "factor", "maturity", "tag")


@require_safe
@reader_required("anybody")
def listing(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Find a measure: by words (?q=), by a domain or topic, by factor and maturity, for an action (?action=)."""
    group = reader.groups[list(GroupKind).index(GroupKind.MEASURES)]
    if not reader.may_read(group):
        return outside(request)
    wanted = inventory.Wanted(**{name: request.GET.get(name, "").strip()[:200] for name in FILTERS})
    page = page_of(inventory.with_cards(inventory.find(wanted, reader)), request, page_sizes.TEXTS)
    chosen = chosen_for(request, reader)
    context = {
        "reader": reader,
        "group": group,
        "group_membership": reader.group_membership(group),
        "page": page,
        "cards": cards(list(page.object_list), wanted.q),
        "wanted": wanted,
        "any_filter": any(vars(wanted).values()),
        "more_open": bool(wanted.factor or wanted.maturity or wanted.tag or wanted.topic),
        "query": without_page(request),
        "domains": [(name, label) for name, (label, _topics) in inventory.DOMAINS.items()],
        "choices": [
            by_topic(wanted.topic),
            by_factor(_("Any factor of inequality"), findings.factors(), wanted.factor),
            FilterChoice(
                "maturity",
                _("Maturity level"),
                _("Any maturity (how well tested)"),
                Maturity.choices,
                wanted.maturity,
            ),
        ],
        **chosen,
    }
    return render(request, "community/measures/list.html", context)


def cards(measures: list[Measure], q: str) -> list[dict[str, Any]]:
    """Return what a card shows of each measure, in the reader's language where there is a translation."""
    translations = consent_rounds.translations(measures)
    shown, steps = excerpts(measures, q), adoptions.steps_of_five()
    language = reading_language()
    return [
        {
            "measure": measure,
            "title": translations.get((measure.pk, language), measure),
            "excerpt": shown.get(measure.pk, ""),
            "partnerships": steps.get(measure.code),
        }
        for measure in measures
    ]


def chosen_for(request: HttpRequest, reader: Reader, measure: Measure | None = None) -> dict[str, Any]:
    """Return the action that a measure is chosen for (?action=), where this reader may adopt for it."""
    action_and_member = adoptions.action_for(reader.user, request.GET.get("action", "")[:12])
    if action_and_member is None or not adoptions.may_adopt(*action_and_member):
        return {"action": None}
    action = action_and_member[0]
    taken = measure is not None and measure.adoptions.filter(action=action).exists()
    return {"action": action, "action_url": adoptions.address(action), "adopted": taken}


@require_safe
@item_required("anybody")
def measure(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Show a measure: its steps, where it was tried, how far it has come, and what it costs whom."""
    measure = child(Measure, item)
    context = item_page(request, reader, measure)
    may_edit_it = context["may"]["edit"]
    editing_now = may_edit_it and request.GET.get("edit") == "1"
    context["may"] |= {"edit": editing_now, "attach": editing_now and context["may"]["attach"]}
    decisions = measure.maturity_decisions.filter(dropped_at=None).select_related("by", "evidence__case")
    decisions = list(decisions.prefetch_related("signatures__user"))
    waiting = next((decision for decision in decisions if decision.is_open), None)
    context |= {
        "may_edit": may_edit_it,
        "editing": editing_now,
        "factors": measure.factors.all(),
        "topics": [(topic, Topic(topic).label) for topic in measure.topics if topic in Topic.values],
        "steps": with_html(steps.steps_of(measure)),
        "taken_out": steps.taken_out(measure, reader.user) if context["may"]["edit"] else [],
        "trials": trials.trials_of(measure),
        "cases": [
            row for row in context["evidence"] if row.kind == EvidenceKind.CASE_STUDY and row.shown and not row.against
        ],
        "decisions": [decision for decision in decisions if decision.taken_at],
        "waiting": waiting,
        "may_sign": waiting is not None and maturity_decisions.may_sign(waiting, context["group_membership"]),
        "may_drop": waiting is not None and reader.user is not None and may_drop(waiting, reader, item),
        "partnerships": adoptions.steps_of_five().get(measure.code),
        "after": presenters.after(adoptions.shift_after(measure)),
        "became": grounds.became_of(measure, reader),
        **chosen_for(request, reader, measure),
    }
    return render(request, "community/measures/measure.html", context)


# --- steps


def with_html(steps: list[Step]) -> list[Step]:
    handles = known_handles([step.text for step in steps])
    for step in steps:
        step.html = render_text(step.text, handles)  # type: ignore[attr-defined]
    return steps


@require_http_methods(ASK)
@item_required("member")
def add_step(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Add a step at the end."""
    measure = to_change(item, reader)
    form = StepForm(request.POST or None, initial={"language": reading_language()})
    if request.method == "POST" and form.is_valid() and wish(request) != "preview":
        with transaction.atomic():
            made = steps.add_step(measure, writer(reader, item.group), form.content(), form.cleaned_data["mutation"])
            form.apply(made)
        messages.success(request, _("Saved."))
        return redirect(made)
    return form_page(request, reader, item.group, form, ItemKind.STEP, about=item)


@require_POST
@item_required("member")
def change_step(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Move a step up or down, or take it out."""
    step = child(Step, item)
    measure = to_change(step.whole, reader)
    if step.state != State.PUBLISHED:
        raise Http404
    if request.POST.get("do") == "out":
        steps.take_out(measure, step)
        messages.success(request, _("The step has been removed. Its author still has it as a draft."))
        return redirect(measure)
    steps.move_step(measure, step, -1 if request.POST.get("do") == "up" else 1)
    return redirect(f"{measure.get_absolute_url()}#{step.code}")


def to_change(item: Item, reader: Reader) -> Measure:
    measure = child(Measure, item)
    if not may_edit(item, reader):
        raise PermissionDenied
    return measure


# --- where it was tried


@require_http_methods(ASK)
@item_required("member")
def add_trial(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Say by whom it was tried, and which public source tells of it."""
    measure = to_change(item, reader)
    form = TrialForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        trials.add_trial(measure, person(reader), **form.cleaned_data)
        messages.success(request, _("The example has been added."))
        return redirect(measure)
    context = {"reader": reader, "item": measure, "group": measure.group, "form": form}
    context["has_sources"] = bool(trials.sources_of(measure))
    return render(request, "community/measures/trial.html", context)


@require_POST
@item_required("member")
def remove_trial(request: HttpRequest, reader: Reader, item: Item, trial: str) -> HttpResponse:
    """Take it back: whoever added it, and coordinators."""
    shown_trial = get_object_or_404(child(Measure, item).trials, code=trial)
    if shown_trial.by != reader.user and not reader.coordinates(item.group):
        raise PermissionDenied
    shown_trial.delete()
    messages.success(request, _("The example has been removed."))
    return redirect(item)


# --- maturity


@require_http_methods(ASK)
@item_required("member")
def maturity(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask both sides to decide how far a measure has come."""
    measure = child(Measure, item)
    form = MaturityForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        maturity_decisions.propose(measure, writer(reader, item.group), **form.cleaned_data)
        messages.success(request, _("The new maturity level will apply once the other side has also signed."))
        return redirect(measure)
    context = {"reader": reader, "item": measure, "group": measure.group, "form": form}
    return render(request, "community/measures/maturity.html", context)


@require_POST
@item_required("member")
def decide(request: HttpRequest, reader: Reader, item: Item, decision: str) -> HttpResponse:
    """Sign an open decision for one's side, or drop it."""
    maturity_decision = get_object_or_404(child(Measure, item).maturity_decisions, code=decision)
    if request.POST.get("do") == "drop":
        maturity_decisions.drop(maturity_decision, person(reader), coordinates=reader.coordinates(item.group))
        messages.success(request, _("The request has been cancelled."))
        return redirect(item)
    taken = maturity_decisions.sign(maturity_decision, writer(reader, item.group)).taken_at
    messages.success(request, _("Both sides have signed.") if taken else _("You have signed for your side."))
    return redirect(item)


def may_drop(decision: MaturityDecision, reader: Reader, item: Item) -> bool:
    return reader.takes_part(item.group) and (decision.by_id == reader.user.pk or reader.coordinates(item.group))  # type: ignore[union-attr]


# --- to and from the actions of assessments


@require_POST
@item_required("account")
def adopt(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Adopt a measure for an action, or give it up, and go back to the action."""
    measure = child(Measure, item)
    action = action_to_adopt(request, reader)
    if request.POST.get("do") == "give-up":
        adoptions.give_up(measure, action)
        messages.success(request, _("Your action no longer uses this measure."))
    else:
        adoptions.adopt(measure, action, person(reader))
        messages.success(request, _("Your action now uses this measure."))
    return redirect(adoptions.address(action))


def action_to_adopt(request: HttpRequest, reader: Reader) -> Action:
    action_and_member = adoptions.action_for(reader.user, request.POST.get("action", "")[:12])
    if action_and_member is None:
        raise Http404
    if not adoptions.may_adopt(*action_and_member):
        raise PermissionDenied
    return action_and_member[0]


@require_safe
@item_required("account")
def use(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask for which planned action a measure is used."""
    measure = child(Measure, item)
    if not measure.is_published:
        raise Http404
    context = {"reader": reader, "item": measure, "group": measure.group}
    context["actions"] = adoptions.actions_to_adopt(person(reader))
    return render(request, "community/measures/use.html", context)


@require_safe
@item_required("account")
def recommend(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Ask in which paper a measure becomes a recommendation."""
    measure = child(Measure, item)
    if not measure.is_published:
        raise Http404
    context = {"reader": reader, "item": measure, "group": measure.group}
    context["change"] = reader.groups[list(GroupKind).index(GroupKind.CHANGE)]
    context["takes_part"] = reader.takes_part(context["change"])
    context["papers"] = editing.editable_papers(reader)
    return render(request, "community/measures/recommend.html", context)


@require_safe
@signed_in
def adopted(request: HttpRequest) -> HttpResponse:
    """Show which measures an action adopts, to its partnership: as a page, or as a part of the action's page."""
    action_and_member = adoptions.action_for(anybody(request), request.GET.get("action", "")[:12])
    if action_and_member is None:
        raise Http404
    action, member = action_and_member
    context = {
        "action": action,
        "action_url": adoptions.address(action),
        "measures": adoptions.adopted(action),
        "may_adopt": adoptions.may_adopt(action, member) and not anybody(request).is_guest,
        "may_read": not anybody(request).is_guest,
    }
    name = "_adopted" if wants_fragment(request) else "adopted"
    return render(request, f"community/measures/{name}.html", context)
