"""Proposing, clustering, ordering and choosing decisions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments import access
from assessments.forms.setup import DecisionForm, ProposalForm
from assessments.models import Assessment, Vote
from assessments.services import decisions, steps
from assessments.views.doors import context, door
from partnerships.access import Standing
from partnerships.models import Role


@require_http_methods(["GET", "POST"])
@door()
def listing(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Show the decisions on the table, and take a proposal."""
    form = ProposalForm(request.POST or None)
    if request.method == "POST":
        steps.require(assessment, standing, "propose")
        if form.is_valid():
            decisions.propose(assessment, standing.any, **form.cleaned_data)
            messages.success(request, _("Your proposal is on the list, without your name."))
            return redirect("assessments:decisions", assessment.code)
    heads = assessment.decisions.heads().prefetch_related("merged")
    more = {
        "form": form,
        "heads": [head for head in heads if not head.left_out],
        "left_out": [head for head in heads if head.left_out],
        "many": decisions.MANY,
    }
    return render(request, "assessments/decisions.html", context(assessment, standing, **more))


@require_http_methods(["GET", "POST"])
@door(Role.FACILITATOR)
def edit(request: HttpRequest, assessment: Assessment, standing: Standing, decision: str) -> HttpResponse:
    """Reword a decision, give it a topic, put it under a look-alike or leave it out."""
    steps.require(assessment, standing, "arrange_decisions")
    found = access.decision_in(assessment, decision)
    form = DecisionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("assessments:decisions", assessment.code)
    others = assessment.decisions.standing().exclude(pk=found.pk)
    more = {"form": form, "decision": found, "others": others}
    return render(request, "assessments/decision.html", context(assessment, standing, **more))


@require_POST
@door(Role.FACILITATOR)
def move(request: HttpRequest, assessment: Assessment, standing: Standing, decision: str) -> HttpResponse:
    """Move a decision one place up or down."""
    steps.require(assessment, standing, "arrange_decisions")
    decisions.move(access.decision_in(assessment, decision), up=request.POST.get("to") == "up")
    return redirect("assessments:decisions", assessment.code)


@require_POST
@door(Role.FACILITATOR)
def merge(request: HttpRequest, assessment: Assessment, standing: Standing, decision: str) -> HttpResponse:
    """Put a decision under a look-alike."""
    steps.require(assessment, standing, "arrange_decisions")
    found = access.decision_in(assessment, decision)
    decisions.merge(found, access.decision_in(assessment, request.POST.get("into", "")))
    messages.success(request, _("Put together. The original words are kept."))
    return redirect("assessments:decisions", assessment.code)


@require_POST
@door(Role.FACILITATOR)
def unmerge(request: HttpRequest, assessment: Assessment, standing: Standing, decision: str) -> HttpResponse:
    """Take a decision out of its cluster."""
    steps.require(assessment, standing, "arrange_decisions")
    decisions.unmerge(access.decision_in(assessment, decision))
    return redirect("assessments:decisions", assessment.code)


@require_POST
@door(Role.FACILITATOR)
def leave_out(request: HttpRequest, assessment: Assessment, standing: Standing, decision: str) -> HttpResponse:
    """Leave a decision out of this assessment, or take it back in."""
    steps.require(assessment, standing, "arrange_decisions")
    decisions.leave_out(access.decision_in(assessment, decision), request.POST.get("out") == "yes")
    return redirect("assessments:decisions", assessment.code)


@require_http_methods(["GET", "POST"])
@door(Role.FACILITATOR, Role.REPRESENTATIVE)
def vote(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Choose up to five decisions."""
    steps.require(assessment, standing, "vote")
    if request.method == "POST":
        chosen = decisions.vote(assessment, standing.any, request.POST.getlist("decision"))
        text = ngettext("You chose %(n)s decision.", "You chose %(n)s decisions.", chosen) % {"n": chosen}
        messages.success(request, text)
        return redirect(assessment)
    mine = set(
        Vote.objects.filter(seat=standing.any, decision__assessment=assessment).values_list("decision_id", flat=True)
    )
    more = {"heads": assessment.decisions.standing(), "mine": mine, "most": Vote.MOST}
    return render(request, "assessments/vote.html", context(assessment, standing, **more))


@require_http_methods(["GET", "POST"])
@door(Role.FACILITATOR)
def choose(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """See how often each decision was chosen, and choose which ones go on."""
    steps.require(assessment, standing, "arrange_decisions")
    if request.method == "POST":
        decisions.keep_only(assessment, request.POST.getlist("decision"))
        messages.success(request, _("Saved. The others stay in the list, left out."))
        return redirect(assessment)
    more = {"tally": decisions.tally(assessment), "many": decisions.MANY}
    return render(request, "assessments/choose.html", context(assessment, standing, **more))
