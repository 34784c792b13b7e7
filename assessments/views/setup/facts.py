"""The facts of an assessment: the table for all members, the choice of facts, and each organisation's own page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.forms.setup.facts import ChooseFactsForm, read_value
from assessments.models import Assessment, AssessmentFact, Stage
from assessments.results import facts as results
from assessments.services.setup import facts as services
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, wants_fragment
from partnerships.codes import whole
from partnerships.models import Partner, Role
from partnerships.services import Refused, device_key


@require_safe
@assessment_required()
def table(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show what partners declared, as far as it is open to all members."""
    more = {"table": results.open_table(assessment), "is_held": assessment.stage == Stage.RATING}
    return render(request, "assessments/setup/facts/table.html", context(assessment, member, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def choose(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Let a facilitator switch facts on and off, and give topics to decisions without one."""
    actions.require(assessment, member, WorkflowAction.CHOOSE_FACTS)
    form = ChooseFactsForm(request.POST if request.method == "POST" else None, assessment=assessment)
    if form.is_valid():
        try:
            services.choose(
                assessment,
                member,
                form.cleaned_data["keys"],
                form.cleaned_data["money"] or "EUR",
                form.own_facts(),
                form.topics(),
            )
        except Refused as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The facts have been saved."))
            return redirect("assessments:facts", assessment.code)
    return render(
        request,
        "assessments/setup/facts/choose.html",
        context(assessment, member, form=form),
        status=422 if form.is_bound else 200,
    )


@require_safe
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def declare(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the facts of one's own organisation, or of the partner for which a facilitator enters them."""
    partner = _partner(request.GET.get("for", ""), assessment, member)
    return _page(request, assessment, member, partner)


@require_POST
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def save(request: HttpRequest, assessment: Assessment, member: MemberRoles, fact: str) -> HttpResponse:
    """Save one fact of a partner; say what is wrong with it, or show both versions of it."""
    partner = _partner(request.POST.get("for", ""), assessment, member)
    found = assessment.facts.filter(key=fact).first()
    if found is None:
        raise Http404
    typed, seen = request.POST.get("value", ""), whole(request.POST.get("seen", "")) or 0
    problem: dict[str, Any] = {"fact": found.pk, "typed": typed}
    try:
        entry = services.FactEntry(found, partner, read_value(typed, found), seen)
        (services.declare if services.is_own(partner, member) else services.enter)(assessment, member, entry)
    except ValidationError as error:
        problem["error"] = " ".join(error.messages)
    except services.FactConflict as conflict:
        problem |= {"error": str(conflict.message), "theirs": results.value_in_words(found, conflict.row.value)}
        problem |= {"version": conflict.row.version if conflict.row.pk else 0}
    else:
        return _saved(request, assessment, partner, found)
    if wants_fragment(request):
        return JsonResponse({"error": problem["error"], "conflict": "theirs" in problem}, status=422)
    return _page(request, assessment, member, partner, problem)


def _saved(request: HttpRequest, assessment: Assessment, partner: Partner, fact: AssessmentFact) -> HttpResponse:
    if wants_fragment(request):
        rows = services.own_values(assessment, partner)
        return JsonResponse({"version": rows[fact.pk].version if fact.pk in rows else 0})
    messages.success(request, _("Saved."))
    page = reverse("assessments:facts-declare", args=[assessment.code])
    return redirect(f"{page}?for={partner.code}#fact-{fact.key}")


def _partner(code: str, assessment: Assessment, member: MemberRoles) -> Partner:
    """Return the partner whose facts are asked: one's own, or for facilitators the one that they chose."""
    there = services.partners_of(assessment)
    own = next((one for one in there if services.is_own(one, member)), None)
    chosen = next((one for one in there if one.code == code), None) if code else own
    if chosen is None and not code and member.is_facilitator:
        chosen = next(iter(there), None)
    if chosen is None:
        raise Http404
    if chosen != own and not member.is_facilitator:
        raise PermissionDenied
    return chosen


def _page(
    request: HttpRequest,
    assessment: Assessment,
    member: MemberRoles,
    partner: Partner,
    problem: dict[str, Any] | None = None,
) -> HttpResponse:
    own = services.is_own(partner, member)
    rows = (services.own_values if own else services.values_for_facilitators)(assessment, partner)
    asked = [_asked(fact, rows.get(fact.pk), problem or {}) for fact in assessment.facts.all()]
    more = {
        "partner": partner,
        "own": own,
        "asked": asked,
        "there": services.partners_of(assessment) if member.is_facilitator else [],
        "can_save": actions.may(
            assessment, member, WorkflowAction.DECLARE_FACTS if own else WorkflowAction.ENTER_FACTS
        ),
        "is_held": assessment.stage == Stage.RATING,
        "device_key": device_key(member.represents) if own and member.represents else "",
    }
    return render(
        request,
        "assessments/setup/facts/declare.html",
        context(assessment, member, **more),
        status=422 if problem else 200,
    )


def _asked(fact: AssessmentFact, row: Any, problem: dict[str, Any]) -> dict[str, Any]:
    """Return a question with what is saved, and with what is wrong about what was sent."""
    wrong = problem if problem.get("fact") == fact.pk else {}
    saved = results.typed(fact, row.value) if row else ""
    return {
        "fact": fact,
        "help": results.help_of(fact),
        "unit": results.unit_of(fact),
        "row": row,
        "value": wrong.get("typed", saved),
        "shown": results.value_in_words(fact, row.value) if row else "",
        "seen": wrong.get("version", row.version if row else 0),
        "error": wrong.get("error", ""),
        "theirs": wrong.get("theirs"),
    }
