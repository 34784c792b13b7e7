"""The shared sheet of a side: open to all who represent it, live, and without anybody's name."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import access, ladder, promises
from assessments.forms import caucus as form
from assessments.models import Assessment, Decision, Participant
from assessments.results import given_pledges
from assessments.services.caucus import side_sheet
from assessments.services.caucus.side_sheet import Conflict
from assessments.services.rating import progress
from assessments.services.session.board import participants_of
from assessments.views.decorators import assessment_required, context
from assessments.views.rating import rating_pages
from assessments.workflow import actions
from partnerships.access import MemberRoles, wants_fragment
from partnerships.codes import whole
from partnerships.models import Membership, Role
from partnerships.services import Refused


@dataclass(frozen=True)
class Line:
    """One question of a decision: what stands, and, after a conflict, what this person wanted."""

    key: str
    held: side_sheet.Held
    partner: Participant | None = None
    mine: str | None = None

    @property
    def value(self) -> str:
        return form.value_of(self.held.value, self.held.version)

    @property
    def seen(self) -> str:
        return f"{self.held.version}:{self.value}"

    @property
    def said(self) -> str:
        return said(self.partner, self.value)

    @property
    def mine_said(self) -> str:
        return said(self.partner, self.mine or "")


def said(partner: Participant | None, value: str) -> str:
    """Return an answer in words."""
    if not value:
        return _("not answered yet")
    if partner is None:
        return {"yes": _("Yes, we agree"), "no": _("No, we don't agree"), "none": _("We don't know")}[value]
    return _("we don't know / not applicable") if value == "none" else f"{value} · {ladder.LEVELS[int(value)]}"


@require_safe
@never_cache
@assessment_required()
def start(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Tell what becomes of the answers; whoever represents a side goes on to its sheet."""
    if assessment.rating_closed_at and assessment.answers_by_side:
        return redirect("assessments:dashboard", assessment.code)
    _open_now(assessment)
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


def _open_now(assessment: Assessment) -> None:
    """Raise Refused unless the sides answer now."""
    if obstacle := actions.STEPS["answer_for_side"].guard(assessment):  # type: ignore[misc]
        raise Refused(obstacle)
    if assessment.stage not in actions.STEPS["answer_for_side"].stages:
        raise Refused(_("The sides do not answer now."))


def membership_of(member: MemberRoles) -> Membership:
    return cast(Membership, member.represents)


def _of_side(assessment: Assessment, side: str) -> dict:
    whole = side_sheet.complete(assessment, side)
    places = [
        {"number": one.number or 0, "wording": one.said, "done": one.number in whole}
        for one in assessment.decisions.active().order_by("number")
    ]
    participants = participants_of(assessment)
    return {
        "word": assessment.partnership.side_words()[side],
        "places": places,
        "first": next((place["number"] for place in places if not place["done"]), None),
        "alone": side_sheet.alone(participants, side),
        "colleagues": [one.name for one in participants if one.side == side],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def decision(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Ask one decision of the side; what somebody of it changes appears on the others' screens."""
    if assessment.rating_closed_at and assessment.answers_by_side and request.method != "POST":
        return redirect("assessments:dashboard", assessment.code)
    actions.require(assessment, member, "answer_for_side")
    found = access.numbered_decision(assessment, number)
    side = side_sheet.own_side(assessment, membership_of(member))
    if request.method != "POST":
        return _page(request, assessment, member, found, side)
    answers, waiting = form.read(request.POST, [one.number for one in assessment.participants.all()])
    conflicts = side_sheet.save(assessment, membership_of(member), number, answers) if answers else []
    if wants_fragment(request) or conflicts or waiting:
        return _page(request, assessment, member, found, side, conflicts + waiting)
    return rating_step(request, assessment, number)


def rating_step(request: HttpRequest, assessment: Assessment, number: int) -> HttpResponse:
    """Go on to the next decision, or back to the start after the last one."""
    following = assessment.decisions.active().filter(number__gt=number).order_by("number").first()
    if following is None or request.POST.get("go") == "all":
        return redirect("assessments:caucus", assessment.code)
    return redirect("assessments:caucus-decision", assessment.code, following.number)


@require_safe
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def state(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Answer a screen of the side that polls: 204 while its sheet is what the page shows; closed: says so."""
    if assessment.rating_closed_at and assessment.answers_by_side:
        return render(request, "assessments/caucus/_closed.html", context(assessment, member))
    actions.require(assessment, member, "answer_for_side")
    side = side_sheet.own_side(assessment, membership_of(member))
    number = whole(request.GET.get("number", ""))
    if number is None or request.GET.get("v") == side_sheet.version(assessment, side):
        return HttpResponse(status=204)
    found = access.numbered_decision(assessment, number)
    return render(request, "assessments/caucus/_region.html", _shown(assessment, member, found, side))


def _page(request, assessment, member, found: Decision, side: str, conflicts=()) -> HttpResponse:
    name = "_region" if wants_fragment(request) else "decision"
    shown = _shown(assessment, member, found, side, conflicts)
    return render(request, f"assessments/caucus/{name}.html", shown)


def _shown(assessment: Assessment, member: MemberRoles, found: Decision, side: str, conflicts=()) -> dict:
    mine = {each.participant: each for each in conflicts}
    # Read before the answers: what changes in between makes the page fetch again.
    version, held = side_sheet.version(assessment, side), side_sheet.sheet(found, side)
    lines = [
        Line(f"p{one.number}", held.levels.get(one.number, side_sheet.Held()), one, _wanted(mine.get(one.number)))
        for one in participants_of(assessment)
    ]
    shared = _of_side(assessment, side)
    numbers = [place["number"] for place in shared["places"]]
    at = numbers.index(found.number or 0)
    return context(
        assessment,
        member,
        decision=found,
        side=side,
        version=version,
        lines=lines,
        agreement=Line(form.AGREEMENT, held.agreement, None, _wanted(mine.get(None))),
        options=rating_pages.options(),
        before=numbers[at - 1] if at else None,
        after=numbers[at + 1] if at + 1 < len(numbers) else None,
        at=at + 1,
        **shared,
    )


def _wanted(conflict: Conflict | None) -> str | None:
    return form.value_of(conflict.wanted, 1) if conflict else None
