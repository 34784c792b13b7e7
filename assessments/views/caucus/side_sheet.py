"""The shared sheet of a side: all its representatives answer it together, and no name is stored."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import access, ladder, promises
from assessments.forms.caucus import side_sheet as form
from assessments.models import Assessment, Decision, Participant
from assessments.results import given_pledges
from assessments.services.caucus import side_sheet
from assessments.services.caucus.side_sheet import SideConflict
from assessments.services.rating import progress
from assessments.views.decorators import assessment_required, context
from assessments.views.rating import rating_pages
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, wants_fragment
from partnerships.codes import whole
from partnerships.models import Membership, Role
from partnerships.services import Refused


@dataclass(frozen=True)
class QuestionLine:
    """One question of a decision: the side's answer, and, after a conflict, the answer that this person wanted."""

    key: str
    stored: side_sheet.SideAnswer
    partner: Participant | None = None
    mine: str | None = None

    @property
    def value(self) -> str:
        return form.value_of(self.stored.value, self.stored.version)

    @property
    def seen(self) -> str:
        return f"{self.stored.version}:{self.value}"

    @property
    def answer_text(self) -> str:
        return answer_text(self.partner, self.value)

    @property
    def wanted_text(self) -> str:
        return answer_text(self.partner, self.mine or "")


def answer_text(partner: Participant | None, value: str) -> str:
    """Return an answer in words."""
    if not value:
        return _("not answered yet")
    if partner is None:
        return {"yes": _("Yes, we agree"), "no": _("No, we do not agree"), "none": _("We do not know")}[value]
    return _("we do not know / not applicable") if value == "none" else f"{value} · {ladder.LEVELS[int(value)]}"


@require_safe
@never_cache
@assessment_required()
def start(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Explain what happens to the answers, and link representatives to the sheet of their side."""
    if assessment.rating_closed_at and assessment.answers_by_side:
        return redirect("assessments:dashboard", assessment.code)
    _require_open(assessment)
    side = side_sheet.side_of(assessment, member)
    shared = context(
        assessment,
        member,
        side=side,
        progress=progress.sentence_of(assessment),
        promise=promises.promise("caucus"),
        under_each=promises.under_each("caucus"),
        pledge=given_pledges.lines(assessment),
    )
    if side:
        shared |= _of_side(assessment, side)
    return render(request, "assessments/caucus/start.html", shared)


def _require_open(assessment: Assessment) -> None:
    """Raise Refused unless the sides answer now."""
    if obstacle := actions.ROW_OF[WorkflowAction.ANSWER_FOR_SIDE].guard(assessment):  # type: ignore[misc]
        raise Refused(obstacle)
    if assessment.stage not in actions.ROW_OF[WorkflowAction.ANSWER_FOR_SIDE].stages:
        raise Refused(_("The sides cannot answer now."))


def membership_of(member: MemberRoles) -> Membership:
    return cast(Membership, member.represents)


def _of_side(assessment: Assessment, side: str) -> dict:
    complete_numbers = side_sheet.complete(assessment, side)
    places = [
        {
            "number": decision.number or 0,
            "wording": decision.wording_for_reader,
            "done": decision.number in complete_numbers,
        }
        for decision in assessment.decisions.active().order_by("number")
    ]
    participants = list(assessment.participants.in_order())
    return {
        "word": assessment.partnership.side_words()[side],
        "places": places,
        "first": next((place["number"] for place in places if not place["done"]), None),
        "alone": side_sheet.alone(participants, side),
        "colleagues": [partner.name for partner in participants if partner.side == side],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def decision(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Show one decision's questions to a side, and save what a person changed. The others' screens follow."""
    if assessment.rating_closed_at and assessment.answers_by_side and request.method != "POST":
        return redirect("assessments:dashboard", assessment.code)
    actions.require(assessment, member, WorkflowAction.ANSWER_FOR_SIDE)
    decision = access.numbered_decision(assessment, number)
    side = side_sheet.own_side(assessment, membership_of(member))
    if request.method != "POST":
        return _page(request, assessment, member, decision, side)
    answers, waiting = form.parse_answers(
        request.POST, [participant.number for participant in assessment.participants.all()]
    )
    conflicts = side_sheet.save(assessment, membership_of(member), number, answers) if answers else []
    if wants_fragment(request) or conflicts or waiting:
        return _page(request, assessment, member, decision, side, conflicts + waiting)
    return redirect_onwards(request, assessment, number)


def redirect_onwards(request: HttpRequest, assessment: Assessment, number: int) -> HttpResponse:
    """Go on to the next decision, or back to the start after the last one."""
    following = assessment.decisions.active().filter(number__gt=number).order_by("number").first()
    if following is None or request.POST.get("go") == "all":
        return redirect("assessments:caucus", assessment.code)
    return redirect("assessments:caucus-decision", assessment.code, following.number)


@require_safe
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer a page that polls: 204 while nothing changed, else the questions anew, or that rating is closed."""
    if assessment.rating_closed_at and assessment.answers_by_side:
        return render(request, "assessments/caucus/_closed.html", context(assessment, member))
    actions.require(assessment, member, WorkflowAction.ANSWER_FOR_SIDE)
    side = side_sheet.own_side(assessment, membership_of(member))
    number = whole(request.GET.get("number", ""))
    if number is None or request.GET.get("v") == side_sheet.version(assessment, side):
        return HttpResponse(status=204)
    decision = access.numbered_decision(assessment, number)
    return render(request, "assessments/caucus/_region.html", _shown(assessment, member, decision, side))


def _page(request, assessment, member, decision: Decision, side: str, conflicts=()) -> HttpResponse:
    name = "_region" if wants_fragment(request) else "decision"
    page_context = _shown(assessment, member, decision, side, conflicts)
    return render(request, f"assessments/caucus/{name}.html", page_context)


def _shown(assessment: Assessment, member: MemberRoles, decision: Decision, side: str, conflicts=()) -> dict:
    mine = {conflict.participant: conflict for conflict in conflicts}
    # Read before the answers: what changes in between makes the page fetch again.
    version, sheet = side_sheet.version(assessment, side), side_sheet.sheet(decision, side)
    lines = [_level_line(partner, sheet, mine.get(partner.number)) for partner in assessment.participants.in_order()]
    shared = _of_side(assessment, side)
    numbers = [place["number"] for place in shared["places"]]
    at = numbers.index(decision.number or 0)
    return context(
        assessment,
        member,
        decision=decision,
        side=side,
        version=version,
        lines=lines,
        agreement=QuestionLine(form.AGREEMENT, sheet.agreement, None, _wanted(mine.get(None))),
        options=rating_pages.options(),
        before=numbers[at - 1] if at else None,
        after=numbers[at + 1] if at + 1 < len(numbers) else None,
        at=at + 1,
        **shared,
    )


def _level_line(partner: Participant, sheet: side_sheet.SideSheet, conflict: SideConflict | None) -> QuestionLine:
    stored = sheet.levels.get(partner.number, side_sheet.SideAnswer())
    return QuestionLine(f"p{partner.number}", stored, partner, _wanted(conflict))


def _wanted(conflict: SideConflict | None) -> str | None:
    return form.value_of(conflict.wanted, 1) if conflict else None
