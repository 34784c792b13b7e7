"""Proposing, clustering, ordering and choosing decisions."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments import access, guide
from assessments.disclosure import FEWEST_VOTERS_OF_SIDE
from assessments.forms.setup.decisions import DecisionForm, OwnProposalForm, ProposalForm, WordingsForm
from assessments.models import Assessment, Decision, Stage, Vote
from assessments.services.setup import decisions, shortlist, voting
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions, guards
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.locales import language_name, listed
from partnerships.models import Role

AFTER_OPENING = (Stage.RATING, Stage.JOINT, Stage.FINAL_REVIEW)


@require_http_methods(["GET", "POST"])
@assessment_required()
def listing(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the decisions on the table, and take a proposal."""
    form = ProposalForm(request.POST or None)
    if request.method == "POST":
        actions.require(assessment, member, WorkflowAction.PROPOSE)
        if form.is_valid():
            fields = form.cleaned_data
            n = decisions.propose_many(assessment, member.any, fields["wording"], fields["topic"])
            text = ngettext(
                "Your proposal is on the list without your name.",
                "Your %(n)d proposals are on the list without your name.",
                n,
            )
            messages.success(request, text % {"n": n} if n != 1 else text)
            return redirect("assessments:decisions", assessment.code)
    listed = assessment.decisions.heads().prefetch_related("merged")
    heads = [head for head in listed if not head.left_out]
    more = {"form": form, "heads": heads, "left_out": [head for head in listed if head.left_out]}
    may_propose = actions.may(assessment, member, WorkflowAction.PROPOSE)
    more |= {"own": {head.pk for head in heads if may_propose and decisions.is_own(head, member)}}
    more |= {"many": decisions.MANY, "coverage": _coverage(assessment, member, heads)}
    more["guides"] = (guide.DECISIONS,)
    return render(request, "assessments/setup/decisions.html", context(assessment, member, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required()
def own_proposal(request: HttpRequest, assessment: Assessment, member: MemberRoles, decision: str) -> HttpResponse:
    """Let a person change or withdraw her own proposal, as long as nobody has worked on it."""
    actions.require(assessment, member, WorkflowAction.PROPOSE)
    proposal = decisions.own_proposal(assessment, member, decision)
    if proposal is None:
        raise Http404
    form = OwnProposalForm(request.POST or None, initial={"wording": proposal.wording})
    withdraws = request.POST.get("do") == "withdraw"
    if request.method == "POST" and (withdraws or form.is_valid()):
        wording = "" if withdraws else form.cleaned_data["wording"]
        if decisions.change_proposal(assessment, member, decision, wording):
            messages.success(request, _("Your proposal has been withdrawn.") if withdraws else _("Saved."))
        return redirect("assessments:decisions", assessment.code)
    more = {"form": form, "decision": proposal}
    return render(request, "assessments/setup/own_proposal.html", context(assessment, member, **more))


def _coverage(assessment: Assessment, member: MemberRoles, heads: list[Decision]) -> list[dict]:
    """Return the languages that people here read, what lacks most first, for whoever may add wordings."""
    if not heads or not actions.may(assessment, member, WorkflowAction.TRANSLATE_DECISIONS):
        return []
    rows = [row for row in decisions.coverage(assessment, heads) if row["needed"]]
    return sorted(rows, key=lambda row: row["have"])


@require_http_methods(["GET", "POST"])
@assessment_required(Role.FACILITATOR)
def edit(request: HttpRequest, assessment: Assessment, member: MemberRoles, decision: str) -> HttpResponse:
    """Reword a decision, give it a topic, put it under a look-alike or leave it out."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    shown_decision = access.decision_in(assessment, decision)
    form = DecisionForm(request.POST or None, instance=shown_decision)
    if request.method == "POST" and form.is_valid():
        gone = decisions.reword(shown_decision, form.cleaned_data["wording"], form.cleaned_data["topic"])
        if gone:
            text = _("The wording has changed, so these translations have been removed: %(languages)s.")
            messages.warning(request, text % {"languages": listed(language_name(code) for code in gone)})
        return redirect("assessments:decisions", assessment.code)
    others = assessment.decisions.active().exclude(pk=shown_decision.pk)
    more = {"form": form, "decision": shown_decision, "others": others}
    return render(request, "assessments/setup/decision.html", context(assessment, member, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def wordings(request: HttpRequest, assessment: Assessment, member: MemberRoles, language: str) -> HttpResponse:
    """Give decisions in another language, one field each; what is missing stands first in the eye."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    actions.require(assessment, member, WorkflowAction.TRANSLATE_DECISIONS)
    heads = list(assessment.decisions.active())
    data = request.POST if request.method == "POST" else None
    form = WordingsForm(data, heads=heads, language=language, fixed=assessment.stage in AFTER_OPENING)
    if request.method == "POST" and form.is_valid():
        changed = decisions.translate(assessment, language, form.texts())
        text = ngettext("%(n)d wording has been saved.", "%(n)d wordings have been saved.", changed) % {"n": changed}
        messages.success(request, text)
        return redirect("assessments:wordings", assessment.code, language)
    more = {"form": form, "coverage": decisions.coverage(assessment, heads), "language": language, "total": len(heads)}
    return render(request, "assessments/setup/wordings.html", context(assessment, member, **more))


@require_POST
@assessment_required(Role.FACILITATOR)
def move(request: HttpRequest, assessment: Assessment, member: MemberRoles, decision: str) -> HttpResponse:
    """Move a decision one place up or down."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    decisions.move(access.decision_in(assessment, decision), up=request.POST.get("to") == "up")
    return redirect("assessments:decisions", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR)
def merge(request: HttpRequest, assessment: Assessment, member: MemberRoles, decision: str) -> HttpResponse:
    """Put a decision under a look-alike."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    merged_decision = access.decision_in(assessment, decision)
    decisions.merge(merged_decision, access.decision_in(assessment, request.POST.get("into", "")))
    messages.success(request, _("The decisions have been combined. Their original wordings are kept."))
    return redirect("assessments:decisions", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR)
def unmerge(request: HttpRequest, assessment: Assessment, member: MemberRoles, decision: str) -> HttpResponse:
    """Take a decision out of its cluster."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    decisions.unmerge(access.decision_in(assessment, decision))
    return redirect("assessments:decisions", assessment.code)


@require_POST
@assessment_required(Role.FACILITATOR)
def leave_out(request: HttpRequest, assessment: Assessment, member: MemberRoles, decision: str) -> HttpResponse:
    """Leave a decision out of this assessment, or take it back in."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    decisions.leave_out(access.decision_in(assessment, decision), request.POST.get("out") == "yes")
    return redirect("assessments:decisions", assessment.code)


@require_http_methods(["GET", "POST"])
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def vote(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Choose up to five decisions."""
    actions.require(assessment, member, WorkflowAction.VOTE)
    if request.method == "POST":
        chosen = decisions.vote(assessment, member.any, request.POST.getlist("decision"))
        text = ngettext("You have chosen %(n)s decision.", "You have chosen %(n)s decisions.", chosen) % {"n": chosen}
        messages.success(request, text)
        return redirect(assessment)
    mine = set(
        Vote.objects.filter(membership=member.any, decision__assessment=assessment).values_list(
            "decision_id", flat=True
        )
    )
    more = {"heads": assessment.decisions.active(), "mine": mine, "most": Vote.MOST, "guides": (guide.VOTE,)}
    return render(request, "assessments/setup/vote.html", context(assessment, member, **more))


@require_http_methods(["GET", "POST"])
@assessment_required(Role.FACILITATOR)
def choose(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Choose which decisions go on; once a vote has ended, see how often each was chosen."""
    actions.require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    if request.method == "POST":
        decisions.keep_only(assessment, request.POST.getlist("decision"))
        messages.success(request, _("Saved. The other decisions remain on the list and are marked as left out."))
        return redirect(assessment)
    shown = shortlist.of_sides(assessment)
    more = {
        "waits": guards.vote_is_over(assessment),
        "counted": bool(assessment.vote_result),
        "rows": _choices(assessment, shown),
        "of_sides": shown,
        "fewest": FEWEST_VOTERS_OF_SIDE,
    }
    return render(request, "assessments/setup/choose.html", context(assessment, member, **more))


def _choices(assessment: Assessment, shown: list[shortlist.OfSide]) -> list[dict]:
    """Return the decisions, those chosen most first, with how often each was chosen and by which sides most."""
    counts = voting.chosen(assessment)
    rows = [
        {
            "head": head,
            "votes": counts and counts[head.pk],
            "sides": [of.side for of in shown if head.pk in of.decisions],
        }
        for head in assessment.decisions.heads()
    ]
    return sorted(rows, key=lambda row: -(row["votes"] or 0))
