"""My assessments, a partnership's workspace, an assessment's overview, and the steps that lead from stage to stage."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from assessments.forms.followup.closing import FinalReviewForm
from assessments.guide import guides_of
from assessments.models import Assessment, Stage
from assessments.results import given_pledges
from assessments.services import todo, transitions
from assessments.services.followup import closing, planned_actions
from assessments.services.rating import progress, wanted_languages
from assessments.services.safeguards import ground_rules, pledge, side_words
from assessments.services.session import agenda
from assessments.services.setup import kept_reports
from assessments.views.checklist import LookedUp, checklist
from assessments.views.decorators import assessment_required, context
from assessments.views.pagination import list_page
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from assessments.workflow.stages import AFTER, BY_BOTH_SIDES, explained
from assessments.workflow.steps import NAMES, step_of, steps_of
from partnerships import page_sizes
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.codes import keyed_hash
from partnerships.models import Membership
from partnerships.services import needs_confirming
from partnerships.views import workspace_context
from partnerships.views.workspace import shows_archived

BEGINNING = (Stage.COLLECTING, Stage.VOTING)


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """List a person's assessments, of all her partnerships or of one stage, with her next step in each."""
    stage = asked if (asked := request.GET.get("stage", "")) in Stage.values else ""
    user, newest, stages = person(request), Assessment.objects.newest_of, [stage] if stage else []
    archived = shows_archived(request)
    listed = (
        Assessment.objects.visible_to(user).archived().select_related("partnership").order_by("-created_at", "-pk")
        if archived
        else lambda most: newest(user, most, stages).select_related("partnership")
    )
    page = list_page(listed, request, page_sizes.ASSESSMENTS)
    rows = todo.with_todos(page.rows, user)
    kept = {"archived": "yes"} if archived else {"stage": stage} if stage else {}
    more = {"stages": Stage.choices, "stage": stage, "archived": archived, "kept": urlencode(kept)}
    return render(request, "assessments/mine.html", {"rows": rows, "page": page, **more})


@require_GET
@signed_in
def workspace(request: HttpRequest, code: str) -> HttpResponse:
    """Show where each assessment of a partnership stands and what this person is to do next."""
    partnership, member = partnership_for(person(request), code)
    archived = shows_archived(request)
    listed = partnership.assessments.filter(archived_at__isnull=not archived).select_related("partnership")
    page = list_page(listed.order_by("-created_at", "-pk"), request, page_sizes.ASSESSMENTS)
    more = {
        "rows": todo.with_todos(page.rows, person(request)),
        "page": page,
        "archived": archived,
        "kept": "archived=yes" if archived else "",
        "has_archived": archived or partnership.assessments.filter(archived_at__isnull=False).exists(),
        "has_kept_reports": kept_reports.are_there(member),
    }
    return render(request, "assessments/workspace.html", {**workspace_context(partnership, member), **more})


@require_GET
@assessment_required()
def overview(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the step that an assessment is at, the next step of this person, and what moves it on."""
    ((_assessment, next_step),) = todo.with_todos([assessment], person(request))
    more = {
        "step": _step(assessment),
        "todo": next_step,
        "explained": explained(assessment),
        "moves": _moves(assessment, member, next_step),
        "both": _both(assessment, member, next_step),
        **_promised(assessment, member, next_step),
        "guides": guides_of(assessment),
        **_open_rating(assessment),
        **_agenda(assessment),
        **_wanted(assessment, member),
        "last_actions": planned_actions.of_last_time(assessment) if assessment.stage in BEGINNING else (),
    }
    return render(request, "assessments/overview.html", context(assessment, member, **more))


def _step(assessment: Assessment) -> dict:
    """Return the number and the name of the step that an assessment is at."""
    now, steps = step_of(assessment), steps_of(assessment)
    return {"number": steps[now], "of": len(steps), "name": NAMES[now]}


def _promised(assessment: Assessment, member: MemberRoles, next_step: todo.Todo) -> dict:
    """Return what was pledged, and the checklist, which says what this person may still sign or accept."""
    pledges = given_pledges.pledges_of_funders(assessment)
    accepts = actions.may(assessment, member, WorkflowAction.ACCEPT_GROUND_RULES)
    facts = LookedUp(
        signs=pledge.is_asked(pledges, member),
        decisions=next_step.facts.decisions,
        facts=next_step.facts.facts,
        undeclared=next_step.facts.undeclared,
        pledged=all(signed_or_not.state == "signed" for signed_or_not in pledges) if pledges else None,
        accepted=bool(ground_rules.ground_rules_of(assessment, member.any.user).mine) if accepts else None,
        unconfirmed=_speaks(assessment, member),
    )
    return {"given": pledges, "checklist": checklist(assessment, member, facts)}


def _moves(assessment: Assessment, member: MemberRoles, next_step: todo.Todo) -> list[dict]:
    """Return the steps to another stage that facilitators can take, besides the one of the main button."""
    if not member.is_facilitator or assessment.is_archived:
        return []
    passed_over = WorkflowAction.START_SESSION if assessment.private_ratings else WorkflowAction.OPEN_RATING
    listed = [action for action in AFTER[Stage(assessment.stage)] if action != passed_over]
    moves = [_move(assessment, action) for action in listed]
    return [move for move in moves if move["url"] != next_step.url]


def _move(assessment: Assessment, action: WorkflowAction) -> dict:
    row, texts = actions.ROW_OF[action], actions.texts_of(assessment, action)
    obstacle = row.guard(assessment) if row.guard else None
    target = ("ready", []) if row.copies_partners else ("step", [action])
    url = reverse(f"assessments:{target[0]}", args=[assessment.code, *target[1]])
    return {"title": texts.button, "url": url, "obstacle": obstacle}


def _both(assessment: Assessment, member: MemberRoles, next_step: todo.Todo) -> list[dict]:
    """Return what both sides decide together at this stage, for those who can say yes for theirs."""
    asked = [action for action in BY_BOTH_SIDES[Stage(assessment.stage)] if actions.may(assessment, member, action)]
    if not (member.is_facilitator or assessment.first_opened_at) or not side_words.may_speak(assessment, member):
        return []
    buttons = [(actions.texts_of(assessment, action).button, side_words.url_of(assessment, action)) for action in asked]
    return [{"title": title, "url": url} for title, url in buttons if url != next_step.url]


def _agenda(assessment: Assessment) -> dict:
    """Return the agenda as everybody has it, while the session is ahead."""
    row = agenda.sent(assessment) if assessment.stage == Stage.JOINT else None
    return {"agenda": row, "lines": agenda.lines_of(assessment, row.lines)} if row else {}


def _open_rating(assessment: Assessment) -> dict:
    """Return the one sentence of an open rating, and what a poll compares."""
    if assessment.stage != Stage.RATING:
        return {}
    return {"progress": (sentence := progress.sentence_of(assessment)), "version": _version(assessment, sentence)}


def _wanted(assessment: Assessment, member: MemberRoles) -> dict:
    """Return the translations that are asked for, for facilitators, who can add them."""
    if not member.is_facilitator or assessment.stage != Stage.RATING:
        return {}
    missing = wanted_languages.missing(assessment)
    return {"wanted": wanted_languages.sentence_of(missing), "wanted_first": next(iter(missing), "")}


def _version(assessment: Assessment, sentence: str) -> str:
    return keyed_hash("overview", f"{assessment.stage} {sentence}")[:16]


def _speaks(assessment: Assessment, member: MemberRoles) -> Membership | None:
    """Return the membership of a representative who has not confirmed the side, while it can be corrected."""
    membership = member.represents
    return membership if membership and assessment.stage in BEGINNING and needs_confirming(membership) else None


@require_GET
@assessment_required()
def status(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer a poll: 204 while the stage and the one sentence are what the page shows, else the whole page anew."""
    if request.GET.get("v") == _open_rating(assessment).get("version", ""):
        return HttpResponse(status=204)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
@assessment_required()
def step(request: HttpRequest, assessment: Assessment, member: MemberRoles, action: str) -> HttpResponse:
    """Ask before a step that leads to another stage, and take it."""
    row = actions.row_named(action)
    if row and row.by_both_sides and row.on_overview:
        return redirect(side_words.url_of(assessment, action))
    if row and row.copies_partners:
        return redirect("assessments:ready", assessment.code)
    if not row or not row.is_transition:
        raise Http404
    actions.require(assessment, member, row.action)
    form = _form(request, row.action)
    if request.method == "POST" and (form is None or form.is_valid()):
        assessment = transitions.apply(assessment, member, row.action, **(form.cleaned_data if form else {}))
        messages.success(request, str(actions.texts_of(assessment, row.action).done))
        return redirect(assessment)
    texts = actions.texts_of(assessment, row.action)
    more = {"words": texts, "action": request.path, "cancel_url": assessment.get_absolute_url(), "form": form}
    return render(request, "assessments/step.html", context(assessment, member, **more))


def _form(request: HttpRequest, action: WorkflowAction) -> FinalReviewForm | None:
    """Return what a step asks besides yes: the final review names the last day for replies."""
    if action != WorkflowAction.OPEN_FINAL_REVIEW:
        return None
    usual = {"due": closing.usual_day()}
    if request.method != "POST":
        return FinalReviewForm(initial=usual)
    return FinalReviewForm(request.POST if "due" in request.POST else usual)
